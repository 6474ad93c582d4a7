// The verbs that are more than one call, or whose words are more than fields.
#ifndef SALES_CLIENTS_CLI_SRC_COMMANDS_H_
#define SALES_CLIENTS_CLI_SRC_COMMANDS_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "clients/cli/src/failure.h"
#include "clients/cli/src/session.h"
#include "clients/cli/src/verbs.h"

namespace salesctl {

// The words given for each flag of a verb, in the order of its flags; unset for those not given.
using GivenWords = std::vector<std::optional<std::vector<std::string>>>;

// Makes the one call that the verb is. `all`: fetches every page of a list.
Done RunVerb(const Verb& verb, const GivenWords& given, bool all, Session& session);

// Writes everything kept about a contact to `file`, or prints it if that is empty.
Done ExportContact(const std::string& contact, const std::string& file, Session& session);

// `file` holds a BatchCaptureLeadsRequest as proto3 JSON, or a list of its requests.
Done BatchCapture(const std::string& file, const std::string& request_id, Session& session);

// Writes the pack's parts into `folder`: brief.md, contacts.vcf, invitation.ics, pack.json; parts
// that are empty are left out. Without a folder it prints the brief, or all as JSON.
Done ExportPack(const std::string& handoff, const std::string& folder, Session& session);

Done ValidatePolicy(const std::string& file, const std::string& funnel, Session& session);
// `mapping`: for removed stages, "old=new".
Done ActivatePolicy(const std::string& file, const std::string& funnel,
                    const std::vector<std::string>& mapping, Session& session);

struct SimulateOptions {
  std::string file;
  std::string funnel;
  std::string from;
  std::string to;
  int64_t as_of_revision = 0;
};
Done SimulatePolicy(const SimulateOptions& options, Session& session);

struct WatchOptions {
  int64_t after_revision = 0;
  std::vector<std::string> types;
  std::string lead;
  // How many events to print before ending; 0: go on until interrupted.
  int64_t count = 0;
};
// Prints events as they are recorded. Resumes after a lost connection where it was.
Done WatchEvents(const WatchOptions& options, Session& session);

// Makes the workspace's tallies anew, and says how far it is.
Done RebuildTallies(Session& session);

}  // namespace salesctl

#endif  // SALES_CLIENTS_CLI_SRC_COMMANDS_H_
