// Commands on a lead that exists, and rows of an import, which are made of them.
#ifndef SALES_SERVICE_CONVERT_LEAD_COMMANDS_H_
#define SALES_SERVICE_CONVERT_LEAD_COMMANDS_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "sales/lead.h"
#include "sales/v1/lead.pb.h"
#include "service/src/convert/names.h"

namespace sales::service {

// `name` says which workspace and lead the references may point into; in an import the lead's id
// may be empty.
absl::StatusOr<AssignLead> FromProto(const v1::AssignLeadRequest& request, const LeadName& name);
absl::StatusOr<AdvanceLead> FromProto(const v1::AdvanceLeadRequest& request, const LeadName& name);
absl::StatusOr<LogActivity> FromProto(const v1::LogActivityRequest& request, const LeadName& name);
absl::StatusOr<AgreeRequirements> FromProto(const v1::AgreeRequirementsRequest& request,
                                            const LeadName& name);
absl::StatusOr<RequestProposal> FromProto(const v1::RequestProposalRequest& request,
                                          const LeadName& name);
absl::StatusOr<SendProposal> FromProto(const v1::SendProposalRequest& request,
                                       const LeadName& name);
absl::StatusOr<AnswerProposal> FromProto(const v1::AnswerProposalRequest& request,
                                         const LeadName& name);
absl::StatusOr<DeclineLead> FromProto(const v1::DeclineLeadRequest& request, const LeadName& name);
absl::StatusOr<LoseLead> FromProto(const v1::LoseLeadRequest& request, const LeadName& name);
absl::StatusOr<DisqualifyLead> FromProto(const v1::DisqualifyLeadRequest& request,
                                         const LeadName& name);
absl::StatusOr<NurtureLead> FromProto(const v1::NurtureLeadRequest& request, const LeadName& name);
absl::StatusOr<WinLead> FromProto(const v1::WinLeadRequest& request, const LeadName& name);
absl::StatusOr<SetStance> FromProto(const v1::SetStanceRequest& request, const LeadName& name);
absl::StatusOr<ReopenLead> FromProto(const v1::ReopenLeadRequest& request, const LeadName& name);

absl::StatusOr<PlanActivity> FromProto(const v1::PlanActivityRequest& request,
                                       const LeadName& name);
absl::StatusOr<CompletePlannedActivity> FromProto(const v1::CompletePlannedActivityRequest& request,
                                                  const PlannedActivityName& name);

absl::StatusOr<ImportLead> FromProto(const v1::ImportLeadsRequest& request,
                                     const std::string& workspace);
v1::ImportLeadsResponse ToProto(const ImportResult& result, const std::string& workspace,
                                int64_t row);

// The engine's errors about these commands, with the request's field paths.
absl::Status SpellLeadCommand(const absl::Status& status);
absl::Status SpellLogActivity(const absl::Status& status);
// The engine's error about a row.
absl::Status SpellImport(const absl::Status& status, const v1::ImportLeadsRequest& row);

}  // namespace sales::service

#endif  // SALES_SERVICE_CONVERT_LEAD_COMMANDS_H_
