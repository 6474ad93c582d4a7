#include "service/src/auth/certificates.h"

#include <utility>

#include "service/src/auth/claims.h"
#include "service/src/result.h"
#include "yaml-cpp/yaml.h"

namespace sales::service {
namespace {

std::vector<std::string> WorkspacesOf(const YAML::Node& node) {
  if (node.IsScalar()) return {node.as<std::string>()};
  return node.as<std::vector<std::string>>();
}

}  // namespace

Certificates::Certificates(const std::string& path, Log& log)
    : log_(log), file_("--identities-file", path) {}

absl::StatusOr<std::unique_ptr<Certificates>> Certificates::Load(const std::string& path,
                                                                 Log& log) {
  std::unique_ptr<Certificates> certificates(new Certificates(path, log));
  ASSIGN_OR_RETURN(const std::string text, certificates->file_.Read());
  ASSIGN_OR_RETURN(certificates->principals_, certificates->Parse(text));
  return certificates;
}

absl::StatusOr<Certificates::Principals> Certificates::Parse(const std::string& text) const {
  Principals principals;
  // yaml-cpp tells of what it cannot read by exceptions only.
  try {
    const YAML::Node root = YAML::Load(text);
    if (!root.IsMap()) return file_.Fault("maps no names of certificates to identities");
    for (const auto& entry : root) {
      const auto name = entry.first.as<std::string>();
      Claims claims;
      claims.actor = entry.second["actor"].as<std::string>();
      claims.role = entry.second["role"].as<std::string>();
      claims.workspaces = WorkspacesOf(entry.second["workspaces"]);
      const std::optional<Principal> principal = PrincipalOf(claims);
      if (entry.second.size() != 3 || name.empty() || !principal.has_value()) {
        return file_.Fault("entry " + std::to_string(principals.size() + 1) +
                           " is not of the form NAME: {actor: ID, role: ROLE, workspaces: [ID]}");
      }
      if (!principals.emplace(name, std::make_shared<const Principal>(*principal)).second) {
        return file_.Fault("a name is there twice");
      }
    }
  } catch (const YAML::Exception& error) {
    return file_.Fault("line " + std::to_string(error.mark.line + 1) + " cannot be read as YAML " +
                       "that maps names to {actor, role, workspaces}");
  }
  return principals;
}

PrincipalPtr Certificates::Find(const std::vector<std::string>& names, absl::Time now) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (const std::optional<std::string> text = file_.ReadIfChanged(now); text.has_value()) {
    absl::StatusOr<Principals> parsed = Parse(*text);
    if (parsed.ok()) {
      principals_ = *std::move(parsed);
    } else {
      log_.Write(LogLine(LogLevel::kError, std::string(parsed.status().message())));
    }
  }
  for (const std::string& name : names) {
    const auto found = principals_.find(name);
    if (found != principals_.end()) return found->second;
  }
  return nullptr;
}

}  // namespace sales::service
