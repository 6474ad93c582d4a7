// The command line: from words to the verb that runs.
#ifndef SALES_CLIENTS_CLI_SRC_APP_H_
#define SALES_CLIENTS_CLI_SRC_APP_H_

namespace salesctl {

// Runs salesctl; gives its exit code (failure.h).
int RunApp(int argc, char** argv);

}  // namespace salesctl

#endif  // SALES_CLIENTS_CLI_SRC_APP_H_
