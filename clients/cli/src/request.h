// From the words of a command line to the fields of a request.
#ifndef SALES_CLIENTS_CLI_SRC_REQUEST_H_
#define SALES_CLIENTS_CLI_SRC_REQUEST_H_

#include <functional>
#include <string>
#include <vector>

#include "clients/cli/src/failure.h"
#include "google/protobuf/message.h"

namespace salesctl {

// How a word is read.
enum class Form {
  kText,
  kInteger,
  // From 0 to 1: "0.8", "80%".
  kShare,
  // A flag without a word.
  kYes,
  // "yes" or "no".
  kBool,
  // A value of the field's enum, in lower case: "call", "lead-moved".
  kEnum,
  // RFC 3339.
  kTime,
  // "90s", "1h30m".
  kDuration,
  // "1200.50" in the workspace's currency, or "1200.50 EUR".
  kMoney,
  // "key=value".
  kAttribute,
  // What attributes leads may have: "key:type # Title", "key:enum=one,other".
  kAttributeDefinition,
  // Hours of a calendar's week, and its exceptions; see hours.h.
  kWeekHours,
  kException,
  // The content of the file that the word names; and a message that it holds as JSON.
  kFile,
  kMessageFile,
  // Who takes part: "NAME <EMAIL>, ROLE, PHONE"; all but the name may be left out.
  kParticipant,
  // "TITLE=ADDRESS".
  kLink,
  // "14/month", "3/2weeks".
  kIntake,
  // A field of the resource that is to change.
  kMask,
  // Identities: the value; "service:handle" or a handle; "source:id".
  kEmail,
  kPhone,
  kMessenger,
  kExternal,
  // Ids inside the workspace, or whole resource names.
  kWorkspace,
  kContact,
  kLead,
  kChannel,
  // "channel/campaign".
  kCampaign,
  kChannelOrCampaign,
  kSeller,
  kTeam,
  kFunnel,
  kCalendar,
  // "seller/day".
  kAbsence,
  // "lead/number".
  kPlannedActivity,
  kHandoff,
  kProject,
  kPlan,
  kToken,
  kWebhook,
  // An id, of the lead that the request is about.
  kActivity,
};

// One option or positional word of a verb.
struct Flag {
  // "--need"; a positional word in capitals: "LEAD".
  const char* spelling;
  // The request's field that it fills: "lead.need".
  const char* field;
  Form form;
  const char* help;
  bool required = false;
};

struct RequestScope {
  std::string workspace;
  // The workspace's currency, asked for when an amount comes without one.
  std::function<Result<std::string>()> currency;
};

bool IsPositional(const Flag& flag);

// Whether the flag may be given several times.
bool IsRepeated(const Flag& flag, const google::protobuf::Descriptor& request);

// The words that fit a flag of form kEnum.
std::vector<std::string> EnumWords(const Flag& flag, const google::protobuf::Descriptor& request);

// Fills the flag's field.
Done Fill(const Flag& flag, const std::vector<std::string>& words, const RequestScope& scope,
          google::protobuf::Message& request);

// Names the workspace in `parent`, or in `name` where the request is about the workspace itself,
// unless they are filled.
Done FillParent(const RequestScope& scope, google::protobuf::Message& request);

// An enum value's word: LEAD_STATE_WON is "won".
std::string EnumWord(const google::protobuf::EnumValueDescriptor& value);

}  // namespace salesctl

#endif  // SALES_CLIENTS_CLI_SRC_REQUEST_H_
