#include "clients/cli/src/token_verbs.h"

#include "clients/cli/src/verb_flags.h"

namespace salesctl {

std::vector<Verb> TokenVerbs() {
  return {
      {"token",
       "create",
       "WorkspaceService.CreateToken",
       "Make a token; its secret is shown this once.",
       {{"--role", "token.role", Form::kEnum, "What the holder may do.", kRequired},
        {"--for", "token.actor", Form::kText, "In whose name it is used; a seller's id.",
         kRequired},
        {"--expire", "token.expire_time", Form::kTime, "When it ends; default: in 90 days."},
        {"--id", "token_id", Form::kText, "The token's id; default: a new one."},
        {"--request-id", "request_id", Form::kText, "Makes a repeated call happen once."}}},
      {"token",
       "get",
       "WorkspaceService.GetToken",
       "Show a token, without its secret.",
       {{"TOKEN", "name", Form::kToken, "Which token.", kRequired}}},
      {"token", "list", "WorkspaceService.ListTokens", "List tokens.", Listing({})},
      {"token",
       "revoke",
       "WorkspaceService.DeleteToken",
       "End a token at once and for good.",
       {{"TOKEN", "name", Form::kToken, "Which token.", kRequired},
        {"--request-id", "request_id", Form::kText, "Makes a repeated call happen once."}}},
  };
}

}  // namespace salesctl
