#ifndef SALES_SERVICE_CONVERT_TEAM_H_
#define SALES_SERVICE_CONVERT_TEAM_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "sales/team.h"
#include "sales/v1/team.pb.h"

namespace sales::service {

v1::Team ToProto(const Team& team, const std::string& workspace);
v1::Seller ToProto(const Seller& seller, const std::string& workspace);
v1::AssignmentPolicy ToProto(const AssignmentPolicy& policy, const std::string& workspace);
v1::AssignmentRecord ToProto(const AssignmentRecord& record, const std::string& workspace);

absl::StatusOr<CreateTeam> FromProto(const v1::CreateTeamRequest& request);
absl::StatusOr<UpdateTeam> FromProto(const v1::UpdateTeamRequest& request);
absl::StatusOr<CreateSeller> FromProto(const v1::CreateSellerRequest& request,
                                       const std::string& workspace);
absl::StatusOr<UpdateSeller> FromProto(const v1::UpdateSellerRequest& request,
                                       const std::string& workspace);
absl::StatusOr<Absence> FromProto(const v1::SetAbsenceRequest& request);
absl::StatusOr<AssignmentPolicy> FromProto(const v1::SetAssignmentPolicyRequest& request,
                                           const std::string& workspace);
// The day in an absence's name.
absl::StatusOr<absl::CivilDay> AbsenceDayFrom(const std::string& first_date,
                                              const std::string& field);

// The engine's errors about these commands, with the request's field paths.
absl::Status SpellTeam(const absl::Status& status);
absl::Status SpellSeller(const absl::Status& status);
absl::Status SpellAbsence(const absl::Status& status);
absl::Status SpellAssignmentPolicy(const absl::Status& status);

}  // namespace sales::service

#endif  // SALES_SERVICE_CONVERT_TEAM_H_
