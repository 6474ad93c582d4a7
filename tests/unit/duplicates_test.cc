// Which contacts are proposed as one: on made-up pairs, and on records with their truth.
#include "src/decide/duplicates.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <tuple>
#include <vector>

#include "sales/limits.h"

// Where the data lies that is too large, or not ours, to be kept in the tree.
#ifndef SALES_DATA
#define SALES_DATA "../shared/data"
#endif

namespace sales {
namespace {

Contact Named(const std::string& name) {
  Contact contact;
  contact.display_name = name;
  return contact;
}

double Score(const Contact& a, const Contact& b) {
  return ScoreDuplicate(DuplicateRecordOf(a), DuplicateRecordOf(b));
}

bool ShareABlock(const Contact& a, const Contact& b) {
  for (const Block& one : BlocksOf(a)) {
    for (const Block& other : BlocksOf(b)) {
      if (one.key == other.key) return true;
    }
  }
  return false;
}

Contact Ivan() {
  Contact contact = Named("Иван Петров");
  contact.organization = "ООО «Ромашка»";
  contact.attributes = {{"date_of_birth", "1980-02-29"}, {"city", "Тверь"}};
  return contact;
}

TEST(Duplicates, OfOnePersonWrittenTwiceAreSure) {
  Contact again = Ivan();
  again.display_name = "ПЕТРОВ, Иван";
  again.organization = "ооо \"ромашка\"";
  EXPECT_GT(Score(Ivan(), again), 0.99);
  EXPECT_TRUE(ShareABlock(Ivan(), again));
}

TEST(Duplicates, SurviveAMistake) {
  Contact typo = Ivan();
  typo.display_name = "Иван Перов";
  typo.attributes["date_of_birth"] = "1980-02-28";
  EXPECT_GT(Score(Ivan(), typo), 0.9);
  EXPECT_TRUE(ShareABlock(Ivan(), typo));
}

TEST(Duplicates, OfColleaguesAreNone) {
  Contact colleague = Named("Анна Кузнецова");
  colleague.organization = Ivan().organization;
  EXPECT_LT(Score(Ivan(), colleague), 0.01);
}

TEST(Duplicates, OfANamesakeAreNoneIfHeWasBornOtherwise) {
  Contact namesake = Named("Иван Петров");
  namesake.attributes["date_of_birth"] = "1955-11-03";
  EXPECT_LT(Score(Ivan(), namesake), kDuplicateScoreMin);
}

TEST(Duplicates, AreFoundByThePhonesTailAndTheAddressesLocalPart) {
  Contact a = Named("Anna");
  a.identities = {{IdentityKind::kPhone, "", "", "+31207654321", true},
                  {IdentityKind::kEmail, "", "", "anna.de.vries@example.com", true}};
  Contact b = Named("A. de Vries");
  b.identities = {{IdentityKind::kPhone, "0031 20 765 43 21", "", "", false}};
  EXPECT_TRUE(ShareABlock(a, b));
  Contact c;
  c.identities = {{IdentityKind::kEmail, "", "", "annadevries+news@other.example", true}};
  EXPECT_TRUE(ShareABlock(a, c));
}

TEST(Duplicates, ScoreTheSameInEitherOrder) {
  Contact typo = Ivan();
  typo.display_name = "Петров И. Иванович";
  EXPECT_EQ(Score(Ivan(), typo), Score(typo, Ivan()));
}

TEST(Duplicates, OfWhomNothingIsKnownAreNone) {
  EXPECT_LT(Score(Contact(), Contact()), 0.01);
  EXPECT_TRUE(BlocksOf(Contact()).empty());
}

TEST(Duplicates, SayTheirReasonsTheWeightiestFirst) {
  Contact other = Ivan();
  other.attributes["city"] = "Псков";
  const auto reasons = ExplainDuplicate(DuplicateRecordOf(Ivan()), DuplicateRecordOf(other));
  ASSERT_EQ(reasons.size(), 4u);
  EXPECT_EQ(reasons.front().feature, "attributes.date_of_birth");
  EXPECT_EQ(reasons.front().similarity, 1);
  const auto city = std::find_if(reasons.begin(), reasons.end(), [](const DuplicateReason& reason) {
    return reason.feature == "attributes.city";
  });
  ASSERT_NE(city, reasons.end());
  EXPECT_LT(city->evidence, 0);
}

TEST(Duplicates, KeysAreBounded) {
  Contact contact;
  for (int i = 0; i < limits::attributes_max; ++i) {
    contact.attributes["key" + std::to_string(i)] = "value" + std::to_string(i);
  }
  EXPECT_EQ(BlocksOf(contact).size(), static_cast<size_t>(limits::duplicate_keys_max));
}

TEST(Duplicates, BytesThatAreNoTextAreCompared) {
  const Contact broken = Named("\xF0\x9F \xC3");
  EXPECT_GE(Score(broken, Named(std::string(10'000, 'x'))), 0);
}

// Records of fictitious persons, some of them several times with mistakes; the truth is in the id.
struct Records {
  std::vector<Contact> contacts;
  std::vector<std::string> persons;
};

std::string Trimmed(const std::string& text) {
  const size_t begin = text.find_first_not_of(" \r");
  if (begin == std::string::npos) return "";
  return text.substr(begin, text.find_last_not_of(" \r") - begin + 1);
}

Records Read(std::istream& file) {
  Records records;
  std::string line;
  std::getline(file, line);
  while (std::getline(file, line)) {
    std::vector<std::string> fields;
    std::stringstream cells(line);
    for (std::string cell; std::getline(cells, cell, ',');) fields.push_back(Trimmed(cell));
    fields.resize(11);
    Contact contact = Named(Trimmed(fields[1] + " " + fields[2]));
    const auto put = [&contact](const char* key, const std::string& value) {
      if (!value.empty()) contact.attributes[key] = value;
    };
    put("street", Trimmed(fields[3] + " " + fields[4]));
    put("address", fields[5]);
    put("suburb", fields[6]);
    put("postcode", fields[7]);
    put("state", fields[8]);
    // The number of the social security, which nearly gives the answer, is left out.
    put("date_of_birth", fields[9]);
    records.contacts.push_back(std::move(contact));
    const std::string person = fields[0].substr(fields[0].find('-') + 1);
    records.persons.push_back(person.substr(0, person.find('-')));
  }
  return records;
}

// The pairs that stand near each other under some key, as a list of duplicates looks for them.
std::set<std::pair<size_t, size_t>> CandidatesOf(const std::vector<Contact>& contacts) {
  std::vector<std::tuple<Block, size_t>> blocks;
  for (size_t i = 0; i < contacts.size(); ++i) {
    for (const Block& block : BlocksOf(contacts[i])) blocks.emplace_back(block, i);
  }
  std::sort(blocks.begin(), blocks.end());
  std::set<std::pair<size_t, size_t>> pairs;
  for (size_t i = 0; i < blocks.size(); ++i) {
    for (size_t j = i + 1; j < blocks.size() && j <= i + limits::duplicate_neighbours_max; ++j) {
      const auto& [one, a] = blocks[i];
      const auto& [other, b] = blocks[j];
      if (one.key != other.key) break;
      if (a != b) pairs.emplace(std::min(a, b), std::max(a, b));
    }
  }
  return pairs;
}

struct Quality {
  double precision = 0;
  double recall = 0;
};

Quality QualityOn(const Records& records) {
  std::map<std::string, int64_t> copies;
  for (const std::string& person : records.persons) ++copies[person];
  int64_t same = 0;
  for (const auto& [person, count] : copies) same += count * (count - 1) / 2;
  int64_t proposed = 0;
  int64_t right = 0;
  for (const auto& [a, b] : CandidatesOf(records.contacts)) {
    if (Score(records.contacts[a], records.contacts[b]) < kDuplicateScoreMin) continue;
    ++proposed;
    if (records.persons[a] == records.persons[b]) ++right;
  }
  return {static_cast<double>(right) / static_cast<double>(proposed),
          static_cast<double>(right) / static_cast<double>(same)};
}

class Linkage : public ::testing::TestWithParam<const char*> {};

TEST_P(Linkage, FindsTheSamePersonsAndFewOthers) {
  const char* given = std::getenv("SALES_DATA");
  const std::string folder = given != nullptr ? given : SALES_DATA;
  std::ifstream file(folder + "/febrl/" + GetParam());
  if (!file) GTEST_SKIP() << "the record-linkage data is not in " << folder << "/febrl";
  const Records records = Read(file);
  const Quality quality = QualityOn(records);
  std::printf("%s: precision %.4f, recall %.4f\n", GetParam(), quality.precision, quality.recall);
  RecordProperty("precision", std::to_string(quality.precision));
  RecordProperty("recall", std::to_string(quality.recall));
  EXPECT_GE(quality.precision, 0.99);
  EXPECT_GE(quality.recall, 0.95);
}

INSTANTIATE_TEST_SUITE_P(Febrl, Linkage, ::testing::Values("dataset1.csv", "dataset3.csv"),
                         [](const auto& named) { return std::string(named.param).substr(0, 8); });

}  // namespace
}  // namespace sales
