// What Engine::Check finds in a store that somebody else wrote into.
#include <vector>

#include "gtest/gtest.h"
#include "tests/engine/tampered_studio.h"

namespace sales {
namespace {

class Checking : public testing::TamperedStudio {};

TEST_F(Checking, AnHonestStoreHasNoFaults) {
  Capture("anna");
  EXPECT_EQ(Kinds(), "");
}

TEST_F(Checking, ACountThatIsTooHighIsFound) {
  Capture("anna");
  Tamper("UPDATE tallies SET counts = replace(counts, '1: 0=1', '1: 0=2') WHERE dimension = 0");
  EXPECT_EQ(Kinds(), "tally;");
  const std::vector<CheckFault> faults = *engine_->Check();
  EXPECT_EQ(faults.front().description, "2 counts differ from a fold over the events");
}

TEST_F(Checking, AHandoffThatNoEventTellsOfIsFound) {
  const CaptureResult anna = Capture("anna");
  ASSERT_TRUE(desk().WinLead(anna.lead.id, {Money{"EUR", 900}, "signed by hand"}).ok());
  EXPECT_EQ(Kinds(), "");
  Tamper("UPDATE handoffs SET manager = 'mira'");
  EXPECT_EQ(Kinds(), "handoff;");
  Tamper("DELETE FROM handoffs");
  EXPECT_EQ(Kinds(), "handoff;");
}

TEST_F(Checking, AReferrersCountThatIsWrongIsFoundAndMended) {
  CaptureLead sent = Person("boris");
  sent.referrer = Capture("anna").contact.id;
  ASSERT_TRUE(desk().CaptureLead(sent).ok());
  EXPECT_EQ(Kinds(), "");
  for (const char* sql : {"UPDATE referrers SET leads = leads + 1", "DELETE FROM referrers",
                          "UPDATE referrers SET year = year + 1 WHERE year > 0"}) {
    Tamper(sql);
    EXPECT_EQ(Kinds(), "referrer;") << sql;
    EXPECT_GT(desk().RebuildTallies()->counts_mended, 0) << sql;
    EXPECT_EQ(Kinds(), "") << sql;
  }
}

TEST_F(Checking, ASheetThatIsGoneIsFound) {
  Capture("anna");
  Tamper("DELETE FROM tallies WHERE dimension = 0 AND grain = 1");
  EXPECT_EQ(Kinds(), "tally;");
}

TEST_F(Checking, ASheetTooManyIsFound) {
  Capture("anna");
  Tamper(
      "INSERT INTO tallies SELECT workspace, dimension, grain, sheet, period + 1, key, funnel, "
      "counts FROM tallies WHERE dimension = 0 AND grain = 0");
  EXPECT_EQ(Kinds(), "tally;");
}

TEST_F(Checking, ASheetThatCannotBeReadIsFound) {
  Capture("anna");
  Tamper("UPDATE tallies SET counts = 'gibberish'");
  EXPECT_EQ(Kinds(), "tally;");
}

TEST_F(Checking, ARevisionThatIsGoneIsAGapAndAWrongTally) {
  Capture("anna");
  Capture("boris");
  Tamper("DELETE FROM events WHERE revision = (SELECT max(revision) - 1 FROM events)");
  EXPECT_EQ(Kinds(), "revision_gap;tally;");
}

TEST_F(Checking, AnEventThatIsGoneIsAWrongTally) {
  Capture("anna");
  Tamper("DELETE FROM events WHERE lead <> ''");
  EXPECT_EQ(Kinds(), "tally;");
}

}  // namespace
}  // namespace sales
