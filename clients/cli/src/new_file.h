// A file that is there under its name only once it is whole.
#ifndef SALES_CLIENTS_CLI_SRC_NEW_FILE_H_
#define SALES_CLIENTS_CLI_SRC_NEW_FILE_H_

#include <string>
#include <string_view>

#include "clients/cli/src/failure.h"

namespace salesctl {

// Written under a name of its own, readable by its owner only; without Finish nothing remains.
// "-" is standard output.
class NewFile {
 public:
  explicit NewFile(std::string name) : name_(std::move(name)) {}
  NewFile(const NewFile&) = delete;
  NewFile& operator=(const NewFile&) = delete;
  ~NewFile();

  // Errors: FILE_EXISTS, FILE_UNWRITABLE. The latter so in the others.
  Done Create();
  Done Write(std::string_view bytes);
  // On the disk first, then under its name.
  Done Finish();

 private:
  Failure Unwritable() const;
  bool is_output() const { return name_ == "-"; }

  const std::string name_;
  std::string partial_;
  int descriptor_ = -1;
};

}  // namespace salesctl

#endif  // SALES_CLIENTS_CLI_SRC_NEW_FILE_H_
