#include "clients/cli/src/verbs.h"

#include <map>
#include <utility>

#include "clients/cli/src/report_verbs.h"
#include "clients/cli/src/team_verbs.h"
#include "clients/cli/src/token_verbs.h"
#include "clients/cli/src/verb_flags.h"
#include "clients/cli/src/webhook_verbs.h"

namespace salesctl {
namespace {

Flags Lead(const Flags& more) {
  return Joined({{"LEAD", "name", Form::kLead, "Which lead.", kRequired}}, more);
}

Flags LeadWrite(const Flags& more) {
  return Joined(
      Lead(more),
      {{"--time", "occur_time", Form::kTime, "When it happened; default: now."},
       {"--etag", "etag", Form::kText, "Refuse if the lead has changed since."},
       {"--request-id", "request_id", Form::kText, "Makes a repeated call happen once."}});
}

const Flag kReason = {"--reason", "reason", Form::kText, "A reason code: price, budget, no-fit.",
                      kRequired};
const Flag kOverride = {"--override", "override_reason", Form::kText,
                        "Go on in spite of missing conditions, and why; is counted."};

std::vector<Verb> WorkspaceVerbs() {
  return {
      {"workspace",
       "create",
       "WorkspaceService.CreateWorkspace",
       "Make a workspace.",
       {{"ID", "workspace_id", Form::kText, "Lower-case letters, digits, '-', '_', '.'.",
         kRequired},
        {"--display-name", "workspace.display_name", Form::kText, "The name that people see."},
        {"--time-zone", "workspace.time_zone", Form::kText, "IANA zone of its days; default UTC."},
        {"--currency", "workspace.currency_code", Form::kText, "ISO 4217; default EUR."},
        {"--region", "workspace.default_region", Form::kText,
         "Where phone numbers without a country are from: NL."},
        {"--request-id", "request_id", Form::kText, "Makes a repeated call happen once."}}},
      {"workspace",
       "get",
       "WorkspaceService.GetWorkspace",
       "Show a workspace.",
       {{"WORKSPACE", "name", Form::kWorkspace, "Default: --workspace."}}},
      {"workspace", "list", "WorkspaceService.ListWorkspaces", "List workspaces.", Listing({})},
      {"workspace",
       "update",
       "WorkspaceService.UpdateWorkspace",
       "Change a workspace.",
       {{"WORKSPACE", "workspace.name", Form::kWorkspace, "Which one.", kRequired},
        {"--display-name", "workspace.display_name", Form::kText, "The name that people see."},
        {"--region", "workspace.default_region", Form::kText, "Region of phone numbers: NL."},
        {"--default-funnel", "workspace.default_funnel", Form::kText,
         "The funnel of leads whose capture names none."},
        {"--calendar", "workspace.default_calendar", Form::kCalendar,
         "In which working time is counted; \"\": all time is."},
        {"--lead-attribute", "workspace.lead_attributes", Form::kAttributeDefinition,
         "\"staff:number\", \"region:enum=north,south # Region\"; replaces all; \"\": any."},
        {"--score-feature", "workspace.score_features", Form::kText,
         "channel, interest, attribute:region: what leads are scored by; replaces all; \"\": "
         "none."},
        {"--lead-visibility", "workspace.lead_visibility", Form::kEnum,
         "Which leads a seller sees: all, his team's, his own."},
        {"--event-retention-days", "workspace.event_retention_days", Form::kInteger,
         "For how many days events of leads are kept; 0: for ever."},
        {"--etag", "workspace.etag", Form::kText, "Refuse if it has changed since."}}},
      {"workspace",
       "delete",
       "WorkspaceService.DeleteWorkspace",
       "Remove a workspace with everything in it, for good.",
       {{"WORKSPACE", "name", Form::kWorkspace, "Which one.", kRequired},
        {"--force", "force", Form::kYes, "Also if it has contacts or leads."},
        {"--allow-missing", "allow_missing", Form::kYes, "It is fine if there is none."},
        {"--etag", "etag", Form::kText, "Refuse if it has changed since."}}},
  };
}

std::vector<Verb> ContactVerbs() {
  return {
      {"contact",
       "get",
       "ContactService.GetContact",
       "Show a contact.",
       {{"CONTACT", "name", Form::kContact, "Which contact.", kRequired}}},
      {"contact", "list", "ContactService.ListContacts", "List contacts.", Filtered()},
      {"contact",
       "update",
       "ContactService.UpdateContact",
       "Change a contact.",
       {{"CONTACT", "contact.name", Form::kContact, "Which contact.", kRequired},
        {"--name", "contact.display_name", Form::kText, "The person's name."},
        {"--organization", "contact.organization", Form::kText, "The person's organisation."},
        {"--email", "contact.identities", Form::kEmail, "An address; replaces all identities."},
        {"--phone", "contact.identities", Form::kPhone, "A number; replaces all identities."},
        {"--messenger", "contact.identities", Form::kMessenger,
         "service:handle; replaces all identities."},
        {"--external", "contact.identities", Form::kExternal,
         "source:id; replaces all identities."},
        {"--attribute", "contact.attributes", Form::kAttribute, "KEY=VALUE; replaces all."},
        {"--do-not-email", "contact.do_not_email.refused", Form::kBool,
         "Whether he refuses e-mails."},
        {"--do-not-email-source", "contact.do_not_email.source", Form::kText,
         "Where that is known from: unsubscribe-link."},
        {"--do-not-call", "contact.do_not_call.refused", Form::kBool, "Whether he refuses calls."},
        {"--do-not-call-source", "contact.do_not_call.source", Form::kText,
         "Where that is known from: by-phone."},
        {"--etag", "contact.etag", Form::kText, "Refuse if it has changed since."}}},
      {"contact",
       "find",
       "ContactService.FindContact",
       "Find whose an identity is.",
       {{"--email", "identity", Form::kEmail, "An address."},
        {"--phone", "identity", Form::kPhone, "A number."},
        {"--messenger", "identity", Form::kMessenger, "service:handle, or a handle."},
        {"--external", "identity", Form::kExternal, "source:id."}}},
  };
}

std::vector<Verb> ContactCareVerbs() {
  const Flag request_id = {"--request-id", "request_id", Form::kText,
                           "Makes a repeated call happen once."};
  return {
      {"contact", "duplicates", "ContactService.ListDuplicates", "List contacts that may be one.",
       Listing({{"--contact", "contact", Form::kContact, "Only those of this contact."}})},
      {"contact",
       "dismiss",
       "ContactService.DismissDuplicate",
       "Record that two contacts are not one.",
       {{"CONTACT", "name", Form::kContact, "One of the two.", kRequired},
        {"OTHER", "other", Form::kContact, "The other.", kRequired},
        request_id}},
      {"contact",
       "merge",
       "ContactService.MergeContacts",
       "Keep a contact and move to it what another has.",
       {{"CONTACT", "name", Form::kContact, "The contact that is kept.", kRequired},
        {"MERGED", "merged", Form::kContact, "The contact that is merged into it.", kRequired},
        {"--etag", "etag", Form::kText, "Refuse if the kept one has changed since."},
        request_id}},
      {"contact",
       "unmerge",
       "ContactService.UnmergeContact",
       "Undo a merge.",
       {{"MERGED", "name", Form::kContact, "The contact that was merged.", kRequired}, request_id}},
      {"contact",
       "erase",
       "ContactService.EraseContact",
       "Remove everything personal of a contact, for good.",
       {{"CONTACT", "name", Form::kContact, "Which contact.", kRequired},
        {"--etag", "etag", Form::kText, "Refuse if it has changed since."},
        request_id}},
      {"referral",
       "record",
       "ContactService.RecordReferral",
       "Record that somebody sent a contact.",
       {{"CONTACT", "name", Form::kContact, "Who was sent.", kRequired},
        {"REFERRER", "referrer", Form::kContact, "Who sent him.", kRequired},
        {"--time", "occur_time", Form::kTime, "When; default: now."},
        request_id}},
      {"referral", "list", "ContactService.ListReferrals",
       "List who sent a contact, and whom it sent.",
       Joined({{"CONTACT", "parent", Form::kContact, "Which contact.", kRequired}}, Listing({}))},
  };
}

std::vector<Verb> LeadRecordVerbs() {
  return {
      {"lead",
       "capture",
       "LeadService.CaptureLead",
       "Record a request and who it is from.",
       {{"--name", "contact.display_name", Form::kText, "The person's name."},
        {"--organization", "contact.organization", Form::kText, "The person's organisation."},
        {"--email", "contact.identities", Form::kEmail, "An address; several are allowed."},
        {"--phone", "contact.identities", Form::kPhone, "A number; several are allowed."},
        {"--messenger", "contact.identities", Form::kMessenger, "service:handle, or a handle."},
        {"--external", "contact.identities", Form::kExternal, "source:id in another system."},
        {"--contact-attribute", "contact.attributes", Form::kAttribute,
         "KEY=VALUE of the person: date_of_birth=1990-05-06; several are allowed."},
        {"--contact", "contact.name", Form::kContact, "A contact who is known already."},
        {"--need", "lead.need", Form::kText, "What is asked for."},
        {"--channel", "lead.channel", Form::kChannel, "Default: as the contact's past suggests."},
        {"--campaign", "lead.campaign", Form::kCampaign, "channel/campaign."},
        {"--funnel", "lead.funnel", Form::kFunnel, "Default: the workspace's."},
        {"--seller", "lead.seller", Form::kSeller, "Who leads it."},
        {"--referrer", "lead.referrer", Form::kContact, "The contact who sent this one."},
        {"--interest", "lead.interest", Form::kInteger, "How much we want it, 0 to 100."},
        {"--value", "lead.expected_value", Form::kMoney, "Expected value: \"1200.50 EUR\"."},
        {"--budget", "lead.budget", Form::kMoney, "What the client can spend."},
        {"--decision-maker-known", "lead.decision_maker_known", Form::kYes,
         "Who decides is known."},
        {"--external-id", "lead.external_id", Form::kText, "Its id in another system."},
        {"--attribute", "lead.attributes", Form::kAttribute, "KEY=VALUE; several are allowed."},
        {"--label", "lead.labels", Form::kText, "A code: vip; several are allowed."},
        {"--closes", "lead.expected_close_date", Form::kText,
         "When it is expected to: 2026-09-30."},
        {"--received", "receive_time", Form::kTime, "When it came in; default: now."},
        {"--id", "lead_id", Form::kText, "The lead's id; default: a new one."},
        {"--request-id", "request_id", Form::kText, "Makes a repeated call happen once."}}},
      {"lead", "get", "LeadService.GetLead", "Show a lead.", Lead({})},
      {"lead", "list", "LeadService.ListLeads", "List leads.", Filtered()},
      {"lead",
       "update",
       "LeadService.UpdateLead",
       "Change what is known of a lead.",
       {{"LEAD", "lead.name", Form::kLead, "Which lead.", kRequired},
        {"--need", "lead.need", Form::kText, "What is asked for."},
        {"--channel", "lead.channel", Form::kChannel, "Where it came from."},
        {"--campaign", "lead.campaign", Form::kCampaign, "channel/campaign."},
        {"--interest", "lead.interest", Form::kInteger, "How much we want it, 0 to 100."},
        {"--value", "lead.expected_value", Form::kMoney, "Expected value: \"1200.50 EUR\"."},
        {"--budget", "lead.budget", Form::kMoney, "What the client can spend."},
        {"--decision-maker-known", "lead.decision_maker_known", Form::kYes,
         "Who decides is known."},
        {"--attribute", "lead.attributes", Form::kAttribute, "KEY=VALUE; replaces all."},
        {"--label", "lead.labels", Form::kText, "A code: vip; replaces all, \"\" takes all away."},
        {"--closes", "lead.expected_close_date", Form::kText,
         "When it is expected to: 2026-09-30."},
        {"--etag", "lead.etag", Form::kText, "Refuse if it has changed since."}}},
      {"lead", "assign", "LeadService.AssignLead", "Give a lead to a seller.",
       Lead(
           {{"SELLER", "seller", Form::kSeller, "Who leads it; left out: whom the policy chooses."},
            {"--unassign", "unassign", Form::kYes, "Nobody leads it."},
            {"--etag", "etag", Form::kText, "Refuse if the lead has changed since."}})},
      {"lead", "explain", "TeamService.ExplainAssignment",
       "Say why the assignment policy chose a lead's seller.", Lead({})},
      {"lead", "check", "LeadService.CheckMove",
       "Say which moves are allowed, and what is missing.", Lead({})},
  };
}

std::vector<Verb> LeadWorkVerbs() {
  return {
      {"lead", "advance", "LeadService.AdvanceLead", "Move a lead to a stage.",
       LeadWrite({{"STAGE", "stage", Form::kText, "The stage to enter.", kRequired},
                  {"--reason", "reason", Form::kText, "Required for a move back."},
                  kOverride})},
      {"lead",
       "log",
       "LeadService.LogActivity",
       "Record a call, e-mail, message, meeting or note.",
       {{"LEAD", "parent", Form::kLead, "Which lead.", kRequired},
        {"--kind", "activity.kind", Form::kEnum, "What it was.", kRequired},
        {"--direction", "activity.direction", Form::kEnum, "in: from the client; out: to him."},
        {"--text", "activity.text", Form::kText, "What was said."},
        {"--expectation", "activity.expectation", Form::kInteger,
         "How much the client expects of us, 1 to 5."},
        {"--duration", "activity.duration", Form::kDuration, "How long it took: 5m."},
        {"--time", "activity.occur_time", Form::kTime, "When it happened; default: now."},
        {"--etag", "etag", Form::kText, "Refuse if the lead has changed since."},
        {"--request-id", "request_id", Form::kText, "Makes a repeated call happen once."}}},
      {"lead", "plan", "LeadService.PlanActivity", "Note a next step and when it is due.",
       LeadWrite({{"--due", "due_time", Form::kTime, "By when.", kRequired},
                  {"--kind", "kind", Form::kEnum, "What it is to be; default: any."},
                  {"--text", "text", Form::kText, "What is to be done."},
                  {"--owner", "owner", Form::kSeller, "Who; default: the lead's seller."}})},
      {"lead",
       "complete",
       "LeadService.CompletePlannedActivity",
       "Record what was planned as done.",
       {{"PLANNED", "name", Form::kPlannedActivity, "LEAD/NUMBER.", kRequired},
        {"--kind", "activity.kind", Form::kEnum, "What it was; default: as planned."},
        {"--direction", "activity.direction", Form::kEnum, "in: from the client; out: to him.",
         kRequired},
        {"--text", "activity.text", Form::kText, "What was said."},
        {"--expectation", "activity.expectation", Form::kInteger,
         "How much the client expects of us, 1 to 5."},
        {"--duration", "activity.duration", Form::kDuration, "How long it took: 5m."},
        {"--time", "activity.occur_time", Form::kTime, "When it happened; default: now."},
        {"--etag", "etag", Form::kText, "Refuse if the lead has changed since."},
        {"--request-id", "request_id", Form::kText, "Makes a repeated call happen once."}}},
      {"lead",
       "cancel-planned",
       "LeadService.CancelPlannedActivity",
       "Drop a next step.",
       {{"PLANNED", "name", Form::kPlannedActivity, "LEAD/NUMBER.", kRequired},
        {"--etag", "etag", Form::kText, "Refuse if the lead has changed since."},
        {"--request-id", "request_id", Form::kText, "Makes a repeated call happen once."}}},
      {"lead", "agree", "LeadService.AgreeRequirements", "Record what is agreed to be done.",
       LeadWrite({{"--text", "text", Form::kText, "The requirements."}})},
      {"lead", "request-proposal", "LeadService.RequestProposal", "Ask for a proposal.",
       LeadWrite({})},
      {"lead", "send-proposal", "LeadService.SendProposal", "Record that a proposal was sent.",
       LeadWrite(
           {{"--price", "price", Form::kMoney, "Its price: \"1200.50 EUR\".", kRequired},
            {"--scope", "scope", Form::kText, "What it covers."},
            {"--valid-until", "valid_until_date", Form::kText, "Its last day: 2026-01-31."}})},
      {"lead", "answer-proposal", "LeadService.AnswerProposal", "Record the answer to a proposal.",
       LeadWrite({{"ANSWER", "answer", Form::kEnum, "What became of it.", kRequired},
                  {"--version", "version", Form::kInteger, "Which; default: the latest."}})},
  };
}

std::vector<Verb> LeadOutcomeVerbs() {
  return {
      {"lead", "decline", "LeadService.DeclineLead", "Refuse, with arguments.",
       LeadWrite(
           {kReason,
            {"--better", "arguments.better", Form::kText, "What we do better."},
            {"--price", "arguments.price", Form::kText, "Why it costs more."},
            {"--differ", "arguments.differ", Form::kText, "How we differ."},
            {"--alternatives", "alternatives", Form::kText, "What was offered instead."},
            {"--told-in", "told_in", Form::kActivity, "The activity that told the client."},
            {"--keep-in-touch", "may_keep_in_touch", Form::kYes, "The client agrees to it."},
            {"--revisit", "revisit_date", Form::kText, "The day to ask again: 2026-01-31."}})},
      {"lead", "lose", "LeadService.LoseLead", "Record that the client left.",
       LeadWrite({kReason, {"--competitor", "competitor", Form::kText, "To whom."}})},
      {"lead", "disqualify", "LeadService.DisqualifyLead", "Record that it was no request.",
       LeadWrite({kReason})},
      {"lead", "nurture", "LeadService.NurtureLead", "Keep in touch until a day.",
       LeadWrite({kReason,
                  {"--wake", "wake_date", Form::kText, "The day: 2026-01-31.", kRequired},
                  {"--owner", "owner", Form::kSeller, "Who does; default: the lead's seller."}})},
      {"lead", "win", "LeadService.WinLead", "Record the sale.",
       LeadWrite({{"--value", "value", Form::kMoney, "Default: the accepted price."}, kOverride})},
      {"lead", "stance", "LeadService.SetStance", "Say how much we want the sale.",
       LeadWrite({{"STANCE", "stance", Form::kEnum, "pursue, steady or let-go.", kRequired},
                  {"--reason", "reason", Form::kText, "Why.", kRequired}})},
      {"lead",
       "advise",
       "LeadService.AdviseLead",
       "Say what to do about an open lead, and why.",
       {{"LEAD", "name", Form::kLead, "Which lead.", kRequired},
        {"--request-id", "request_id", Form::kText, "Makes a repeated call happen once."}}},
      {"lead", "reopen", "LeadService.ReopenLead", "Take up a closed or nurtured lead again.",
       LeadWrite({{"--reason", "reason", Form::kText, "Why.", kRequired}, kOverride})},
  };
}

std::vector<Verb> ChannelVerbs() {
  return {
      {"channel",
       "create",
       "ChannelService.CreateChannel",
       "Add a channel that brings leads.",
       {{"ID", "channel_id", Form::kText, "Lower-case letters, digits, '-', '_', '.'.", kRequired},
        {"--display-name", "channel.display_name", Form::kText, "The name that people see."},
        {"--outreach", "channel.outreach", Form::kEnum,
         "email or call: it goes to people, but to none who refuses that."}}},
      {"channel",
       "get",
       "ChannelService.GetChannel",
       "Show a channel.",
       {{"CHANNEL", "name", Form::kChannel, "Which channel.", kRequired}}},
      {"channel", "list", "ChannelService.ListChannels", "List channels.", Listing({})},
      {"channel",
       "update",
       "ChannelService.UpdateChannel",
       "Change a channel.",
       {{"CHANNEL", "channel.name", Form::kChannel, "Which channel.", kRequired},
        {"--display-name", "channel.display_name", Form::kText, "The name that people see."},
        {"--outreach", "channel.outreach", Form::kEnum,
         "email or call: it goes to people, but to none who refuses that."},
        {"--etag", "channel.etag", Form::kText, "Refuse if it has changed since."}}},
      {"campaign",
       "create",
       "ChannelService.CreateCampaign",
       "Add a way of using a channel.",
       {{"CHANNEL", "parent", Form::kChannel, "Which channel.", kRequired},
        {"ID", "campaign_id", Form::kText, "Lower-case letters, digits, '-', '_', '.'.", kRequired},
        {"--display-name", "campaign.display_name", Form::kText, "The name that people see."},
        {"--audience", "campaign.audience_size", Form::kInteger, "How many it could reach."}}},
      {"campaign",
       "get",
       "ChannelService.GetCampaign",
       "Show a campaign.",
       {{"CAMPAIGN", "name", Form::kCampaign, "channel/campaign.", kRequired}}},
      {"campaign", "list", "ChannelService.ListCampaigns", "List campaigns.",
       Listing({{"--channel", "parent", Form::kChannel, "Only its campaigns."}})},
      {"campaign",
       "update",
       "ChannelService.UpdateCampaign",
       "Change a campaign.",
       {{"CAMPAIGN", "campaign.name", Form::kCampaign, "channel/campaign.", kRequired},
        {"--display-name", "campaign.display_name", Form::kText, "The name that people see."},
        {"--audience", "campaign.audience_size", Form::kInteger, "How many it could reach."},
        {"--etag", "campaign.etag", Form::kText, "Refuse if it has changed since."}}},
      {"spend",
       "record",
       "ChannelService.RecordSpend",
       "Record what a day of it cost.",
       {{"NAME", "name", Form::kChannelOrCampaign, "channel or channel/campaign.", kRequired},
        {"AMOUNT", "amount", Form::kMoney, "\"120.50 EUR\".", kRequired},
        {"--date", "spend_date", Form::kText, "The day: 2026-01-31.", kRequired},
        {"--request-id", "request_id", Form::kText, "Makes a repeated call happen once."}}},
      {"touch",
       "record",
       "ChannelService.RecordTouches",
       "Record whom a campaign reached.",
       {{"CAMPAIGN", "campaign", Form::kCampaign, "channel/campaign.", kRequired},
        {"CONTACTS", "contacts", Form::kContact, "Who.", kRequired},
        {"--time", "occur_time", Form::kTime, "When; default: now."},
        {"--request-id", "request_id", Form::kText, "Makes a repeated call happen once."}}},
  };
}

Flags Handoff(const Flags& more) {
  return Joined({{"HANDOFF", "name", Form::kHandoff, "Which: the id of its lead.", kRequired}},
                more);
}

Flags HandoffWrite(const Flags& more) {
  return Joined(
      Handoff(more),
      {{"--time", "occur_time", Form::kTime, "When it happened; default: now."},
       {"--etag", "etag", Form::kText, "Refuse if the handoff has changed since."},
       {"--request-id", "request_id", Form::kText, "Makes a repeated call happen once."}});
}

std::vector<Verb> HandoffVerbs() {
  return {
      {"handoff", "get", "HandoffService.GetHandoff", "Show a handoff.", Handoff({})},
      {"handoff", "list", "HandoffService.ListHandoffs", "List handoffs.", Filtered()},
      {"handoff", "introduce", "HandoffService.CompleteHandoffStep",
       "Complete a step: those who work together are introduced.",
       HandoffWrite(
           {{"--meet", "introduction.meet_time", Form::kTime, "When they meet.", kRequired},
            {"--duration", "introduction.duration", Form::kDuration, "How long; default: 1h."},
            {"--place", "introduction.place", Form::kText, "An address or a link.", kRequired},
            {"--client", "introduction.client_participants", Form::kParticipant,
             "\"NAME <EMAIL>, ROLE, PHONE\"; several are allowed.", kRequired},
            {"--studio", "introduction.studio_participants", Form::kParticipant,
             "\"NAME <EMAIL>, ROLE, PHONE\"; several are allowed.", kRequired}})},
      {"handoff", "prepare", "HandoffService.CompleteHandoffStep",
       "Complete a step: the project is in the task planner.",
       HandoffWrite(
           {{"--planner", "project_prepared.planner", Form::kText, "Which planner.", kRequired},
            {"--link", "project_prepared.project_link", Form::kText, "Where it is.", kRequired},
            {"--member", "project_prepared.members", Form::kText,
             "The id of who is invited; several are allowed.", kRequired}})},
      {"handoff", "share", "HandoffService.CompleteHandoffStep",
       "Complete a step: documents, requirements and access are shared.",
       HandoffWrite({{"--document", "materials_shared.documents", Form::kLink,
                      "TITLE=ADDRESS; several are allowed."},
                     {"--requirements", "materials_shared.requirements", Form::kLink,
                      "TITLE=ADDRESS; several are allowed."},
                     {"--access", "materials_shared.access", Form::kLink,
                      "TITLE=ADDRESS; several are allowed."}})},
      {"handoff", "brief", "HandoffService.CompleteHandoffStep",
       "Complete the last step: the manager knows what he needs to.",
       HandoffWrite(
           {{"--manager", "briefing.manager", Form::kText, "The id of who takes over.", kRequired},
            {"--text", "briefing.text", Form::kText, "What he needs to know.", kRequired}})},
      {"handoff", "accept", "HandoffService.AcceptHandoff", "Take over, as the manager.",
       HandoffWrite({})},
      {"handoff", "return", "HandoffService.ReturnHandoff", "Say what is missing, as the manager.",
       HandoffWrite(
           {{"--missing", "missing", Form::kText, "What is missing.", kRequired},
            {"--step", "steps", Form::kEnum, "A step to be done again; several are allowed."}})},
  };
}

std::vector<Verb> ProjectVerbs() {
  const Flag which = {"PROJECT", "name", Form::kProject, "Which: the id of its handoff.",
                      kRequired};
  const Flags write = {
      {"--time", "occur_time", Form::kTime, "When it happened; default: now."},
      {"--etag", "etag", Form::kText, "Refuse if the project has changed since."},
      {"--request-id", "request_id", Form::kText, "Makes a repeated call happen once."}};
  return {
      {"project", "get", "HandoffService.GetProject", "Show a project.", {which}},
      {"project", "list", "HandoffService.ListProjects", "List projects.", Filtered()},
      {"project",
       "update",
       "HandoffService.UpdateProject",
       "Change who works on a project.",
       {{"PROJECT", "project.name", Form::kProject, "Which: the id of its handoff.", kRequired},
        {"--member", "project.members", Form::kText, "An id; replaces all members."},
        {"--etag", "project.etag", Form::kText, "Refuse if it has changed since."}}},
      {"project", "request-work", "HandoffService.RequestWork",
       "Record what the client asks for during the work, as a lead.",
       Joined({which,
               {"--need", "need", Form::kText, "What is asked for."},
               {"--interest", "interest", Form::kInteger, "How much we want it, 0 to 100."},
               {"--value", "expected_value", Form::kMoney, "Expected value: \"1200.50 EUR\"."},
               {"--budget", "budget", Form::kMoney, "What the client can spend."},
               {"--seller", "seller", Form::kSeller, "Who sells it; default: the project's."},
               {"--funnel", "funnel", Form::kFunnel, "Default: the workspace's."},
               {"--id", "lead_id", Form::kText, "The lead's id; default: a new one."}},
              write)},
      {"project", "close", "HandoffService.CloseProject", "Close a project.",
       Joined({which,
               {"--satisfaction", "satisfaction", Form::kInteger,
                "How content the client is, 1 to 5.", kRequired}},
              write)},
  };
}

std::vector<Verb> PlanVerbs() {
  static constexpr char kShare[] = "In hundredths of a percent.";
  return {
      {"plan",
       "set",
       "PlanService.SetPlan",
       "Set what is to be reached in a quarter; replaces its targets.",
       {{"QUARTER", "plan.quarter", Form::kText, "2026-Q1.", kRequired},
        {"--team", "plan.team", Form::kTeam, "Of this team; default: of the studio."},
        {"--seller", "plan.seller", Form::kSeller, "Of this seller."},
        {"--revenue", "plan.targets.revenue", Form::kMoney, "\"120000 EUR\"."},
        {"--won", "plan.targets.won", Form::kInteger, "How many leads are won."},
        {"--leads", "plan.targets.leads", Form::kInteger, "How many leads are generated."},
        {"--response-within-limit", "plan.targets.response_within_limit", Form::kInteger, kShare},
        {"--proposal-within-limit", "plan.targets.proposal_within_limit", Form::kInteger, kShare},
        {"--conversion", "plan.targets.conversion", Form::kInteger, kShare},
        {"--etag", "plan.etag", Form::kText, "Refuse if it has changed since."},
        {"--request-id", "request_id", Form::kText, "Makes a repeated call happen once."}}},
      {"plan",
       "get",
       "PlanService.GetPlan",
       "Show a plan.",
       {{"PLAN", "name", Form::kPlan, "Which plan.", kRequired}}},
      {"plan", "list", "PlanService.ListPlans", "List plans.", Filtered()},
      {"plan", "snapshots", "PlanService.ListPlanSnapshots", "How a plan stood day by day.",
       Joined({{"PLAN", "parent", Form::kPlan, "Which plan.", kRequired}}, Listing({}))},
  };
}

std::vector<Verb> ReadingVerbs() {
  return {
      {"funnel",
       "get",
       "FunnelService.GetFunnelPolicy",
       "Show a policy.",
       {{"FUNNEL", "name", Form::kFunnel, "Which; 'web-studio@1' is its first version.",
         kRequired}}},
      {"funnel", "list", "FunnelService.ListFunnelPolicies", "List the policies in force.",
       Listing({})},
      {"event", "list", "EventService.ListEvents", "List what happened.",
       Listing({{"--after", "after_revision", Form::kInteger, "Only after this revision."},
                {"--type", "filter.types", Form::kEnum, "Only of this type; several are allowed."},
                {"--lead", "filter.lead", Form::kLead, "Only about this lead."}})},
  };
}

}  // namespace

const std::vector<Verb>& Verbs() {
  static const std::vector<Verb>* const verbs = [] {
    auto* all = new std::vector<Verb>();
    for (const std::vector<Verb>& some :
         {WorkspaceVerbs(), TokenVerbs(), ContactVerbs(), ContactCareVerbs(), LeadRecordVerbs(),
          LeadWorkVerbs(), LeadOutcomeVerbs(), ChannelVerbs(), CalendarVerbs(), TeamVerbs(),
          SellerVerbs(), HandoffVerbs(), ProjectVerbs(), PlanVerbs(), ReadingVerbs(),
          WebhookVerbs(), ReportVerbs()}) {
      all->insert(all->end(), some.begin(), some.end());
    }
    return all;
  }();
  return *verbs;
}

const char* GroupHelp(const std::string& group) {
  static const std::map<std::string, const char*>* const help =
      new std::map<std::string, const char*>{
          {"workspace", "A studio's sales, apart from every other's."},
          {"token", "By which callers are known; --workspace - for all workspaces."},
          {"contact", "The people and organisations that ask."},
          {"referral", "Who sent whom."},
          {"lead", "Requests on their way through the funnel."},
          {"handoff", "The way of won leads from the seller to production."},
          {"project", "What production has accepted."},
          {"plan", "What is to be reached in a quarter."},
          {"channel", "What brings leads."},
          {"campaign", "The ways of using a channel."},
          {"calendar", "When people work."},
          {"team", "Sellers who take the same kind of leads."},
          {"seller", "Whom leads are given to."},
          {"assignment", "Who gets which lead."},
          {"spend", "What channels and campaigns cost."},
          {"touch", "Whom campaigns reached."},
          {"funnel", "The stages that a lead passes, and their conditions."},
          {"report", "Figures, each with its base."},
          {"event", "The record of every write."},
          {"webhook", "Who is told of events over HTTP."},
          {"import", "Taking over records from files."},
          {"export", "Giving records away as files."},
      };
  const auto found = help->find(group);
  return found == help->end() ? "" : found->second;
}

}  // namespace salesctl
