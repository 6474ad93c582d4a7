#include "clients/cli/src/import/run.h"

#include <csv.h>

#include <chrono>
#include <cstdio>
#include <deque>
#include <filesystem>
#include <future>
#include <iostream>
#include <set>
#include <thread>

#include "clients/cli/src/import/csv.h"
#include "clients/cli/src/import/mapping.h"
#include "clients/cli/src/import/rows.h"
#include "clients/cli/src/progress.h"
#include "clients/cli/src/values.h"
#include "nlohmann/json.hpp"
#include "sales/client_values.h"
#include "sales/v1/channel.pb.h"

namespace salesctl {
namespace {

using Clock = std::chrono::steady_clock;

// The rejects file: written when the first reject comes, gone when none does.
class Rejects {
 public:
  Rejects(std::string file, std::vector<std::string> header)
      : file_(std::move(file)), header_(std::move(header)) {
    std::error_code ignored;
    std::filesystem::remove(file_, ignored);
  }
  ~Rejects() {
    if (out_ != nullptr) std::fclose(out_);
  }
  Rejects(const Rejects&) = delete;
  Rejects& operator=(const Rejects&) = delete;

  void Add(const Reject& reject, const std::vector<std::string>& fields) {
    if (out_ == nullptr && count_ == 0) {
      out_ = std::fopen(file_.c_str(), "wb");
      std::vector<std::string> titles = {"line", "column", "reason", "message"};
      titles.insert(titles.end(), header_.begin(), header_.end());
      Write(titles);
    }
    ++count_;
    std::vector<std::string> row = {std::to_string(reject.line), reject.column, reject.reason,
                                    reject.message};
    row.insert(row.end(), fields.begin(), fields.end());
    Write(row);
  }

  // Whether everything is in the file.
  bool Close() {
    const bool written = count_ == 0 || (out_ != nullptr && std::fclose(out_) == 0 && written_);
    out_ = nullptr;
    return written;
  }
  int64_t count() const { return count_; }
  const std::string& file() const { return file_; }

 private:
  void Write(const std::vector<std::string>& row) {
    if (out_ == nullptr) return;
    for (size_t i = 0; i < row.size(); ++i) {
      if (i > 0) std::fputc(',', out_);
      if (csv_fwrite(out_, row[i].data(), row[i].size()) != 0) written_ = false;
    }
    if (std::fputc('\n', out_) == EOF) written_ = false;
  }

  std::string file_;
  std::vector<std::string> header_;
  std::FILE* out_ = nullptr;
  bool written_ = true;
  int64_t count_ = 0;
};

// How many rows are looked through for new channels at a time, and how many of those are made at
// once: the server writes what comes together in one commit.
constexpr size_t rows_together_max = 512;
constexpr size_t creations_max = 16;
// How often a channel is asked for while the server is not reached.
constexpr int creation_attempts_max = 14;

// Makes the channels and campaigns that rows name, each once.
class ChannelMaker {
 public:
  ChannelMaker(std::string workspace, Client& client)
      : workspace_(std::move(workspace)), client_(client) {}

  // Keeps in mind what the row needs.
  void Note(const NeededChannel& needed) {
    if (needed.channel.empty()) return;
    const std::string channel = workspace_ + "/channels/" + needed.channel;
    if (known_.insert(channel).second) {
      sales::v1::CreateChannelRequest& request = channels_.emplace_back();
      request.set_parent(workspace_);
      request.set_channel_id(needed.channel);
      request.mutable_channel()->set_display_name(needed.channel_title);
    }
    if (needed.campaign.empty()) return;
    if (!known_.insert(channel + "/" + needed.campaign).second) return;
    sales::v1::CreateCampaignRequest& request = campaigns_.emplace_back();
    request.set_parent(channel);
    request.set_campaign_id(needed.campaign);
    request.mutable_campaign()->set_display_name(needed.campaign_title);
  }

  // Makes what was noted; what exists already stays as it is.
  Done Make() {
    Done made = MakeAll("ChannelService.CreateChannel", "CHANNEL_EXISTS", channels_);
    if (!made.ok()) return made.failure();
    return MakeAll("ChannelService.CreateCampaign", "CAMPAIGN_EXISTS", campaigns_);
  }

 private:
  template <typename Request>
  Done MakeAll(const std::string& method, const std::string& exists,
               std::vector<Request>& requests) {
    for (size_t begin = 0; begin < requests.size(); begin += creations_max) {
      std::vector<std::future<Done>> creations;
      for (size_t i = begin; i < std::min(begin + creations_max, requests.size()); ++i) {
        creations.push_back(
            std::async(std::launch::async, [&, i] { return Create(method, exists, requests[i]); }));
      }
      // All are waited for, also after a failure: they use this object.
      Done made = Unit{};
      for (std::future<Done>& creation : creations) {
        Done one = creation.get();
        if (!one.ok()) made = std::move(one);
      }
      if (!made.ok()) return made.failure();
    }
    requests.clear();
    return Unit{};
  }

  Done Create(const std::string& method, const std::string& exists,
              google::protobuf::Message& request) {
    // As patient as the stream of rows; the request's id makes it happen once.
    for (int attempt = 1;; ++attempt) {
      const auto created = client_.Call(method, request);
      if (created.ok() || created.failure().reason == exists) return Unit{};
      if (created.failure().exit_code != kExitUnavailable || attempt >= creation_attempts_max) {
        return created.failure();
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(std::min(100 << attempt, 5000)));
    }
  }

  std::string workspace_;
  Client& client_;
  std::set<std::string> known_;
  std::vector<sales::v1::CreateChannelRequest> channels_;
  std::vector<sales::v1::CreateCampaignRequest> campaigns_;
};

// How many lines of rows that stand out the summary names.
constexpr size_t early_lines_max = 10;

struct Counts {
  int64_t read = 0;
  int64_t imported = 0;
  int64_t unchanged = 0;
  // Rows in which something happened before the lead was received: kept, and said.
  int64_t early = 0;
  std::vector<int64_t> early_lines;
};

void PrintSummary(const Counts& counts, const Rejects& rejects, double seconds, bool json) {
  if (json) {
    nlohmann::ordered_json summary = {
        {"read", counts.read},           {"imported", counts.imported},
        {"unchanged", counts.unchanged}, {"rejected", rejects.count()},
        {"early", counts.early},         {"earlyLines", counts.early_lines}};
    if (rejects.count() > 0) summary["rejectsFile"] = rejects.file();
    std::cout << summary.dump(1) << "\n";
    return;
  }
  char time[32];
  std::snprintf(time, sizeof time, "%.1f s", seconds);
  std::cout << "read " << FormatCount(counts.read) << " · imported " << FormatCount(counts.imported)
            << " · unchanged " << FormatCount(counts.unchanged) << " · rejected "
            << FormatCount(rejects.count()) << " · " << time << "\n";
  if (counts.early == 0) return;
  std::cout << "early " << FormatCount(counts.early)
            << ": something happened before the lead was received, line";
  for (const int64_t line : counts.early_lines) std::cout << " " << line;
  std::cout << (counts.early_lines.size() < static_cast<size_t>(counts.early) ? " …\n" : "\n");
}

// What an import works with, put together from its options.
struct Parts {
  Mapping mapping;
  std::unique_ptr<CsvReader> reader;
  std::unique_ptr<RowMaker> maker;
};

Result<Parts> Prepare(const ImportOptions& options, const std::string& workspace) {
  Result<Mapping> mapping = ReadMapping(options.mapping);
  if (!mapping.ok()) return mapping.failure();
  Result<std::unique_ptr<CsvReader>> reader = CsvReader::Open(options.file, mapping->delimiter);
  if (!reader.ok()) return reader.failure();
  CsvRow header;
  if (!(*reader)->Next(header)) {
    return Refused("FILE_EMPTY", options.file + " has no header", "Is it the right file?");
  }
  if (!header.reason.empty()) {
    return Refused(header.reason, options.file + ", header: " + header.message);
  }
  JoinTable join;
  if (mapping->join.has_value()) {
    std::filesystem::path file = options.join_file;
    if (file.empty())
      file = std::filesystem::path(options.file).replace_filename(mapping->join->file);
    Result<JoinTable> table = ReadJoin(file, mapping->join->key, mapping->delimiter);
    if (!table.ok()) return table.failure();
    join = *std::move(table);
  }
  Result<RowMaker> maker =
      RowMaker::Make(*mapping, workspace, std::move(header.fields), std::move(join));
  if (!maker.ok()) {
    Failure failure = maker.failure();
    failure.message = options.file + ": " + failure.message;
    return failure;
  }
  return Parts{*std::move(mapping), *std::move(reader),
               std::make_unique<RowMaker>(*std::move(maker))};
}

// Reads the file to its end and sends what can be sent.
class Run {
 public:
  Run(Parts& parts, const std::string& workspace, const ImportOptions& options, Client& client)
      : parts_(parts),
        workspace_(workspace),
        client_(client),
        rejects_(
            options.rejects_file.empty() ? options.file + ".rejects.csv" : options.rejects_file,
            parts.maker->header()),
        progress_(options.progress),
        channels_(workspace, client) {}

  Done Go() {
    for (const auto& result : client_.client().ImportLeads([this] { return NextRow(); })) {
      if (!channels_made_.ok()) return channels_made_.failure();
      if (!result.ok()) return client_.FailureOf(result.status());
      TakeResult(*result);
    }
    progress_.Clear();
    if (!rejects_.Close()) {
      return Refused("FILE_UNWRITABLE", "cannot write all rejects to " + rejects_.file(),
                     "Name another file with --rejects, and import again.");
    }
    return Unit{};
  }

  const Counts& counts() const { return counts_; }
  const Rejects& rejects() const { return rejects_; }

 private:
  // A row that can be sent, and how it stands in the file.
  struct Row {
    sales::v1::ImportLeadsRequest request;
    std::vector<std::string> fields;
  };

  absl::StatusOr<std::optional<sales::v1::ImportLeadsRequest>> NextRow() {
    if (waiting_.empty()) ReadRows();
    if (parts_.mapping.create_channels) channels_made_ = channels_.Make();
    if (!channels_made_.ok()) return absl::AbortedError("a channel is not made");
    if (waiting_.empty()) return std::nullopt;
    Row row = std::move(waiting_.front());
    waiting_.pop_front();
    sent_.push_back(std::move(row.fields));
    return std::move(row.request);
  }

  // Reads rows until some are waiting to be sent, or the file has ended.
  void ReadRows() {
    CsvRow row;
    while (waiting_.size() < rows_together_max && parts_.reader->Next(row)) TakeRow(row);
  }

  void TakeRow(const CsvRow& row) {
    Row taken;
    NeededChannel needed;
    const std::optional<Reject> reject = parts_.maker->Fill(row, taken.request, needed);
    ++counts_.read;
    if (reject.has_value()) rejects_.Add(*reject, row.fields);
    if (progress_.Due()) ShowProgress();
    if (reject.has_value()) return;
    NoteEarly(taken.request);
    if (parts_.mapping.create_channels) channels_.Note(needed);
    taken.request.set_parent(workspace_);
    taken.fields = row.fields;
    waiting_.push_back(std::move(taken));
  }

  void ShowProgress() {
    const auto total = static_cast<double>(parts_.reader->bytes_total());
    const double share = total == 0 ? 0 : static_cast<double>(parts_.reader->bytes_read()) / total;
    const double rate = static_cast<double>(counts_.read) / progress_.seconds();
    progress_.Show(share, FormatCount(counts_.read) + " rows, " + FormatCount(rejects_.count()) +
                              " rejected, " + FormatCount(static_cast<int64_t>(rate)) + "/s");
  }

  void NoteEarly(const sales::v1::ImportLeadsRequest& request) {
    if (request.steps().empty()) return;
    const absl::Time first = sales::client::FromTimestamp(request.steps(0).occur_time());
    if (first >= sales::client::FromTimestamp(request.capture().receive_time())) return;
    ++counts_.early;
    if (counts_.early_lines.size() < early_lines_max) counts_.early_lines.push_back(request.row());
  }

  // Results come in the order of the rows sent.
  void TakeResult(const sales::v1::ImportLeadsResponse& result) {
    if (result.result() == sales::v1::ImportLeadsResponse::RESULT_IMPORTED) ++counts_.imported;
    if (result.result() == sales::v1::ImportLeadsResponse::RESULT_UNCHANGED) ++counts_.unchanged;
    if (result.result() == sales::v1::ImportLeadsResponse::RESULT_REJECTED) {
      rejects_.Add({result.row(), result.field(), result.reason(), result.message()},
                   sent_.front());
    }
    sent_.pop_front();
  }

  Parts& parts_;
  std::string workspace_;
  Client& client_;
  Counts counts_;
  Rejects rejects_;
  Progress progress_;
  ChannelMaker channels_;
  // Whether the channels of the rows read so far are there.
  Done channels_made_ = Unit{};
  std::deque<Row> waiting_;
  // The fields of rows without a result.
  std::deque<std::vector<std::string>> sent_;
};

}  // namespace

Done ImportLeads(const ImportOptions& options, Session& session) {
  const Result<std::string> workspace = session.WorkspaceName();
  if (!workspace.ok()) return workspace.failure();
  Result<Parts> parts = Prepare(options, session.settings().workspace);
  if (!parts.ok()) return parts.failure();
  const Clock::time_point start = Clock::now();
  Run run(*parts, *workspace, options, session.client());
  const Done done = run.Go();
  if (!done.ok()) {
    Failure failure = done.failure();
    failure.details.push_back(std::to_string(run.counts().imported + run.counts().unchanged) +
                              " rows are taken over; import the file again to go on");
    return failure;
  }
  PrintSummary(run.counts(), run.rejects(),
               std::chrono::duration<double>(Clock::now() - start).count(), session.json());
  if (run.rejects().count() == 0) return Unit{};
  return Refused("ROWS_REJECTED",
                 std::to_string(run.rejects().count()) + " rows are not taken over: see " +
                     run.rejects().file(),
                 "Correct them there or in the file, and import again.");
}

}  // namespace salesctl
