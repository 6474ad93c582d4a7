// How long it takes to look for duplicates among many contacts.
#include <cstdint>
#include <ctime>
#include <string>
#include <vector>

#include "absl/strings/str_format.h"
#include "sales/duplicate.h"
#include "tests/load/bench.h"

namespace sales::load {
namespace {

constexpr char kWorkspace[] = "bench";
constexpr int64_t kBatch = 500;

uint64_t Mixed(uint64_t number) {
  number = (number ^ (number >> 30)) * 0xBF58476D1CE4E5B9ull;
  number = (number ^ (number >> 27)) * 0x94D049BB133111EBull;
  return number ^ (number >> 31);
}

std::string Name(uint64_t seed, int syllables) {
  constexpr const char* kSyllables[] = {"ba", "ko", "mi", "ren", "ta", "lo",  "vi", "san",
                                        "de", "ru", "pe", "nik", "ol", "gar", "su", "han"};
  std::string name;
  for (int i = 0; i < syllables; ++i, seed >>= 4) name += kSyllables[seed & 15];
  return name;
}

// One of a population in which given names are few and family names many, as names are; every tenth
// is there twice, written otherwise.
CaptureLead Person(int64_t number) {
  const bool again = number % 10 == 9;
  const uint64_t seed = Mixed(static_cast<uint64_t>(again ? number - 5 : number));
  std::string family = Name(seed >> 8, 4);
  const int day = static_cast<int>(seed >> 40) % 28 + 1;
  CaptureLead lead;
  lead.contact.attributes["date_of_birth"] =
      absl::StrFormat("19%02d-%02d-%02d", (seed >> 48) % 90, (seed >> 56) % 12 + 1, day);
  lead.contact.attributes["city"] = Name(seed >> 30, 2);
  if (again) family[family.size() / 2] = 'x';
  lead.contact.display_name = Name(seed, 2) + " " + family;
  lead.contact.identities = {Email(family + std::to_string(number) + "@example.com")};
  return lead;
}

// Seconds of the processor: the work is one thread's, and whoever else is busy does not count.
double Processor() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

void Fill(const Desk& desk, int64_t first, int64_t end) {
  for (int64_t at = first; at < end; at += kBatch) {
    std::vector<CaptureLead> people;
    for (int64_t i = at; i < at + kBatch; ++i) people.push_back(Person(i));
    Require(desk.BatchCaptureLeads(people).status());
  }
}

}  // namespace

void BenchDuplicates(const Options& options, Lines& lines) {
  const Engine engine = OpenStore(options.directory + "/duplicates.db");
  CreateWorkspace workspace;
  workspace.id = kWorkspace;
  Require(engine.CreateWorkspace(workspace).status());
  const Desk desk = engine.At(kWorkspace);
  int64_t filled = 0;
  double before = 0;
  for (const int64_t size : {10'000, options.quick ? 0 : 100'000}) {
    if (size == 0) continue;
    Fill(desk, filled, size);
    filled = size;
    const double first = Processor();
    Require(desk.ListDuplicates({}).status());
    lines.push_back(
        {absl::StrFormat("h  ListDuplicates, the first, which makes the keys of %d", size),
         absl::StrFormat("%.0f ms", (Processor() - first) * 1e3), 0, ""});
    const double start = Processor();
    const auto page = desk.ListDuplicates({});
    Require(page.status());
    const double seconds = Processor() - start;
    lines.push_back({absl::StrFormat("h  ListDuplicates, a page of %d contacts' pairs", size),
                     absl::StrFormat("%.0f ms", seconds * 1e3), before > 0 ? seconds / before : 0,
                     before > 0 ? "< 15 of 10000" : ""});
    before = seconds;
    DuplicateQuery around;
    around.contact = page->items.at(0).contact;
    const double one = Processor();
    Require(desk.ListDuplicates(around).status());
    lines.push_back({absl::StrFormat("h  ListDuplicates of one contact among %d", size),
                     absl::StrFormat("%.2f ms", (Processor() - one) * 1e3), 0, ""});
  }
}

}  // namespace sales::load
