// A client of salesd: every method of the API by name, with deadline, retries and errors that say
// what to decide by.
//
//   absl::StatusOr<sales::client::Client> client =
//       sales::client::Client::Connect("localhost:8443", {.workspace = "studio"});
//   absl::StatusOr<sales::v1::Lead> lead = client->GetLead(request);
//
// Messages are in sales/v1/*.pb.h, one file a resource.
#ifndef SALES_CLIENT_H_
#define SALES_CLIENT_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "sales/client_error.h"
#include "sales/client_methods.h"
#include "sales/client_stream.h"
#include "sales/client_values.h"

namespace google::protobuf {
class Message;
}
namespace grpc {
class Channel;
class ClientContext;
class Status;
}  // namespace grpc

namespace sales::client {

struct Options {
  // The id of the workspace that calls are about.
  std::string workspace;
  // The id of who calls; kept in events.
  std::string actor;
  // How long a call may take, retries included.
  absl::Duration deadline = absl::Seconds(10);

  // Encrypts the connection, and trusts the machine's authorities unless `ca_file` is given.
  bool tls = false;
  // Encrypts the connection, and trusts the authorities of this file. All files are PEM, and are
  // read again when they change.
  std::string ca_file;
  // Encrypts the connection, and shows this certificate to the server. Both or none.
  std::string cert_file;
  std::string key_file;
  // Holds a token that is sent with every call. Without encryption it is sent to this machine only.
  std::string token_file;

  // Stands before the library's own name in the user agent: "salesctl/0.1.0".
  std::string user_agent;
};

// How many rows of an import are on the way at once, and kept to be sent again.
inline constexpr size_t import_rows_in_flight_max = 1024;

// The status that a stub gave, with what the server says besides: see DetailOf.
absl::Status StatusFrom(const grpc::Status& status);

// Gives what is imported one by one; none at the end. An error ends the import.
using Rows = std::function<absl::StatusOr<std::optional<v1::ImportLeadsRequest>>()>;
using Pieces = std::function<absl::StatusOr<std::optional<v1::ImportWorkspaceRequest>>()>;

// The verbs of one workspace, called by someone. Threads may share it; a copy shares the
// connection, which is closed with the last of them.
//
// `parent`, where a request leaves it out, is the client's workspace; `request_id` is made once a
// call and goes with every retry, so that a write whose answer was lost is not done twice. Details
// of errors are read by DetailOf.
class Client : public Methods {
 public:
  // Makes a client of the server at `target` ("host:port"); it connects at the first call. Errors:
  // kInvalidArgument, for a file that cannot be read, half a pair of certificate and key, or a
  // token that would be sent in the clear over a network.
  static absl::StatusOr<Client> Connect(const std::string& target, const Options& options = {});

  // Clients of another workspace, for someone else, with another deadline, on the same connection.
  Client At(std::string workspace) const;
  Client As(std::string actor) const;
  Client Within(absl::Duration deadline) const;

  // Name("channels/ads") is "workspaces/studio/channels/ads"; without a path, the workspace.
  std::string Name(const std::string& path = "") const;

  // Imports leads with their past; gives a result for each row, in the order of the rows.
  //
  // A lost server is waited for, and rows without a result are sent again: one that was written
  // just before is then RESULT_UNCHANGED. A rejected row is a result, not an error. `rows` is
  // called from within Next(), at most import_rows_in_flight_max rows ahead of the results.
  Stream<v1::ImportLeadsResponse> ImportLeads(Rows rows) const;

  // Makes a workspace of what ExportWorkspace gave, all of it or nothing: pieces of the text, cut
  // anywhere, of which the first has the workspace's name.
  absl::StatusOr<v1::Workspace> ImportWorkspace(const Pieces& pieces) const;

  // Gives every event after a revision, each once and in order, and goes on until it is cancelled.
  //
  // Each batch holds whole revisions, or none where the filter passed over some; to go on another
  // day, watch after its `revision`. A lost server is waited for as long as it takes.
  Stream<v1::WatchEventsResponse> Watch(int64_t after_revision) const;
  Stream<v1::WatchEventsResponse> Watch(int64_t after_revision,
                                        const v1::EventFilter& filter) const;

  // A call by name, "LeadService.GetLead", for programs that are told at run time which. Errors:
  // kUnimplemented, for a name that the contract does not have.
  absl::StatusOr<std::unique_ptr<google::protobuf::Message>> Call(
      const std::string& method, google::protobuf::Message& request) const;

  // For stubs of one's own: the connection, and what goes with every call but the deadline. Errors:
  // kUnauthenticated, for a token file that cannot be read.
  const std::shared_ptr<grpc::Channel>& channel() const;
  absl::Status Prepare(grpc::ClientContext& context) const;

 private:
  explicit Client(std::shared_ptr<const Caller> caller) : Methods(std::move(caller)) {}
};

}  // namespace sales::client

#endif  // SALES_CLIENT_H_
