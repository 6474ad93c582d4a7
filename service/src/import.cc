#include "service/src/import.h"

#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

#include "absl/time/clock.h"
#include "service/src/convert/lead_commands.h"
#include "service/src/limits.h"
#include "service/src/status.h"
#include "service/src/wire.h"

namespace sales::service {
namespace {

constexpr char kMethod[] = "/sales.v1.LeadService/ImportLeads";

// A row of the stream's workspace; only the first must name it.
absl::StatusOr<ImportLead> RowFrom(const v1::ImportLeadsRequest& request,
                                   const std::string& workspace) {
  if (!request.parent().empty() && request.parent() != WorkspaceNameOf(workspace)) {
    return Refuse(Reason::kNameInvalid, "parent", "is another workspace than the first row's");
  }
  return FromProto(request, workspace);
}

// Past conditions need the same right as present ones.
absl::Status CheckOverrides(const Principal& principal, const v1::ImportLeadsRequest& row) {
  for (const v1::ImportStep& step : row.steps()) {
    const bool overrides = !step.advance().override_reason().empty() ||
                           !step.win().override_reason().empty() ||
                           !step.reopen().override_reason().empty();
    if (overrides) return CheckRight(principal, Right::kOverride);
  }
  return absl::OkStatus();
}

class ImportStream final : public grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>,
                           public Stream {
 public:
  ImportStream(const ImportContext& context, const grpc::CallbackServerContext* call,
               Incoming incoming)
      : context_(context), cutter_(call), incoming_(std::move(incoming)) {}

  void Start(const std::shared_ptr<ImportStream>& self) {
    self_ = self;
    auto call = CallFrom(incoming_);
    if (!call.ok()) return Close(call.status());
    call_ = *std::move(call);
    absl::Status added = context_.admission.AdmitStream(incoming_.caller, incoming_.receive_time);
    if (added.ok()) added = context_.hub.Add(incoming_.caller, self_);
    if (!added.ok()) return Close(added);
    reading_ = true;
    StartRead(&incoming_bytes_);
  }

  // Looks whether the client neither sends rows nor takes results.
  void Wake() override {
    bool writing = false;
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      const bool stalled = absl::Now() - progress_time_ > context_.hub.stall();
      if (closing_ || at_work_ || !stalled) return;
      closing_ = StreamStalled();
      writing = busy_;
      busy_ = true;
    }
    writing ? cutter_.Cut() : End();
  }

  void Close(const absl::Status& status) override {
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      if (!closing_) closing_ = status;
      if (busy_) return;
      busy_ = true;
    }
    End();
  }

  void OnReadDone(bool ok) override {
    if (ok && incoming_.metrics != nullptr) incoming_.metrics->Receive();
    absl::Status status;
    v1::ImportLeadsRequest row;
    const size_t bytes = incoming_bytes_.Length();
    if (ok) status = ReadRow(row);
    bool read_on = false;
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      progress_time_ = absl::Now();
      reading_ = false;
      no_more_ = no_more_ || !ok;
      if (!status.ok() && !closing_) closing_ = status;
      if (ok && status.ok() && !closing_) {
        waiting_bytes_ += bytes;
        waiting_.push_back(std::move(row));
        read_on = HasRoom();
      }
      reading_ = read_on;
    }
    if (read_on) StartRead(&incoming_bytes_);
    GoOn();
  }

  void OnWriteDone(bool ok) override {
    if (ok && incoming_.metrics != nullptr) incoming_.metrics->Send();
    bool more = false;
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      progress_time_ = absl::Now();
      if (!ok && !closing_) closing_ = absl::CancelledError("the client is gone");
      more = ok && ++next_result_ < results_.size();
      if (!more) busy_ = false;
    }
    more ? WriteResult() : GoOn();
  }

  void OnCancel() override { Close(absl::CancelledError("the client is gone")); }

  void OnDone() override {
    context_.hub.Remove("", self_);
    // The last use of this object, unless the hub or a task still holds it.
    const std::shared_ptr<ImportStream> self = std::move(self_);
  }

 private:
  bool HasRoom() const {
    return waiting_.size() < limits::import_rows_waiting_max &&
           waiting_bytes_ < limits::import_bytes_waiting_max;
  }

  absl::Status ReadRow(v1::ImportLeadsRequest& row) const {
    if (incoming_bytes_.Length() <= limits::import_row_bytes_max) {
      return ParseMessage(incoming_bytes_, row);
    }
    ErrorDetail detail;
    detail.reason = Reason::kTextTooLong;
    detail.metadata["limit"] = std::to_string(limits::import_row_bytes_max);
    return MakeError(std::move(detail), "a row is longer than a row may be");
  }

  // Takes up what is to be done, if nobody is at it.
  void GoOn() {
    bool end = false;
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      if (busy_) return;
      end = closing_.has_value() || (no_more_ && waiting_.empty());
      if (!end && waiting_.empty()) return;
      busy_ = true;
      at_work_ = !end;
    }
    if (end) return End();
    if (context_.pool.Submit([self = self_] { self->WriteRows(); })) return;
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      ErrorDetail detail;
      detail.reason = Reason::kQueueFull;
      if (!closing_) closing_ = MakeError(detail, "too many calls wait for a thread");
    }
    End();
  }

  void WriteRows() {
    std::vector<v1::ImportLeadsRequest> rows;
    bool read_on = false;
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      rows.swap(waiting_);
      waiting_bytes_ = 0;
      read_on = !reading_ && !no_more_ && !closing_;
      reading_ = reading_ || read_on;
    }
    // The next rows come in while these are being written.
    if (read_on) StartRead(&incoming_bytes_);
    absl::StatusOr<std::vector<v1::ImportLeadsResponse>> results = Results(rows);
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      if (results.ok()) {
        results_ = *std::move(results);
      } else {
        results_.clear();
        if (!closing_) closing_ = results.status();
      }
      next_result_ = 0;
      progress_time_ = absl::Now();
      at_work_ = false;
      if (results_.empty()) busy_ = false;
    }
    results_.empty() ? GoOn() : WriteResult();
  }

  absl::StatusOr<std::vector<v1::ImportLeadsResponse>> Results(
      const std::vector<v1::ImportLeadsRequest>& rows) {
    if (workspace_.empty()) {
      ASSIGN_OR_RETURN(workspace_, ParseWorkspace(rows[0].parent(), "parent"));
    }
    call_.deadline = absl::Now() + absl::Seconds(limits::call_seconds_max);
    RETURN_IF_ERROR(context_.authenticator.CheckStill(*incoming_.principal));
    Caller caller(context_.engine, call_, incoming_.principal);
    return ImportRows(caller, workspace_, rows);
  }

  void WriteResult() {
    outgoing_bytes_ = SerializeMessage(results_[next_result_]);
    StartWrite(&outgoing_bytes_);
  }

  // By the one who made the stream busy, which it stays.
  void End() {
    absl::Status status;
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      if (closing_) status = *closing_;
    }
    EndCall(kMethod, workspace_, incoming_, status, context_.log);
    cutter_.Finish([this, status] {
      Finish(absl::IsCancelled(status) ? grpc::Status::CANCELLED : ToGrpcStatus(status));
    });
  }

  const ImportContext context_;
  CallCutter cutter_;
  const Incoming incoming_;
  std::shared_ptr<ImportStream> self_;
  Call call_;
  grpc::ByteBuffer incoming_bytes_;
  grpc::ByteBuffer outgoing_bytes_;
  // Set by the first row; used by the one who is busy.
  std::string workspace_;
  std::vector<v1::ImportLeadsResponse> results_;
  size_t next_result_ = 0;

  std::mutex mutex_;
  // Rows being written, results on their way, or the end: one at a time.
  bool busy_ = false;
  // Rows are being written, or wait for it.
  bool at_work_ = false;
  // When a row came in, was written, or its result was taken.
  absl::Time progress_time_ = absl::Now();
  bool reading_ = false;
  bool no_more_ = false;
  std::vector<v1::ImportLeadsRequest> waiting_;
  size_t waiting_bytes_ = 0;
  std::optional<absl::Status> closing_;
};

}  // namespace

absl::StatusOr<std::vector<v1::ImportLeadsResponse>> ImportRows(
    Caller& caller, const std::string& workspace, const std::vector<v1::ImportLeadsRequest>& rows) {
  std::vector<ImportLead> commands;
  std::vector<ImportResult> results(rows.size());
  std::vector<size_t> places;
  for (size_t i = 0; i < rows.size(); ++i) {
    auto command = RowFrom(rows[i], workspace);
    if (command.ok()) {
      const absl::Status allowed = CheckOverrides(caller.principal(), rows[i]);
      if (!allowed.ok()) command = allowed;
    }
    if (!command.ok()) {
      results[i].status = command.status();
      continue;
    }
    commands.push_back(*std::move(command));
    places.push_back(i);
  }
  if (!commands.empty()) {
    ASSIGN_OR_RETURN(std::vector<ImportResult> written, caller.At(workspace).ImportLeads(commands));
    for (size_t i = 0; i < places.size(); ++i) {
      written[i].status = SpellImport(written[i].status, rows[places[i]]);
      results[places[i]] = std::move(written[i]);
    }
  }
  std::vector<v1::ImportLeadsResponse> responses;
  responses.reserve(rows.size());
  for (size_t i = 0; i < rows.size(); ++i) {
    results[i].status = Shown(results[i].status);
    responses.push_back(ToProto(results[i], workspace, rows[i].row()));
  }
  return responses;
}

grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>* StartImport(
    const ImportContext& context, const grpc::CallbackServerContext* call, Incoming incoming) {
  auto stream = std::make_shared<ImportStream>(context, call, std::move(incoming));
  stream->Start(stream);
  return stream.get();
}

}  // namespace sales::service
