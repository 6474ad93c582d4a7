// A studio with a won lead, and the evidence of its handoff.
#ifndef SALES_TESTS_ENGINE_HANDOFF_STUDIO_H_
#define SALES_TESTS_ENGINE_HANDOFF_STUDIO_H_

#include <string>
#include <utility>

#include "sales/handoff.h"
#include "tests/engine/studio.h"

namespace sales::testing {

class HandoffStudio : public Studio {
 protected:
  static Call As(std::string actor) {
    Call call;
    call.actor = std::move(actor);
    return call;
  }

  // A lead that anna won; its id is its handoff's.
  std::string Won(const std::string& name) const {
    CaptureLead lead = Person(name);
    lead.seller = "anna";
    lead.expected_value = Money{"EUR", 480'000};
    const std::string id = desk().CaptureLead(lead)->lead.id;
    WinLead win;
    win.override_reason = "signed at once";
    EXPECT_TRUE(desk(As("anna")).WinLead(id, win).ok());
    return id;
  }

  Introduction Meeting() const {
    Introduction introduction;
    introduction.meet_time = clock_.Now() + absl::Hours(24);
    introduction.place = "Keizersgracht 1";
    introduction.client_participants = {{"Иван Петров", "ivan@client.example", "", "owner"}};
    introduction.studio_participants = {{"Mira Jansen", "mira@studio.example", "", "manager"}};
    return introduction;
  }
  static ProjectPrepared Prepared() {
    return {"Redmine", "https://plan.example/shop", {"olga", "boris"}};
  }
  static MaterialsShared Materials() {
    MaterialsShared materials;
    materials.documents = {{"Contract", "https://disk.example/contract"}};
    return materials;
  }
  static Briefing Brief() { return {"mira", "He calls before nine."}; }

  template <typename Evidence>
  absl::StatusOr<Handoff> Complete(const std::string& handoff, Evidence evidence) const {
    CompleteHandoffStep command;
    command.evidence = std::move(evidence);
    return desk(As("anna")).CompleteHandoffStep(handoff, command);
  }
  // A handoff of which the manager, mira, was briefed.
  std::string Briefed(const std::string& name) const {
    const std::string id = Won(name);
    EXPECT_TRUE(Complete(id, Meeting()).ok());
    EXPECT_TRUE(Complete(id, Prepared()).ok());
    EXPECT_TRUE(Complete(id, Materials()).ok());
    EXPECT_TRUE(Complete(id, Brief()).ok());
    return id;
  }
  // A project of which mira is the manager and anna the seller.
  std::string Accepted(const std::string& name) const {
    const std::string id = Briefed(name);
    EXPECT_TRUE(desk(As("mira")).AcceptHandoff(id).ok());
    return id;
  }

  // The events of a type, in order.
  std::vector<Event> EventsOf(EventType type) const {
    std::vector<Event> found;
    for (Event& event : Events()) {
      if (event.type == type) found.push_back(std::move(event));
    }
    return found;
  }
  // "handoff_state OPEN>BRIEFED; handoff_step >briefed".
  static std::string Told(const Event& event) {
    std::string text;
    for (const Change& change : event.changes) {
      if (!text.empty()) text += "; ";
      text += change.field + " " + change.before + ">" + change.after;
    }
    return text;
  }
};

}  // namespace sales::testing

#endif  // SALES_TESTS_ENGINE_HANDOFF_STUDIO_H_
