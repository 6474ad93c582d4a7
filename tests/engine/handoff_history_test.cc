// Random histories of a handoff and its project, against a model that knows the rules only.
#include <algorithm>
#include <random>
#include <set>

#include "gtest/gtest.h"
#include "sales/handoff.h"
#include "tests/engine/handoff_studio.h"

namespace sales::testing {
namespace {

class HandoffHistory : public HandoffStudio, public ::testing::WithParamInterface<unsigned> {
 protected:
  int Below(int bound) { return static_cast<int>(random_() % bound); }

  absl::Status CompleteStep(const std::string& id, int step) {
    switch (step) {
      case 1:
        return Complete(id, Meeting()).status();
      case 2:
        return Complete(id, Prepared()).status();
      case 3:
        return Complete(id, Materials()).status();
      default:
        return Complete(id, Brief()).status();
    }
  }

  // What the events say of who is a member.
  std::set<std::string> ToldMembers(const std::string& project) const {
    std::set<std::string> members;
    for (const Event& event : Events()) {
      if (event.subject != "projects/" + project) continue;
      for (const Change& change : event.changes) {
        if (change.field != "project_member") continue;
        const bool left = change.before.empty() || members.erase(change.before) == 1;
        const bool came = change.after.empty() || members.insert(change.after).second;
        EXPECT_TRUE(left && came) << change.before << " > " << change.after;
      }
    }
    return members;
  }

  std::mt19937 random_{GetParam()};
};

TEST_P(HandoffHistory, IsAcceptedByTheManagerAfterEveryStepAndNotBefore) {
  const std::string id = Won("ivan");
  std::set<int> done;
  bool open = true;
  for (int tries = 0; tries < 60; ++tries) {
    const int choice = Below(9);
    const std::string who = Below(3) == 0 ? "anna" : "mira";
    const bool ready = open && done.size() == 4;
    absl::Status status;
    bool expected = false;
    if (choice < 5) {
      const int step = 1 + Below(4);
      expected = open && done.count(step) == 0 && (step < 4 || done.size() == 3);
      status = CompleteStep(id, step);
      if (expected) done.insert(step);
    } else if (choice == 5) {
      expected = ready && who == "mira";
      const auto step = static_cast<HandoffStep>(1 + Below(4));
      status = desk(As(who)).ReturnHandoff(id, {"something", {step}}).status();
      if (expected) done.erase(static_cast<int>(step)), done.erase(4);
    } else if (choice == 6) {
      // A lead that is open already is not taken up again.
      expected = open;
      ReopenLead reopen;
      reopen.reason = "again";
      reopen.override_reason = "again";
      status = desk().ReopenLead(id, reopen).status();
      if (expected) open = false;
    } else if (choice == 7) {
      expected = !open;
      WinLead win;
      win.override_reason = "signed";
      status = desk().WinLead(id, win).status();
      if (expected) open = true, done.clear();
    } else {
      expected = ready && who == "mira";
      status = desk(As(who)).AcceptHandoff(id).status();
    }
    ASSERT_EQ(status.ok(), expected) << "try " << tries << ", choice " << choice << ": " << status;
    ASSERT_EQ(desk().GetProject(id).ok(), choice == 8 && expected);
    if (choice == 8 && expected) break;
  }
  ExpectClean();
}

TEST_P(HandoffHistory, SaysInItsEventsWhoIsAMember) {
  const std::string id = Accepted("ivan");
  const std::vector<std::string> people = {"anna", "boris", "mira", "pavel", "zoe"};
  const auto somebody = [&] { return people[Below(static_cast<int>(people.size()))]; };
  std::vector<std::string> leads;
  for (int tries = 0; tries < 40; ++tries) {
    const std::string lead = leads.empty() ? "" : leads[Below(static_cast<int>(leads.size()))];
    switch (lead.empty() ? 0 : Below(8)) {
      case 0:
        leads.push_back(desk().RequestWork(id, {.seller = somebody()})->lead.id);
        break;
      case 1:
        (void)desk().LoseLead(lead, {"silent", ""});
        break;
      case 2:
        (void)desk().DeclineLead(lead, Refusal());
        break;
      case 3:
        (void)desk().NurtureLead(lead, {"later", absl::CivilDay(2030, 1, 1), ""});
        break;
      case 4:
        (void)desk().ReopenLead(lead, {"again", "again"});
        break;
      case 5:
        (void)desk().WinLead(lead, {Money{"EUR", 1}, "signed"});
        break;
      case 6:
        if (Below(4) == 0) {
          (void)desk().AssignLead(lead, {"", /*unassign=*/true});
        } else {
          (void)desk().AssignLead(lead, {somebody()});
        }
        break;
      default: {
        UpdateProject update;
        update.members.emplace();
        for (int count = Below(4); count > 0; --count) update.members->push_back(somebody());
        EXPECT_TRUE(desk().UpdateProject(id, update).ok());
      }
    }
    const Project project = *desk().GetProject(id);
    ASSERT_TRUE(std::is_sorted(project.members.begin(), project.members.end()));
    ASSERT_EQ(ToldMembers(id),
              std::set<std::string>(project.members.begin(), project.members.end()))
        << "try " << tries;
    for (const std::string& each : leads) {
      const Lead known = *desk().GetLead(each);
      const bool sells = known.state == LeadState::kOpen || known.state == LeadState::kNurtured;
      if (!sells || known.seller.empty()) continue;
      ASSERT_TRUE(std::binary_search(project.members.begin(), project.members.end(), known.seller));
    }
  }
  ASSERT_TRUE(desk().CloseProject(id, {3}).ok());
  const Project closed = *desk().GetProject(id);
  EXPECT_EQ(ToldMembers(id), std::set<std::string>(closed.members.begin(), closed.members.end()));
  ExpectClean();
}

INSTANTIATE_TEST_SUITE_P(Seeds, HandoffHistory, ::testing::Range(0u, 8u));

}  // namespace
}  // namespace sales::testing
