#ifndef SALES_CLIENTS_CPP_SRC_TOKEN_FILE_H_
#define SALES_CLIENTS_CPP_SRC_TOKEN_FILE_H_

#include <sys/stat.h>

#include <mutex>
#include <string>

#include "absl/status/statusor.h"

namespace sales::client {

// A bearer token that stands in a file, read anew when the file changes.
class TokenFile {
 public:
  explicit TokenFile(std::string file) : file_(std::move(file)) {}

  // Errors: kUnauthenticated, if the file cannot be read.
  absl::StatusOr<std::string> Token();

 private:
  const std::string file_;
  std::mutex mutex_;
  // Of the file when it was read.
  struct stat state_ = {};
  std::string token_;
};

}  // namespace sales::client

#endif  // SALES_CLIENTS_CPP_SRC_TOKEN_FILE_H_
