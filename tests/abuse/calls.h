// Calls with bytes as they are.
#ifndef SALES_TESTS_ABUSE_CALLS_H_
#define SALES_TESTS_ABUSE_CALLS_H_

#include <memory>
#include <string>

#include "grpcpp/channel.h"
#include "grpcpp/support/status.h"

namespace sales::abuse {

// A unary call.
grpc::Status CallWithBytes(const std::shared_ptr<grpc::Channel>& channel, const std::string& method,
                           const std::string& bytes);

// A call that begins with these bytes and reads a few answers, of a method that streams.
grpc::Status StreamWithBytes(const std::shared_ptr<grpc::Channel>& channel,
                             const std::string& method, const std::string& bytes);

}  // namespace sales::abuse

#endif  // SALES_TESTS_ABUSE_CALLS_H_
