#include "src/decide/attribute_schema.h"

#include <string>
#include <vector>

#include "sales/limits.h"
#include "tests/unit/lead_fixture.h"

namespace sales {
namespace {

using Texts = std::vector<std::string>;

AttributeSchema SchemaOfAllTypes() {
  return {{"notes", "Notes", AttributeType::kText, {}},
          {"staff", "People who work there", AttributeType::kNumber, {}},
          {"signed", "", AttributeType::kBoolean, {}},
          {"founded", "", AttributeType::kDate, {}},
          {"region", "", AttributeType::kEnum, {"north", "south", "дальний"}}};
}

absl::Status Check(const std::string& key, const std::string& value) {
  return CheckAttributeValues("attributes", {{key, value}}, SchemaOfAllTypes());
}

Condition Compares(std::string key, Comparison comparison, std::string value) {
  Condition condition;
  condition.kind = Condition::Kind::kAttribute;
  condition.key = std::move(key);
  condition.comparison = comparison;
  condition.value = std::move(value);
  return condition;
}

Texts FaultsOf(const FunnelPolicy& policy, const AttributeSchema& schema) {
  Texts faults;
  for (const PolicyFault& fault : CheckComparedAttributes(policy, schema)) {
    faults.push_back(fault.path + " " + fault.code);
    EXPECT_FALSE(fault.description.empty());
  }
  return faults;
}

Texts FaultsOf(const Condition& condition) {
  FunnelPolicy policy = PlainPolicy();
  policy.stages[1].entry = condition;
  return FaultsOf(policy, SchemaOfAllTypes());
}

TEST(AttributeSchema, TakesEveryType) {
  EXPECT_DONE(CheckAttributeSchema("lead_attributes", SchemaOfAllTypes()));
  EXPECT_DONE(CheckAttributeSchema("lead_attributes", {}));
}

struct BadSchema {
  std::string field;
  std::string reason;
  void (*spoil)(AttributeSchema& schema);
};

TEST(AttributeSchema, ChecksEachField) {
  const BadSchema cases[] = {
      {"s", "LIST_TOO_LONG", [](AttributeSchema& s) { s.resize(limits::attributes_max + 1); }},
      {"s[0].key", "FIELD_REQUIRED", [](AttributeSchema& s) { s[0].key.clear(); }},
      {"s[0].key", "ID_INVALID", [](AttributeSchema& s) { s[0].key = "Bad Key"; }},
      {"s[1].key", "FIELD_INVALID", [](AttributeSchema& s) { s[1].key = s[0].key; }},
      {"s[2].display_name", "TEXT_INVALID", [](AttributeSchema& s) { s[2].display_name = "\xff"; }},
      {"s[2].type", "FIELD_REQUIRED",
       [](AttributeSchema& s) { s[2].type = AttributeType::kUnspecified; }},
      {"s[2].type", "ENUM_UNKNOWN",
       [](AttributeSchema& s) { s[2].type = static_cast<AttributeType>(9); }},
      {"s[1].values", "FIELD_INVALID", [](AttributeSchema& s) { s[1].values = {"1"}; }},
      {"s[4].values", "FIELD_REQUIRED", [](AttributeSchema& s) { s[4].values.clear(); }},
      {"s[4].values", "LIST_TOO_LONG",
       [](AttributeSchema& s) { s[4].values.assign(limits::attribute_values_max + 1, "x"); }},
      {"s[4].values[1]", "FIELD_REQUIRED", [](AttributeSchema& s) { s[4].values[1] = " "; }},
      {"s[4].values[1]", "TEXT_TOO_LONG",
       [](AttributeSchema& s) {
         s[4].values[1] = std::string(limits::attribute_choice_bytes_max + 1, 'x');
       }},
      {"s[4].values[2]", "FIELD_INVALID", [](AttributeSchema& s) { s[4].values[2] = "north"; }},
  };
  for (const BadSchema& bad : cases) {
    AttributeSchema schema = SchemaOfAllTypes();
    bad.spoil(schema);
    const absl::Status refused = CheckAttributeSchema("s", schema);
    EXPECT_REFUSED(refused, bad.reason) << bad.field;
    EXPECT_EQ(FieldOf(refused), bad.field);
  }
}

TEST(AttributeValues, OfTheirTypesAreTaken) {
  for (const char* value : {"0", "-1", "12.5", "-0.50", "100000000000000000000.000000000001"}) {
    EXPECT_DONE(Check("staff", value));
  }
  for (const char* value : {"true", "false"}) EXPECT_DONE(Check("signed", value));
  for (const char* value : {"1970-01-01", "2024-02-29", "2199-12-31"}) {
    EXPECT_DONE(Check("founded", value));
  }
  for (const char* value : {"north", "дальний"}) EXPECT_DONE(Check("region", value));
  for (const char* value : {"", "anything"}) EXPECT_DONE(Check("notes", value));
}

TEST(AttributeValues, OfOtherFormsAreRefused) {
  for (const char* value : {"", "-", ".5", "5.", "05", "+5", "1e3", "1,5", " 5", "five", "1.2.3"}) {
    EXPECT_REFUSED(Check("staff", value), "ATTRIBUTE_INVALID") << value;
  }
  for (const char* value : {"", "True", "yes", "1"}) {
    EXPECT_REFUSED(Check("signed", value), "ATTRIBUTE_INVALID") << value;
  }
  for (const char* value : {"", "2023-02-29", "2024-2-9", "01.02.2024", "1969-12-31", "2200-01-01",
                            "2024-01-01T00:00:00Z"}) {
    EXPECT_REFUSED(Check("founded", value), "ATTRIBUTE_INVALID") << value;
  }
  for (const char* value : {"", "North", "east"}) {
    EXPECT_REFUSED(Check("region", value), "ATTRIBUTE_INVALID") << value;
  }
}

TEST(AttributeValues, AreRefusedByNameAndTypeButNotRepeated) {
  const absl::Status refused = Check("region", "Анна Петрова");
  EXPECT_EQ(FieldOf(refused), "attributes[\"region\"]");
  EXPECT_EQ(MetadataOf(refused, "attribute"), "region");
  EXPECT_EQ(MetadataOf(refused, "type"), "ENUM");
  EXPECT_NE(refused.message().find("one of north, south, дальний"), std::string::npos) << refused;
  EXPECT_EQ(refused.ToString().find("Анна"), std::string::npos);
}

TEST(AttributeValues, OfAKeyThatIsNotDefinedAreRefused) {
  const absl::Status refused = Check("size", "10");
  EXPECT_REFUSED(refused, "ATTRIBUTE_UNKNOWN");
  EXPECT_EQ(FieldOf(refused), "attributes[\"size\"]");
  EXPECT_EQ(MetadataOf(refused, "attribute"), "size");
}

TEST(AttributeValues, AreAnyTextWhereNothingIsDefined) {
  EXPECT_DONE(CheckAttributeValues("attributes", {{"size", "ten or so"}}, {}));
}

TEST(ComparedAttributes, MayBeComparedAsTheirTypesAllow) {
  EXPECT_EQ(FaultsOf(Compares("staff", Comparison::kGreaterOrEqual, "9.5")), Texts{});
  EXPECT_EQ(FaultsOf(Compares("founded", Comparison::kLess, "2020-01-01")), Texts{});
  EXPECT_EQ(FaultsOf(Compares("notes", Comparison::kLess, "m")), Texts{});
  EXPECT_EQ(FaultsOf(Compares("signed", Comparison::kEqual, "true")), Texts{});
  EXPECT_EQ(FaultsOf(Compares("region", Comparison::kNotEqual, "south")), Texts{});
  EXPECT_EQ(FaultsOf(Compares("staff", Comparison::kSet, "")), Texts{});
}

TEST(ComparedAttributes, AreFaultsWhereTheSchemaCannotHoldThem) {
  const std::string at = "stages[1].entry.attribute";
  EXPECT_EQ(FaultsOf(Compares("size", Comparison::kSet, "")), Texts{at + ".key ATTRIBUTE_UNKNOWN"});
  EXPECT_EQ(FaultsOf(Compares("staff", Comparison::kLess, "many")),
            Texts{at + ".value VALUE_INVALID"});
  EXPECT_EQ(FaultsOf(Compares("founded", Comparison::kLess, "2020")),
            Texts{at + ".value VALUE_INVALID"});
  EXPECT_EQ(FaultsOf(Compares("region", Comparison::kEqual, "east")),
            Texts{at + ".value VALUE_INVALID"});
  EXPECT_EQ(FaultsOf(Compares("region", Comparison::kLess, "north")),
            Texts{at + ".operator COMPARISON_INVALID"});
  EXPECT_EQ(FaultsOf(Compares("signed", Comparison::kGreater, "yes")),
            (Texts{at + ".operator COMPARISON_INVALID", at + ".value VALUE_INVALID"}));
}

TEST(ComparedAttributes, AreFoundAtEveryDepth) {
  Condition inner;
  inner.kind = Condition::Kind::kNot;
  inner.children = {Compares("size", Comparison::kSet, "")};
  Condition any;
  any.kind = Condition::Kind::kAnyOf;
  any.children = {FactIs(Fact::kNeedKnown), inner};
  Condition all;
  all.kind = Condition::Kind::kAllOf;
  all.children = {any};
  EXPECT_EQ(FaultsOf(all),
            Texts{"stages[1].entry.all_of[0].any_of[1].not.attribute.key ATTRIBUTE_UNKNOWN"});
}

TEST(ComparedAttributes, AreNoFaultsWhereNothingIsDefined) {
  FunnelPolicy policy = PlainPolicy();
  policy.stages[1].entry = Compares("size", Comparison::kLess, "L");
  EXPECT_EQ(FaultsOf(policy, {}), Texts{});
}

TEST(ComparedAttributes, LearnTheirTypesFromTheSchema) {
  FunnelPolicy policy = PlainPolicy();
  policy.stages[1].entry.children = {Compares("staff", Comparison::kLess, "5"),
                                     Compares("size", Comparison::kLess, "5")};
  TypeComparedAttributes(SchemaOfAllTypes(), policy);
  EXPECT_EQ(policy.stages[1].entry.children[0].attribute_type, AttributeType::kNumber);
  EXPECT_EQ(policy.stages[1].entry.children[1].attribute_type, AttributeType::kUnspecified);
  TypeComparedAttributes({}, policy);
  EXPECT_EQ(policy.stages[1].entry.children[0].attribute_type, AttributeType::kUnspecified);
}

}  // namespace
}  // namespace sales
