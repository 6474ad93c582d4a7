// A studio in which something is in almost every table.
#ifndef SALES_TESTS_CARE_FULL_STUDIO_H_
#define SALES_TESTS_CARE_FULL_STUDIO_H_

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "sales/handoff.h"
#include "sales/plan.h"
#include "sales/team.h"
#include "tests/engine/handoff_studio.h"

namespace sales::testing {

class FullStudio : public HandoffStudio {
 protected:
  void Live() {
    EXPECT_TRUE(desk().CreateTeam({"north", "North"}).ok());
    CreateSeller anna;
    anna.id = "anna";
    anna.team = "north";
    EXPECT_TRUE(desk().CreateSeller(anna).ok());
    EXPECT_TRUE(desk().CreateChannel({"email", "E-mail"}).ok());
    EXPECT_TRUE(desk().CreateCampaign({"email", "spring", "Spring"}).ok());
    EXPECT_TRUE(
        desk()
            .RecordSpend({"email", "spring", Money{"EUR", 5'000}, absl::CivilDay(2026, 3, 1)})
            .ok());
    SetPlan plan;
    plan.quarter = "2026-Q1";
    plan.targets.won = 3;
    EXPECT_TRUE(desk().SetPlan(plan).ok());
    CaptureTold();
    Decline();
    Merge();
    const std::string won = Briefed("Иван \"the \\ great\"\n");
    EXPECT_TRUE(desk(As("mira")).AcceptHandoff(won).ok());
    clock_.Turn(absl::Hours(48));
    EXPECT_TRUE(engine_->Sweep().ok());
  }

  // A lead with a plan and a text with every sort of character, made under a request id.
  void CaptureTold() {
    CaptureLead capture = Person("told");
    capture.need = "a shop\twith \"quotes\", \\ and\r\n\x01\x1f lines; ещё";
    capture.attributes = {{"size", "большой"}};
    capture.labels = {"vip", "early"};
    capture.seller = "anna";
    capture.external_id = "row-1";
    const auto captured = desk(WithRequest("told")).CaptureLead(capture);
    ASSERT_TRUE(captured.ok()) << captured.status();
    told_ = captured->lead.id;
    PlanActivity next;
    next.due_time = clock_.Now() + absl::Hours(24);
    next.text = "to be called";
    EXPECT_TRUE(desk().PlanActivity(told_, next).ok());
    EXPECT_TRUE(desk().SetStance(told_, {Stance::kPursue, "it draws others"}).ok());
    EXPECT_TRUE(desk().RecordTouches({"email", "spring", {captured->contact.id}}).ok());
  }

  void Decline() {
    const std::string lead = Capture("declined").lead.id;
    EXPECT_TRUE(
        desk().LogActivity(lead, {ActivityKind::kCall, Direction::kOut, {}, "called"}).ok());
    EXPECT_TRUE(desk().AgreeRequirements(lead, {"three pages"}).ok());
    EXPECT_TRUE(desk().SendProposal(lead, {"all of it", {"EUR", 900}, std::nullopt}).ok());
    EXPECT_TRUE(desk().DeclineLead(lead, Refusal()).ok());
  }

  void Merge() {
    const CaptureResult kept = Capture("kept");
    const CaptureResult merged = Capture("merged");
    EXPECT_TRUE(desk().MergeContacts(kept.contact.id, merged.contact.id).ok());
    const CaptureResult erased = Capture("erased");
    EXPECT_TRUE(desk().EraseContact(erased.contact.id).ok());
  }

  static std::string ExportOf(const Desk& desk) {
    std::string text;
    const absl::Status exported = desk.ExportWorkspace([&text](const std::string& piece) {
      text += piece;
      return absl::OkStatus();
    });
    EXPECT_TRUE(exported.ok()) << exported;
    return text;
  }

  // Gives the text in pieces of some bytes, cut anywhere.
  static Engine::ReadText Pieces(std::string text, size_t bytes = 1000) {
    return [text = std::move(text), bytes, at = size_t{0}]() mutable {
      std::string piece = text.substr(at, bytes);
      at += piece.size();
      return absl::StatusOr<std::string>(std::move(piece));
    };
  }

  // Another store, with nothing in it.
  Engine Elsewhere(const std::string& name = "other.db") const {
    elsewhere_.push_back(std::make_unique<rigs::FreshStore>(directory_ + "/" + name));
    EngineOptions options = Options();
    options.store = elsewhere_.back()->name();
    auto engine = Engine::Open(options);
    EXPECT_TRUE(engine.ok()) << engine.status();
    return *std::move(engine);
  }

  std::string told_;

 private:
  mutable std::vector<std::unique_ptr<rigs::FreshStore>> elsewhere_;
};

}  // namespace sales::testing

#endif  // SALES_TESTS_CARE_FULL_STUDIO_H_
