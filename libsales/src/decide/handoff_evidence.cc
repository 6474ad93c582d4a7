#include "src/decide/handoff_evidence.h"

#include <algorithm>
#include <cstddef>
#include <variant>

#include "sales/limits.h"
#include "src/decide/bounds.h"
#include "src/decide/errors.h"
#include "src/decide/handoff.h"
#include "src/decide/identity.h"

namespace sales {
namespace {

std::string At(const std::string& path, size_t index) {
  return path + "[" + std::to_string(index) + "]";
}

bool IsBlank(const std::string& text) {
  return text.find_first_not_of(" \t\r\n") == std::string::npos;
}

// The evidence of one step, and the path at which the command has it.
class Evidence {
 public:
  Evidence(HandoffStep step, std::string path) : step_(step), path_(std::move(path)) {}

  std::string Path(const char* field) const { return path_ + "." + field; }

  absl::Status Missing(const std::string& path, const char* description) const {
    return WithMetadata(FieldError(Reason::kHandoffEvidenceRequired, path, description), "step",
                        HandoffStepName(step_));
  }

  absl::Status Text(const std::string& path, const std::string& text, int bytes_max,
                    const char* description) const {
    if (IsBlank(text)) return Missing(path, description);
    return CheckText(path, text, bytes_max);
  }

  absl::Status Uri(const std::string& path, const std::string& uri) const {
    SALES_RETURN_IF_ERROR(Text(path, uri, limits::link_bytes_max, "needs an address"));
    for (const std::string_view scheme : {"https://", "http://"}) {
      if (uri.size() > scheme.size() && uri.compare(0, scheme.size(), scheme) == 0 &&
          uri.find_first_of(std::string_view(" \t\r\n\"<>\\`{}|^")) == std::string::npos) {
        return absl::OkStatus();
      }
    }
    return FieldError(Reason::kFieldInvalid, path,
                      "is not an address that begins with https:// or http://, without spaces");
  }

  absl::Status Participants(const char* field, const std::vector<Participant>& people) const {
    const std::string list = Path(field);
    if (people.empty()) return Missing(list, "needs at least one person");
    SALES_RETURN_IF_ERROR(CheckList(list, people.size(), limits::participants_max));
    for (size_t i = 0; i < people.size(); ++i) {
      SALES_RETURN_IF_ERROR(Person(At(list, i), people[i]));
    }
    return absl::OkStatus();
  }

  absl::Status Links(const char* field, const std::vector<Link>& links) const {
    const std::string list = Path(field);
    SALES_RETURN_IF_ERROR(CheckList(list, links.size(), limits::links_max));
    for (size_t i = 0; i < links.size(); ++i) {
      SALES_RETURN_IF_ERROR(Text(At(list, i) + ".title", links[i].title,
                                 limits::display_name_bytes_max, "needs a title"));
      SALES_RETURN_IF_ERROR(Uri(At(list, i) + ".uri", links[i].uri));
    }
    return absl::OkStatus();
  }

 private:
  absl::Status Person(const std::string& path, const Participant& person) const {
    SALES_RETURN_IF_ERROR(Text(path + ".display_name", person.display_name,
                               limits::display_name_bytes_max, "needs a name"));
    SALES_RETURN_IF_ERROR(CheckText(path + ".email", person.email, limits::identity_bytes_max));
    SALES_RETURN_IF_ERROR(CheckText(path + ".phone", person.phone, limits::identity_bytes_max));
    SALES_RETURN_IF_ERROR(CheckText(path + ".role", person.role, limits::display_name_bytes_max));
    if (person.email.empty() || NormalizeIdentity(Email(person.email), "").usable) {
      return absl::OkStatus();
    }
    return FieldError(Reason::kFieldInvalid, path + ".email", "is not an e-mail address");
  }

  const HandoffStep step_;
  const std::string path_;
};

absl::Status Check(const std::monostate&) {
  return FieldError(Reason::kHandoffEvidenceRequired, "evidence",
                    "is needed: a step is completed by giving its evidence");
}

absl::Status Check(const Introduction& introduction) {
  const Evidence evidence(HandoffStep::kIntroduction, "introduction");
  const std::string time = evidence.Path("meet_time");
  if (introduction.meet_time == absl::Time()) return evidence.Missing(time, "needs a time");
  SALES_RETURN_IF_ERROR(CheckTime(time, introduction.meet_time));
  if (introduction.duration < absl::ZeroDuration() ||
      introduction.duration > absl::Hours(limits::meeting_hours_max)) {
    return WithMetadata(FieldError(Reason::kFieldInvalid, evidence.Path("duration"),
                                   "is not from nothing to a week"),
                        "max", std::to_string(limits::meeting_hours_max) + "h");
  }
  SALES_RETURN_IF_ERROR(evidence.Text(evidence.Path("place"), introduction.place,
                                      limits::link_bytes_max, "needs an address or a link"));
  SALES_RETURN_IF_ERROR(
      evidence.Participants("client_participants", introduction.client_participants));
  return evidence.Participants("studio_participants", introduction.studio_participants);
}

absl::Status Check(const ProjectPrepared& prepared) {
  const Evidence evidence(HandoffStep::kProjectPrepared, "project_prepared");
  SALES_RETURN_IF_ERROR(evidence.Text(evidence.Path("planner"), prepared.planner,
                                      limits::display_name_bytes_max, "needs the task planner"));
  SALES_RETURN_IF_ERROR(evidence.Uri(evidence.Path("project_link"), prepared.project_link));
  const std::string members = evidence.Path("members");
  if (prepared.members.empty()) return evidence.Missing(members, "needs somebody who was invited");
  return CheckMembers(members, prepared.members);
}

absl::Status Check(const MaterialsShared& shared) {
  const Evidence evidence(HandoffStep::kMaterialsShared, "materials_shared");
  SALES_RETURN_IF_ERROR(evidence.Links("documents", shared.documents));
  SALES_RETURN_IF_ERROR(evidence.Links("requirements", shared.requirements));
  SALES_RETURN_IF_ERROR(evidence.Links("access", shared.access));
  if (!shared.documents.empty() || !shared.requirements.empty() || !shared.access.empty()) {
    return absl::OkStatus();
  }
  return evidence.Missing("materials_shared", "needs a link to what is shared");
}

absl::Status Check(const Briefing& briefing) {
  const Evidence evidence(HandoffStep::kBriefed, "briefing");
  const std::string manager = evidence.Path("manager");
  if (briefing.manager.empty()) return evidence.Missing(manager, "needs who takes it over");
  SALES_RETURN_IF_ERROR(CheckId(manager, briefing.manager));
  return evidence.Text(evidence.Path("text"), briefing.text, limits::text_bytes_max,
                       "needs what the manager is to know");
}

}  // namespace

absl::Status CheckEvidence(const CompleteHandoffStep& command) {
  return std::visit([](const auto& evidence) { return Check(evidence); }, command.evidence);
}

absl::Status CheckMembers(std::string_view field, const std::vector<std::string>& members) {
  SALES_RETURN_IF_ERROR(CheckList(field, members.size(), limits::members_max));
  for (size_t i = 0; i < members.size(); ++i) {
    SALES_RETURN_IF_ERROR(CheckId(At(std::string(field), i), members[i]));
  }
  return absl::OkStatus();
}

std::vector<std::string> SortedIds(std::vector<std::string> ids) {
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  return ids;
}

}  // namespace sales
