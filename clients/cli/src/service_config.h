#ifndef SALES_CLIENTS_CLI_SRC_SERVICE_CONFIG_H_
#define SALES_CLIENTS_CLI_SRC_SERVICE_CONFIG_H_

namespace salesctl {

// The text of proto/sales/v1/service_config.json, put in by the build.
extern const char kServiceConfig[];

}  // namespace salesctl

#endif  // SALES_CLIENTS_CLI_SRC_SERVICE_CONFIG_H_
