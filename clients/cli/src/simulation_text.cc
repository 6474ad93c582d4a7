#include "clients/cli/src/simulation_text.h"

#include "absl/strings/ascii.h"
#include "absl/strings/strip.h"
#include "clients/cli/src/print.h"
#include "clients/cli/src/table.h"
#include "clients/cli/src/values.h"

namespace salesctl {
namespace {

constexpr auto kRight = Table::Align::kRight;
constexpr int kRefusalsShown = 20;

std::string Count(int64_t number) { return number == 0 ? "–" : FormatCount(number); }

std::string StageOr(const std::string& stage, const char* otherwise) {
  return stage.empty() ? otherwise : stage;
}

std::string GatesText(const sales::v1::SimulateFunnelPolicyResponse& simulation) {
  Table gates({{"INTO"},
               {"MOVES", kRight},
               {"PASSED", kRight},
               {"REFUSED", kRight},
               {"NOT ALLOWED", kRight},
               {"OVERRIDDEN", kRight},
               {"SPARED", kRight},
               {"UNDECIDED", kRight},
               {"WORK UNITS", kRight}});
  Table conditions({{"INTO"}, {"ASKED BY"}, {"CONDITION"}, {"REFUSED", kRight}});
  const auto add = [&](const sales::v1::SimulatedGate& gate) {
    const std::string into = StageOr(gate.stage(), "won");
    gates.Add({into, FormatCount(gate.moves()), Count(gate.passed()), Count(gate.refused()),
               Count(gate.not_allowed()), Count(gate.overridden()), Count(gate.overrides_spared()),
               Count(gate.undecided()), Count(gate.work_units())});
    for (const sales::v1::SimulatedCondition& condition : gate.conditions()) {
      conditions.Add({into, condition.stage(), ForTerminal(condition.condition()),
                      FormatCount(condition.refused())});
    }
  };
  for (const sales::v1::SimulatedGate& gate : simulation.stages()) add(gate);
  add(simulation.win());
  gates.DropColumnsOf("–");
  return gates.ToText() + (conditions.empty() ? "" : "\n" + conditions.ToText());
}

// "response".
std::string ClockWord(sales::v1::LeadClock::Kind clock) {
  return absl::AsciiStrToLower(absl::StripPrefix(sales::v1::LeadClock::Kind_Name(clock), "KIND_"));
}

std::string LimitsText(const sales::v1::SimulateFunnelPolicyResponse& simulation) {
  Table table({{"LIMIT OF"}, {"CLOCK"}, {"CLOCKS", kRight}, {"BREACHED", kRight}});
  for (const sales::v1::SimulatedLimit& limit : simulation.limits()) {
    table.Add({limit.stage(), ClockWord(limit.clock()), FormatCount(limit.clocks()),
               FormatCount(limit.breached())});
  }
  return table.empty() ? "" : "\n" + table.ToText();
}

std::string RefusalsText(const sales::v1::SimulateFunnelPolicyResponse& simulation) {
  if (simulation.refusals().empty()) return "";
  Table table({{"LEAD"}, {"FROM"}, {"TO"}, {"MISSING"}});
  int shown = 0;
  for (const sales::v1::SimulatedRefusal& refusal : simulation.refusals()) {
    if (++shown > kRefusalsShown) break;
    std::string missing = refusal.not_allowed() ? "not allowed" : "";
    for (const sales::v1::MissingCondition& condition : refusal.missing()) {
      missing += (missing.empty() ? "" : "; ") + condition.condition();
    }
    table.Add({ShortName(refusal.lead()), StageOr(refusal.from_stage(), "(captured)"),
               StageOr(refusal.to_stage(), "won"), ForTerminal(missing)});
  }
  std::string text = "\n" + table.ToText();
  const int64_t more = simulation.refusals_size() + simulation.refusals_left_out() - kRefusalsShown;
  if (more > 0) text += "(" + FormatCount(more) + " more: -o json lists up to 1000)\n";
  return text;
}

}  // namespace

std::string SimulationText(const sales::v1::SimulateFunnelPolicyResponse& simulation) {
  std::string text = "Funnel " + ShortName(simulation.funnel()) + ", as of revision " +
                     std::to_string(simulation.as_of_revision()) + ": of " +
                     FormatCount(simulation.leads()) + " leads, " +
                     FormatCount(simulation.leads_refused()) + " would have been stopped\n\n";
  text += GatesText(simulation) + LimitsText(simulation);
  const sales::v1::SimulatedDeclines& declines = simulation.declines();
  if (declines.count() > 0) {
    text += "\ndeclined " + FormatCount(declines.count()) + ": argued with better " +
            FormatCount(declines.better()) + ", price " + FormatCount(declines.price()) +
            ", differ " + FormatCount(declines.differ()) + ", alternatives " +
            FormatCount(declines.alternatives()) + "; refused " + FormatCount(declines.refused()) +
            "\n";
  }
  for (const sales::v1::UnknownStage& unknown : simulation.unknown_stages()) {
    text += "\nunknown to the policy: " + unknown.stage() + ", " + FormatCount(unknown.moves()) +
            " moves of " + FormatCount(unknown.leads()) + " leads";
  }
  if (!simulation.unknown_stages().empty()) text += "\n";
  return text + RefusalsText(simulation);
}

}  // namespace salesctl
