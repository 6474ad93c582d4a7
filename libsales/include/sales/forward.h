// The types that sales/engine.h takes and gives by name alone, under the header that has each.
// Whoever makes or reads one includes that header too; sales/sales.h is all of them.
#ifndef SALES_FORWARD_H_
#define SALES_FORWARD_H_

namespace sales {

// sales/attribution.h
struct AttributionQuery;
struct AttributionReport;

// sales/calendar.h
struct Calendar;
struct CreateCalendar;
struct ImportedHolidays;
struct UpdateCalendar;

// sales/declines.h
struct DeclineReport;

// sales/duplicate.h
struct Duplicate;
struct DuplicateQuery;

// sales/forecast.h
struct ForecastQuery;
struct ForecastReport;

// sales/handoff.h
struct AcceptedHandoff;
struct CloseProject;
struct CompleteHandoffStep;
struct Handoff;
struct HandoffPack;
struct Project;
struct RequestWork;
struct RequestedWork;
struct ReturnHandoff;
struct UpdateProject;

// sales/load.h
struct LoadReport;
struct StaffingPlan;
struct StaffingQuery;

// sales/plan.h
struct Plan;
struct PlanQuery;
struct PlanReport;
struct PlanSnapshot;
struct SetPlan;

// sales/referrals.h
struct ReferralQuery;
struct ReferralReport;

// sales/report.h
struct ChannelReport;
struct FunnelReport;
struct ReportQuery;

// sales/score.h
struct Advice;
struct ScoreQuery;
struct ScoreReport;

// sales/simulation.h
struct PolicySimulation;
struct SimulateFunnelPolicy;

// sales/speed.h
struct SpeedReport;

// sales/store.h
struct StoreStatus;

// sales/team.h
struct Absence;
struct AssignmentPolicy;
struct AssignmentRecord;
struct CreateSeller;
struct CreateTeam;
struct Seller;
struct Team;
struct UpdateSeller;
struct UpdateTeam;

// sales/token.h
struct CreateToken;
struct Token;

// sales/webhook.h
struct CreateWebhook;
struct FailedDelivery;
struct ReplayWebhook;
struct RotateWebhookSecret;
struct UpdateWebhook;
struct Webhook;
struct WebhookProgress;
struct WebhookTasks;

}  // namespace sales

#endif  // SALES_FORWARD_H_
