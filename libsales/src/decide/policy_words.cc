#include "src/decide/policy_words.h"

#include <cstddef>

namespace sales {
namespace {

template <typename T>
struct Word {
  T value;
  const char* name;
};

struct FactWord {
  Fact value;
  const char* name;
  const char* description;
};

constexpr FactWord kFacts[] = {
    {Fact::kSellerAssigned, "seller_assigned", "A seller is assigned to the lead."},
    {Fact::kResponded, "responded", "The client has been answered."},
    {Fact::kNeedKnown, "need_known", "It is written down what the client needs."},
    {Fact::kBudgetKnown, "budget_known", "It is known what the client can spend."},
    {Fact::kDecisionMakerKnown, "decision_maker_known", "It is known who decides."},
    {Fact::kRequirementsAgreed, "requirements_agreed", "Requirements are agreed with the client."},
    {Fact::kPriceOffered, "price_offered", "A proposal with a price was sent and still stands."},
    {Fact::kPriceAccepted, "price_accepted", "The client has accepted a proposal."},
};

constexpr Word<Comparison> kComparisons[] = {
    {Comparison::kEqual, "="},   {Comparison::kNotEqual, "!="},
    {Comparison::kLess, "<"},    {Comparison::kLessOrEqual, "<="},
    {Comparison::kGreater, ">"}, {Comparison::kGreaterOrEqual, ">="},
    {Comparison::kSet, "set"},
};

constexpr Word<ActivityKind> kKinds[] = {
    {ActivityKind::kCall, "CALL"},       {ActivityKind::kEmail, "EMAIL"},
    {ActivityKind::kMessage, "MESSAGE"}, {ActivityKind::kMeeting, "MEETING"},
    {ActivityKind::kNote, "NOTE"},
};

constexpr Word<Direction> kDirections[] = {
    {Direction::kIn, "IN"},
    {Direction::kOut, "OUT"},
    {Direction::kInternal, "INTERNAL"},
};

constexpr Word<ProposalState> kProposalStates[] = {
    {ProposalState::kRequested, "REQUESTED"}, {ProposalState::kSent, "SENT"},
    {ProposalState::kAccepted, "ACCEPTED"},   {ProposalState::kRejected, "REJECTED"},
    {ProposalState::kExpired, "EXPIRED"},     {ProposalState::kWithdrawn, "WITHDRAWN"},
};

constexpr Word<Stance> kStances[] = {
    {Stance::kPursue, "PURSUE"},
    {Stance::kSteady, "STEADY"},
    {Stance::kLetGo, "LET_GO"},
};

template <typename T, size_t kCount>
const char* NameIn(const Word<T> (&words)[kCount], T value) {
  for (const Word<T>& word : words) {
    if (word.value == value) return word.name;
  }
  return "";
}

bool IsLowerCaseOf(std::string_view text, std::string_view name) {
  if (text.size() != name.size()) return false;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != name[i] - 'A' + 'a') return false;
  }
  return true;
}

template <typename T, size_t kCount>
std::optional<T> ValueInLowerCase(const Word<T> (&words)[kCount], std::string_view name) {
  for (const Word<T>& word : words) {
    if (IsLowerCaseOf(name, word.name)) return word.value;
  }
  return std::nullopt;
}

}  // namespace

const char* FactName(Fact fact) {
  for (const FactWord& word : kFacts) {
    if (word.value == fact) return word.name;
  }
  return "";
}

const char* FactDescription(Fact fact) {
  for (const FactWord& word : kFacts) {
    if (word.value == fact) return word.description;
  }
  return "";
}

const char* ComparisonSign(Comparison comparison) { return NameIn(kComparisons, comparison); }
const char* ActivityKindName(ActivityKind kind) { return NameIn(kKinds, kind); }
const char* DirectionName(Direction direction) { return NameIn(kDirections, direction); }
const char* StanceName(Stance stance) { return NameIn(kStances, stance); }

const char* ProposalStateName(ProposalState state) { return NameIn(kProposalStates, state); }

std::optional<Fact> ParseFact(std::string_view name) {
  for (const FactWord& word : kFacts) {
    if (name == word.name) return word.value;
  }
  return std::nullopt;
}

std::optional<Comparison> ParseComparison(std::string_view sign) {
  for (const Word<Comparison>& word : kComparisons) {
    if (sign == word.name) return word.value;
  }
  return std::nullopt;
}

std::optional<ActivityKind> ParseActivityKind(std::string_view name) {
  return ValueInLowerCase(kKinds, name);
}

std::optional<Direction> ParseDirection(std::string_view name) {
  return ValueInLowerCase(kDirections, name);
}

}  // namespace sales
