#include "clients/cli/src/csv_text.h"

#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "sales/v1/lead.pb.h"
#include "sales/v1/report.pb.h"

namespace salesctl {
namespace {

using sales::v1::ReportChannelsResponse;

std::string Lines(const google::protobuf::Message& answer, const std::string& rows = "") {
  const Result<std::string> csv = ToCsv(answer, rows);
  return csv.ok() ? *csv : "failed: " + csv.failure().message;
}

// The cell of a column in the first line after the titles.
std::string Cell(const std::string& csv, const std::string& title) {
  const auto split = [](const std::string& line) {
    std::vector<std::string> cells(1);
    for (const char c : line) {
      if (c == ',') {
        cells.emplace_back();
      } else if (c != '"') {
        cells.back() += c;
      }
    }
    return cells;
  };
  const size_t end = csv.find('\n');
  const std::vector<std::string> titles = split(csv.substr(0, end));
  const std::vector<std::string> cells =
      split(csv.substr(end + 1, csv.find('\n', end + 1) - end - 1));
  for (size_t i = 0; i < titles.size(); ++i) {
    if (titles[i] == title) return cells[i];
  }
  return "no column " + title;
}

TEST(CsvText, GivesALineForEachRowWithBareNumbers) {
  ReportChannelsResponse report;
  auto* row = report.add_rows();
  row->set_name("workspaces/w/channels/ads");
  row->set_leads(8000);
  row->mutable_revenue()->set_currency_code("EUR");
  row->mutable_revenue()->set_minor_units(123450);
  row->mutable_conversion()->set_numerator(842);
  row->mutable_conversion()->set_denominator(8000);
  row->mutable_conversion()->set_value(0.10525);
  row->mutable_response()->set_count(2);
  row->mutable_response()->mutable_median()->set_seconds(2546);
  row->mutable_response()->mutable_median()->set_nanos(844000000);
  const std::string csv = Lines(report);
  EXPECT_EQ(Cell(csv, "name"), "workspaces/w/channels/ads");
  EXPECT_EQ(Cell(csv, "leads"), "8000");
  EXPECT_EQ(Cell(csv, "revenue.minor_units"), "123450");
  EXPECT_EQ(Cell(csv, "revenue.currency_code"), "EUR");
  EXPECT_EQ(Cell(csv, "conversion.numerator"), "842");
  EXPECT_EQ(Cell(csv, "conversion.value"), "0.10525");
  EXPECT_EQ(Cell(csv, "response.median"), "2546.844");
}

TEST(CsvText, LeavesWhatIsNotSetEmpty) {
  ReportChannelsResponse report;
  report.add_rows();
  const std::string csv = Lines(report);
  EXPECT_EQ(Cell(csv, "return_on_spend"), "");
  EXPECT_EQ(Cell(csv, "cost_per_sale.minor_units"), "");
  EXPECT_EQ(Cell(csv, "leads"), "0");
}

TEST(CsvText, WritesNumbersSoThatTheyAreReadTheSame) {
  ReportChannelsResponse report;
  report.add_rows()->set_return_on_spend(0.1 + 0.2);
  EXPECT_EQ(Cell(Lines(report), "return_on_spend"), "0.30000000000000004");
}

TEST(CsvText, QuotesWhatNeedsIt) {
  sales::v1::ListLeadsResponse leads;
  leads.add_leads()->set_need("a \"shop\",\nбыстро");
  const std::string csv = Lines(leads);
  EXPECT_NE(csv.find("\"a \"\"shop\"\",\nбыстро\""), std::string::npos) << csv;
}

TEST(CsvText, OfAnEmptyListIsItsTitles) {
  const std::string csv = Lines(sales::v1::ListLeadsResponse());
  EXPECT_EQ(csv.find('\n'), csv.size() - 1);
  EXPECT_EQ(csv.rfind("\"name\",\"contact\",", 0), 0u);
}

TEST(CsvText, GivesTheListAskedFor) {
  sales::v1::ReportFunnelResponse report;
  report.add_stages()->set_stage("new");
  EXPECT_EQ(Cell(Lines(report, "stages"), "stage"), "new");
  EXPECT_EQ(Lines(report, "leads"), "failed: --rows can be one of: stages");
}

TEST(CsvText, OfARecordIsOneLine) {
  sales::v1::Lead lead;
  lead.set_stage("contacted");
  lead.add_visits()->set_stage("new");
  lead.mutable_receive_time()->set_seconds(1774688400);
  EXPECT_EQ(Cell(Lines(lead), "stage"), "contacted");
  EXPECT_EQ(Cell(Lines(lead), "receive_time"), "2026-03-28T09:00:00Z");
  EXPECT_EQ(Cell(Lines(lead, "visits"), "stage"), "new");
}

}  // namespace
}  // namespace salesctl
