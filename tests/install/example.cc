// The README's example: what it shows is cut from here, and here it is compiled and run against an
// installed libsales.
// [README]
#include <iostream>

#include "sales/engine.h"

int main() {
  absl::StatusOr<sales::Engine> engine = sales::Engine::Open({.store = "sqlite:studio.db"});
  if (!engine.ok()) {
    std::cerr << engine.status() << "\n";
    return 1;
  }
  engine->CreateWorkspace({.id = "studio", .time_zone = "Europe/Berlin"}).IgnoreError();
  const sales::Desk desk = engine->At("studio", {.actor = "anna"});

  auto captured = desk.CaptureLead(
      {.contact = {.display_name = "Иван Петров", .identities = {sales::Email("ivan@example.com")}},
       .need = "online shop"});
  if (!captured.ok()) {
    std::cerr << captured.status() << "\n";
    return 1;
  }
  const std::string lead = captured->lead.id;

  // Work begins when requirements are agreed and a price is offered, and not before.
  auto early = desk.AdvanceLead(lead, {.stage = "start_of_work"});
  for (const auto& missing : sales::DetailOf(early.status()).missing) {
    std::cout << "missing: " << missing.condition << "\n";
  }

  // A refusal has arguments, or it is none.
  auto declined = desk.DeclineLead(
      lead, {.reason = "price",
             .arguments = {.price = "Three people for two months, tests and hosting included."},
             .alternatives = "A shop from a template, for a tenth of the price.",
             .may_keep_in_touch = true});
  std::cout << (declined.ok() ? "declined well" : declined.status().ToString()) << "\n";
  return declined.ok() ? 0 : 1;
}
// [/README]
