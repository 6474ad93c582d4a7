"""The verbs of salesctl against a real server."""

import json
import pathlib
import subprocess
import tempfile
import unittest

from programs import SALESCTL, Case, environment


class Commands(Case):

    def setUp(self):
        super().setUp()
        self.ok("workspace", "create", self.workspace, "--currency", "EUR", "--time-zone",
                "Europe/Moscow", "--region", "RU")

    def capture(self, *words):
        return self.ok("lead", "capture", *words)["lead"]["name"]

    def test_a_lead_goes_from_capture_to_won(self):
        lead = self.capture("--name", "Иван Петров", "--email", "Ivan@Example.com",
                            "--need", "интернет-магазин", "--value", "12000")
        self.ok("lead", "log", lead, "--kind", "call", "--direction", "out", "--duration", "5m")
        for stage in ["contacted", "requirements"]:
            self.ok("lead", "advance", lead, stage)
        self.ok("lead", "agree", lead, "--text", "catalogue, basket")
        self.ok("lead", "advance", lead, "proposal")
        self.ok("lead", "send-proposal", lead, "--price", "12500.50 EUR", "--scope", "all of it")
        self.ok("lead", "advance", lead, "start_of_work")
        self.ok("lead", "answer-proposal", lead, "accepted")
        self.ok("lead", "advance", lead, "contract")
        won = self.ok("lead", "win", lead)
        self.assertEqual(won["state"], "LEAD_STATE_WON")
        self.assertEqual(won["wonValue"], {"currencyCode": "EUR", "minorUnits": "1250050"})
        report = self.ok("report", "funnel")
        self.assertEqual((report["received"], report["outcomes"]["won"]), ("1", "1"))

    def test_a_refused_move_names_each_missing_condition(self):
        lead = self.capture("--email", "a@example.com")
        said = self.refused("GUARD_UNMET", "lead", "advance", lead, "start_of_work")
        for condition in ["requirements_agreed", "price_offered", "need_known"]:
            self.assertIn(condition, said)
        self.assertIn("Provide each missing condition", said)
        check = self.ok("lead", "check", lead)
        self.assertEqual([c["stage"] for c in check["checks"] if not c["missing"]][:1], ["new"])
        moved = self.ok("lead", "advance", lead, "start_of_work", "--override", "the boss knows him")
        self.assertEqual(moved["stage"], "start_of_work")

    def test_a_refusal_needs_an_argument_and_the_client_may_return(self):
        lead = self.capture("--phone", "+7 495 123-45-67", "--channel", "referral")
        self.refused("ARGUMENTS_REQUIRED", "lead", "decline", lead, "--reason", "price")
        self.ok("lead", "decline", lead, "--reason", "price", "--better", "support for a year",
                "--alternatives", "a smaller first version", "--keep-in-touch")
        again = self.ok("lead", "capture", "--phone", "8 (495) 123-45-67")
        self.assertEqual(again["lead"]["returnedFrom"], lead)
        self.assertEqual(again["lead"]["channel"].rsplit("/", 1)[1], "repeat-request")
        reopened = self.ok("lead", "reopen", lead, "--reason", "he asked again")
        self.assertEqual(reopened["state"], "LEAD_STATE_OPEN")

    def test_a_webhook_is_made_paused_and_removed(self):
        made = self.ok("webhook", "create", "crm", "https://127.0.0.1:9/sales",
                       "--type", "lead-won", "--state", "disabled")
        self.assertTrue(made["secret"].startswith("whsec_"))
        self.assertEqual((made["state"], made["filter"]["types"]),
                         ("STATE_DISABLED", ["EVENT_TYPE_LEAD_WON"]))
        self.assertEqual(self.ok("webhook", "get", "crm")["secret"], "")
        turned = self.ok("webhook", "rotate", "crm", "--overlap", "1h")
        self.assertNotEqual(turned["secret"], made["secret"])
        self.assertEqual(self.ok("webhook", "update", "crm", "--display-name", "Ours",
                                 "--field", "display_name")["displayName"], "Ours")
        replayed = self.ok("webhook", "replay", "crm", "--after", "1")
        self.assertEqual((replayed["state"], replayed["deliveredRevision"]), ("STATE_ENABLED", "1"))
        self.assertEqual(len(self.ok("webhook", "list")["webhooks"]), 1)
        self.refused("FIELD_INVALID", "webhook", "create", "other", "ftp://example.com")
        self.ok("webhook", "delete", "crm")
        self.refused("WEBHOOK_NOT_FOUND", "webhook", "get", "crm")

    def test_working_time_is_counted_in_the_workspaces_calendar(self):
        made = self.ok("calendar", "create", "office", "--hours", "mon-fri 10:00-18:00",
                       "--except", "2026-12-24 10:00-12:00", "--except", "2026-12-25 # Christmas")
        self.assertEqual((len(made["week"]), made["timeZone"]), (5, "Europe/Moscow"))
        self.assertEqual(made["exceptions"][1]["title"], "Christmas")
        self.refused("HOURS_INVALID", "calendar", "update", "office", "--hours", "mon 10:00-10:00")
        self.refused("USAGE", "calendar", "update", "office", "--hours", "monday", code=2)
        file = self.write("holidays.ics",
                          "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;VALUE=DATE:20270101\n"
                          "SUMMARY:New Year\nEND:VEVENT\nEND:VCALENDAR\n")
        self.assertEqual(
            self.ok("calendar", "import-holidays", "office", str(file))["daysAdded"], 1)
        self.ok("workspace", "update", self.workspace, "--calendar", "office")
        # A Saturday's request is to be answered on Monday, by the default policy in 15 minutes.
        lead = self.capture("--email", "a@example.com", "--received", "2020-03-07T18:30:00+03:00")
        clock = self.ok("lead", "get", lead)["clocks"][0]
        self.assertEqual((clock["kind"], clock["dueTime"], clock["overdue"]),
                         ("KIND_RESPONSE", "2020-03-09T07:15:00Z", True))

    def test_a_next_step_is_planned_and_completed(self):
        lead = self.capture("--email", "a@example.com")
        self.refused("DUE_IN_PAST", "lead", "plan", lead, "--due", "2020-01-01T10:00:00Z")
        planned = self.ok("lead", "plan", lead, "--due", "2090-01-31T10:00:00Z", "--kind", "call")
        number = planned["plannedActivities"][0]["name"].rsplit("/", 1)[1]
        short = lead.rsplit("/", 1)[1] + "/" + number
        done = self.ok("lead", "complete", short, "--direction", "out", "--text", "he agrees")
        self.assertEqual(done["activity"]["kind"], "KIND_CALL")
        self.assertEqual(done["lead"]["plannedActivities"], [])
        self.refused("PLANNED_ACTIVITY_NOT_FOUND", "lead", "cancel-planned", short)

    def test_leads_are_given_to_sellers_by_a_policy(self):
        self.ok("team", "create", "shops")
        anna = self.ok("seller", "create", "anna", "--team", "shops", "--skill", "english",
                       "--intake", "3/2weeks", "--capacity", "20")
        self.assertEqual(anna["intake"], {"leads": 3, "periods": 2, "unit": "UNIT_WEEK"})
        self.ok("seller", "create", "boris", "--team", "shops")
        self.refused("USAGE", "seller", "create", "olga", "--intake", "often", code=2)
        self.refused("JSON_INVALID", "assignment", "set", str(self.write("no.json", "{")))
        file = self.write("policy.json", json.dumps({
            "defaultTeam": f"workspaces/{self.workspace}/teams/shops",
            "method": "METHOD_ROUND_ROBIN"}))
        self.ok("assignment", "set", str(file))
        kept = self.write("kept.json", json.dumps(self.ok("assignment", "get")))
        self.assertEqual(self.ok("assignment", "set", str(kept))["version"], 2)
        self.refused("ETAG_MISMATCH", "assignment", "set", str(kept))
        lead = self.capture("--email", "a@example.com")
        self.assertEqual(self.ok("lead", "assign", lead)["seller"], anna["name"])
        self.assertEqual(self.ok("lead", "assign", lead, "--unassign")["seller"], "")
        self.ok("seller", "absence", "boris", "2020-01-01", "2199-12-31")
        self.refused("ABSENCE_OVERLAPS", "seller", "absence", "boris", "2026-08-03", "2026-08-03")
        self.ok("seller", "update", "anna", "--inactive")
        self.assertEqual(self.ok("lead", "assign", lead)["seller"], "")
        why = self.ctl("lead", "explain", lead).out
        self.assertIn("inactive", why.lower())
        self.assertIn("absent", why.lower())
        self.ok("seller", "return", "boris/2020-01-01")
        self.assertFalse(self.ok("seller", "update", "anna", "--field", "inactive",
                                 "--field", "intake")["inactive"])
        self.assertIsNone(self.ok("seller", "get", "anna").get("intake"))

    def test_a_won_lead_is_handed_over_and_the_seller_comes_back(self):
        lead = self.capture("--name", "Иван Петров", "--email", "ivan@example.com",
                            "--value", "12000", "--seller", "anna", "--id", "shop")
        self.ok("lead", "win", lead, "--override", "signed at once")
        self.refused("HANDOFF_STEPS_OPEN", "handoff", "brief", "shop", "--manager", "mira",
                     "--text", "Calls before nine.")
        self.ok("handoff", "introduce", "shop", "--meet", "2030-03-04T09:00:00Z", "--place",
                "Tverskaya 1", "--client", "Иван Петров <ivan@example.com>, owner",
                "--studio", "Mira <mira@example.com>, manager, +7 495 123-45-67")
        self.ok("handoff", "prepare", "shop", "--planner", "Redmine", "--link",
                "https://plan.example/shop", "--member", "olga", "--member", "boris")
        said = self.refused("HANDOFF_EVIDENCE_REQUIRED", "handoff", "share", "shop")
        self.assertIn("Give the evidence", said)
        self.ok("handoff", "share", "shop", "--document", "Contract=https://disk.example/c?a=b",
                "--access", "Hosting=https://disk.example/h")
        briefed = self.ok("handoff", "brief", "shop", "--manager", "mira", "--text", "Early bird.")
        people = briefed["introduction"]["studioParticipants"]
        self.assertEqual((people[0]["email"], people[0]["phone"]),
                         ("mira@example.com", "+7 495 123-45-67"))
        links = briefed["materialsShared"]["documents"]
        self.assertEqual(links, [{"title": "Contract", "uri": "https://disk.example/c?a=b"}])
        with tempfile.TemporaryDirectory() as folder:
            self.ok("handoff", "export", "shop", "--to", folder)
            files = {file.name: file.read_bytes().decode() for file in pathlib.Path(folder).iterdir()}
        self.assertEqual(sorted(files), ["brief.md", "contacts.vcf", "invitation.ics", "pack.json"])
        self.assertIn("FN:Иван Петров\r\n", files["contacts.vcf"])
        self.refused("HANDOFF_NOT_MANAGER", "handoff", "accept", "shop")
        self.actor = "mira"
        returned = self.ok("handoff", "return", "shop", "--missing", "access", "--step",
                           "materials-shared")
        self.assertEqual(len(returned["completedSteps"]), 2)
        self.ok("handoff", "share", "shop", "--access", "Hosting=https://disk.example/h")
        self.ok("handoff", "brief", "shop", "--manager", "mira", "--text", "Early bird.")
        accepted = self.ok("handoff", "accept", "shop")
        self.assertEqual(accepted["project"]["members"], ["boris", "mira", "olga"])
        work = self.ok("project", "request-work", "shop", "--need", "a warehouse")
        self.assertIn("anna", work["project"]["members"])
        self.ok("lead", "lose", work["lead"]["name"], "--reason", "silent")
        self.assertEqual(self.ok("project", "get", "shop")["sellingMembers"], [])
        self.ok("project", "close", "shop", "--satisfaction", "5")
        self.refused("PROJECT_CLOSED", "project", "update", "shop", "--member", "zoe")

    def test_a_plan_is_set_and_replaced(self):
        plan = self.ok("plan", "set", "2026-Q2", "--seller", "anna", "--revenue", "90000",
                       "--conversion", "2550")
        self.assertEqual(plan["targets"]["revenue"]["minorUnits"], "9000000")
        again = self.ok("plan", "set", "2026-Q2", "--seller", "anna", "--won", "12")
        self.assertEqual((again["name"], again["targets"]["won"]), (plan["name"], "12"))
        self.assertEqual(len(self.ok("plan", "list")["plans"]), 1)

    def test_the_other_outcomes_are_kept(self):
        lost, spam, later = (self.capture("--email", f"{n}@example.com") for n in "abc")
        self.assertEqual(self.ok("lead", "lose", lost, "--reason", "budget")["state"],
                         "LEAD_STATE_LOST")
        self.assertEqual(self.ok("lead", "disqualify", spam, "--reason", "spam")["state"],
                         "LEAD_STATE_DISQUALIFIED")
        nurtured = self.ok("lead", "nurture", later, "--reason", "next-year", "--wake", "2090-01-31")
        self.assertEqual(nurtured["state"], "LEAD_STATE_NURTURED")
        self.assertEqual(nurtured["outcomes"][0]["wakeDate"], "2090-01-31")

    def test_a_lead_is_changed_assigned_and_listed(self):
        lead = self.capture("--external-id", "crm-7", "--email", "a@example.com",
                            "--attribute", "size=small")
        changed = self.ok("lead", "update", lead, "--need", "a shop", "--interest", "70",
                          "--budget", "900", "--decision-maker-known")
        self.assertEqual((changed["interest"], changed["budget"]["minorUnits"]), (70, "90000"))
        self.assertEqual(changed["attributes"], {"size": "small"})
        self.refused("ETAG_MISMATCH", "lead", "update", lead, "--need", "x", "--etag", "0")
        self.assertTrue(self.ok("lead", "assign", lead, "anna")["seller"].endswith("/anna"))
        self.assertEqual(self.ok("lead", "assign", lead, "--unassign")["seller"], "")
        self.capture("--email", "b@example.com")
        self.assertEqual(len(self.ok("lead", "list")["leads"]), 2)
        found = self.ok("lead", "list", "--filter", "interest > 50")["leads"]
        self.assertEqual([found_lead["name"] for found_lead in found], [lead])
        paged = self.ok("lead", "list", "--page-size", "1", "--all")
        self.assertEqual((len(paged["leads"]), paged["nextPageToken"]), (2, ""))
        self.assertEqual(self.ok("lead", "get", lead)["externalId"], "crm-7")
        self.assertEqual(self.ok("lead", "request-proposal", lead)["proposals"][0]["state"],
                         "STATE_REQUESTED")

    def test_a_lead_is_labelled_and_a_stance_is_taken(self):
        lead = self.capture("--email", "a@example.com", "--label", "vip", "--label", "late")
        self.capture("--email", "b@example.com")
        found = self.ok("lead", "list", "--filter", "labels:vip")["leads"]
        self.assertEqual([(one["name"], one["labels"]) for one in found], [(lead, ["late", "vip"])])
        self.assertIn("late; vip", self.ctl("lead", "list").out)
        self.assertEqual(self.ok("lead", "update", lead, "--label", "new")["labels"], ["new"])
        self.assertEqual(self.ok("lead", "update", lead, "--label", "")["labels"], [])
        logged = self.ok("lead", "log", lead, "--kind", "call", "--direction", "in",
                         "--expectation", "4")
        self.assertEqual(logged["activity"]["expectation"], 4)
        self.refused("FIELD_INVALID", "lead", "log", lead, "--kind", "call", "--direction", "in",
                     "--expectation", "6")
        taken = self.ok("lead", "stance", lead, "let-go", "--reason", "no budget for years")
        self.assertEqual((taken["stance"], taken["stances"][0]["reason"]),
                         ("STANCE_LET_GO", "no budget for years"))
        self.assertIn("no budget for years", self.ctl("lead", "get", lead).out)

    def test_attributes_of_leads_are_defined(self):
        changed = self.ok("workspace", "update", self.workspace, "--lead-attribute",
                          "staff:number # People who work there", "--lead-attribute",
                          "region:enum=north,south")
        self.assertEqual(changed["leadAttributes"][0],
                         {"key": "staff", "displayName": "People who work there",
                          "type": "ATTRIBUTE_TYPE_NUMBER", "values": []})
        self.assertEqual(changed["leadAttributes"][1]["values"], ["north", "south"])
        self.assertIn("People who work there", self.ctl("workspace", "get").out)
        self.capture("--email", "a@example.com", "--attribute", "staff=12.5")
        self.refused("ATTRIBUTE_INVALID", "lead", "capture", "--email", "b@example.com",
                     "--attribute", "region=west")
        self.refused("ATTRIBUTE_UNKNOWN", "lead", "capture", "--email", "b@example.com",
                     "--attribute", "size=L")
        cleared = self.ok("workspace", "update", self.workspace, "--lead-attribute", "")
        self.assertEqual(cleared["leadAttributes"], [])

    def test_contacts_are_found_listed_and_changed(self):
        self.capture("--name", "Анна", "--email", "anna@example.com", "--messenger",
                     "telegram:@Anna", "--external", "crm:7")
        for words in [("--email", "ANNA@example.com"), ("--messenger", "telegram:anna"),
                      ("--external", "crm:7")]:
            contact = self.ok("contact", "find", *words)
            self.assertEqual(contact["displayName"], "Анна")
        changed = self.ok("contact", "update", contact["name"], "--organization", "ООО")
        self.assertEqual((changed["organization"], len(changed["identities"])), ("ООО", 3))
        self.assertEqual(self.ok("contact", "get", contact["name"])["leadCount"], 1)
        self.assertEqual(len(self.ok("contact", "list", "--filter", 'display_name:"АНН"')
                             ["contacts"]), 1)
        table = self.ctl("contact", "list").out
        self.assertIn("Анна", table)
        self.refused("CONTACT_NOT_FOUND", "contact", "find", "--email", "nobody@example.com")

    def test_contacts_are_cared_for(self):
        first = self.ok("lead", "capture", "--name", "Анна Иванова", "--email", "anna@example.com",
                        "--contact-attribute", "date_of_birth=1990-05-06")
        again = self.ok("lead", "capture", "--name", "Иванова Анна", "--email", "ai@example.com",
                        "--contact-attribute", "date_of_birth=1990-05-06")
        anna, other = first["contact"]["name"], again["contact"]["name"]
        changed = self.ok("contact", "update", anna, "--do-not-email", "yes",
                          "--do-not-email-source", "letter")
        self.assertEqual((changed["doNotEmail"]["refused"], changed["displayName"]),
                         (True, "Анна Иванова"))
        self.refused("DO_NOT_CONTACT", "lead", "log", first["lead"]["name"], "--kind", "email",
                     "--direction", "out")
        pair = self.ok("contact", "duplicates")["duplicates"][0]
        self.assertEqual((pair["contact"], pair["other"]), (anna, other))
        self.assertIn("attributes.date_of_birth 1.00", self.ctl("contact", "duplicates").out)
        self.assertEqual(self.ok("contact", "merge", anna, other)["leadCount"], 2)
        self.assertEqual(self.ok("contact", "unmerge", other)["leadCount"], 1)
        self.assertEqual(self.ok("contact", "duplicates")["duplicates"], [])
        self.ok("contact", "dismiss", anna, other)
        self.ok("referral", "record", other, anna)
        self.refused("REFERRAL_CYCLE", "referral", "record", anna, other)
        self.assertEqual(len(self.ok("referral", "list", anna)["referrals"]), 1)
        document = json.loads(self.ctl("contact", "export", anna).out)
        self.assertEqual(document["do_not_email"]["source"], "letter")
        self.assertEqual(self.ok("contact", "erase", anna)["displayName"], "")
        self.refused("CONTACT_ERASED", "contact", "export", anna)

    def test_load_and_staffing_are_shown_by_the_hours_of_the_week(self):
        self.assertIn("Nothing in this window.", self.ctl("report", "load").out)
        for minute in (5, 25, 45):
            self.ok("lead", "capture", "--email", f"c{minute}@example.com",
                    "--received", f"2026-01-05T06:{minute:02}:00Z")
        window = ("--from", "2026-01-05", "--to", "2026-01-12")
        report = self.ok("report", "load", *window)
        self.assertEqual(report["total"]["arrivals"], "3")
        self.assertEqual(report["busiest"][0]["startTime"], "2026-01-05T06:00:00Z")
        text = self.ctl("report", "load", *window).out
        self.assertIn("Busiest hours", text)
        self.assertIn("Mon", text)
        plan = self.ok("report", "staffing", *window, "--handling", "20m", "--wait", "15m",
                       "--goal", "80%", "--rounds", "20", "--seed", "3")
        self.assertEqual(plan["simulation"]["rounds"], 20)
        self.assertEqual(plan["hours"][9]["arrivalsPerHour"], 3)
        self.assertIn("at peak", self.ctl("report", "staffing", *window, "--handling", "20m",
                                          "--wait", "15m", "--goal", "0.8").out)
        self.refused("FIELD_INVALID", "report", "staffing", "--handling", "20m", "--wait", "15m",
                     "--goal", "100%")

    def test_a_lead_is_scored_and_advised_about(self):
        self.ok("workspace", "update", self.workspace, "--score-feature", "channel",
                "--score-feature", "interest")
        lead = self.ok("lead", "capture", "--email", "a@example.com")["lead"]["name"]
        advice = self.ok("lead", "advise", lead)
        self.assertEqual(advice["action"], "ACTION_STEADY")
        self.assertEqual(advice["reasons"][0]["code"], "score-unknown")
        self.assertIn("score-unknown", self.ctl("lead", "advise", lead).out)
        self.ok("lead", "lose", lead, "--reason", "silence")
        report = self.ok("report", "score")
        self.assertEqual(len(report["features"]), 2)
        self.assertEqual(report["advice"][0]["closed"], "1")
        self.assertIn("Features", self.ctl("report", "score").out)
        self.refused("FIELD_INVALID", "workspace", "update", self.workspace, "--score-feature",
                     "mood")

    def test_channels_campaigns_spend_and_touches_make_a_report(self):
        self.ok("channel", "create", "ads", "--display-name", "Contextual ads")
        self.ok("campaign", "create", "ads", "spring", "--audience", "100")
        self.assertEqual(self.ok("channel", "update", "ads", "--display-name", "Ads")["displayName"],
                         "Ads")
        self.assertEqual(self.ok("campaign", "update", "ads/spring", "--audience", "50")
                         ["audienceSize"], "50")
        captured = self.ok("lead", "capture", "--email", "a@example.com", "--channel", "ads",
                           "--campaign", "ads/spring")
        touched = self.ok("touch", "record", "ads/spring", captured["contact"]["name"])
        self.assertEqual(touched["newlyReached"], "1")
        self.ok("spend", "record", "ads/spring", "30.50", "--date", "2026-01-31")
        report = self.ok("report", "channels", "--campaigns", "--channel", "ads")
        rows = {row["name"].split("/", 2)[2]: row for row in report["rows"]}
        self.assertEqual(rows["channels/ads/campaigns/spring"]["spend"]["minorUnits"], "3050")
        self.assertEqual(rows["channels/ads"]["costPerLead"]["minorUnits"], "3050")
        self.assertIn("spring", self.ctl("report", "channels", "--campaigns").out)
        self.assertEqual(len(self.ok("campaign", "list")["campaigns"]), 1)
        self.assertEqual(len(self.ok("campaign", "list", "--channel", "ads")["campaigns"]), 1)
        self.assertEqual(self.ok("channel", "get", "ads")["displayName"], "Ads")
        self.assertEqual(self.ok("campaign", "get", "ads/spring")["audienceSize"], "50")
        self.refused("CHANNEL_EXISTS", "channel", "create", "ads")

    def test_a_policy_is_validated_and_activated(self):
        wrong = self.write("wrong.yaml", "funnel: f\nstages:\n  - key: a\n  - key: a\n")
        said = self.refused("POLICY_INVALID", "funnel", "validate", wrong)
        self.assertIn("stages[1]", said)
        unreadable = self.write("unreadable.yaml", "stages: [{key: a, entry: magic}]\n")
        self.assertIn("stages[0].entry",
                      self.refused("POLICY_INVALID", "funnel", "validate", unreadable))
        good = self.write("good.yaml", "funnel: f\ntitle: F\nstages:\n  - key: a\n"
                          "  - {key: b, qualifying: true, entry: [need_known]}\n")
        self.assertEqual(self.ctl("funnel", "validate", good).code, 0)
        self.assertEqual(self.ok("funnel", "activate", good)["version"], 1)
        self.capture("--email", "a@example.com", "--funnel", "f")
        less = self.write("less.json", '{"stages": [{"key": "b", "qualifying": true}]}')
        self.refused("STAGE_IN_USE", "funnel", "activate", less, "--funnel", "f")
        self.assertEqual(self.ok("funnel", "activate", less, "--funnel", "f", "--map", "a=b")
                         ["version"], 2)
        self.assertEqual([s["key"] for s in self.ok("funnel", "get", "f@1")["stages"]], ["a", "b"])
        self.assertEqual(len(self.ok("funnel", "list")["funnelPolicies"]), 2)

    def test_a_batch_is_captured_whole_or_not_at_all(self):
        request = '{"contact": {"identities": [{"kind": "KIND_EMAIL", "value": "%s"}]}}'
        good = self.write("good.json", f"[{request % 'a@x.com'}, {request % 'b@x.com'}]")
        self.assertEqual(len(self.ok("lead", "batch-capture", good)["responses"]), 2)
        stray = '{"lead": {"channel": "workspaces/%s/channels/none"}, "contact": {"displayName": "D"}}'
        bad = self.write("bad.json", f"[{request % 'c@x.com'}, {stray % self.workspace}]")
        self.refused("CHANNEL_NOT_FOUND", "lead", "batch-capture", bad)
        self.refused("JSON_INVALID", "lead", "batch-capture", self.write("no.json", "[{"))
        self.assertEqual(len(self.ok("lead", "list")["leads"]), 2)

    def test_a_repeated_request_id_happens_once(self):
        words = ("--email", "a@example.com", "--request-id", "once")
        self.assertEqual(self.capture(*words), self.capture(*words))
        self.refused("REQUEST_ID_REUSED", "lead", "capture", "--email", "b@example.com",
                     "--request-id", "once")

    def test_events_are_listed_and_watched(self):
        lead = self.capture("--email", "a@example.com")
        events = self.ok("event", "list", "--type", "lead-captured")["events"]
        self.assertEqual([event["lead"] for event in events], [lead])
        watched = self.ctl("event", "watch", "--count", "1", "--type", "lead-captured")
        self.assertEqual(watched.code, 0, watched.err)
        self.assertIn("LEAD_CAPTURED", watched.out)
        self.assertEqual(self.ok("event", "list", "--all")["events"][-1]["actor"], "tester")

    def test_workspaces_are_shown_and_changed(self):
        self.assertEqual(self.ok("workspace", "get")["timeZone"], "Europe/Moscow")
        changed = self.ok("workspace", "update", self.workspace, "--display-name", "Студия")
        self.assertEqual(changed["displayName"], "Студия")
        self.assertIn("Студия", self.ctl("workspace", "list").out)
        self.refused("WORKSPACE_EXISTS", "workspace", "create", self.workspace)

    def test_json_shows_every_field_and_int64_as_text(self):
        workspace = self.ok("workspace", "get")
        self.assertIsInstance(workspace["revision"], str)
        self.assertEqual(workspace["displayName"], "")

    def test_a_store_is_proved_without_a_server(self):
        self.capture("--email", "a@example.com")
        self.server.stop()
        run = subprocess.run([SALESCTL, "check", f"--store={self.server.store}"],
                             capture_output=True, check=False, env=environment())
        self.assertEqual((run.returncode, run.stdout[:2]), (0, b"ok"), run.stderr)


class CommandLine(Case):

    def run_alone(self, *words):
        return subprocess.run([SALESCTL, *words], capture_output=True, check=False,
                              env=environment())

    def test_a_wrong_command_line_ends_with_2(self):
        for words in [["fly"], ["lead"], ["lead", "get"], ["lead", "get", "x", "--what"],
                      ["lead", "get", "x"], ["-o", "xml", "workspace", "list"],
                      ["lead", "log", "x", "--kind", "smoke", "--workspace", "w"],
                      ["lead", "capture", "--value", "ten EUR", "--workspace", "w"],
                      ["lead", "advance", "x", "y", "--time", "soon", "--workspace", "w"]]:
            run = self.run_alone(*words)
            self.assertEqual(run.returncode, 2, (words, run.stderr))
            self.assertTrue(run.stderr, words)

    def test_a_server_that_is_away_ends_with_3(self):
        run = self.run_alone("--server=127.0.0.1:1", "--timeout=5", "workspace", "list")
        self.assertEqual(run.returncode, 3)
        self.assertIn(b"[UNAVAILABLE]", run.stderr)
        self.assertIn(b"127.0.0.1:1", run.stderr)

    def test_settings_come_from_the_environment(self):
        run = subprocess.run([SALESCTL, "lead", "get", "x"], capture_output=True, check=False,
                             env={**environment(), "SALESCTL_SERVER": "127.0.0.1:1",
                                  "SALESCTL_WORKSPACE": "w"})
        self.assertEqual(run.returncode, 3)

    def test_a_missing_store_is_named(self):
        run = self.run_alone("check", "--store=sqlite:/nowhere/at.db")
        self.assertEqual(run.returncode, 1)
        self.assertIn(b"[STORE_MISSING]", run.stderr)

    def test_help_names_every_group(self):
        run = self.run_alone("--help")
        self.assertEqual(run.returncode, 0)
        for group in [b"workspace", b"contact", b"lead", b"channel", b"campaign", b"spend",
                      b"touch", b"funnel", b"report", b"event", b"check", b"completion",
                      b"import", b"webhook"]:
            self.assertIn(group, run.stdout)


if __name__ == "__main__":
    unittest.main()
