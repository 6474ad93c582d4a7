// Reports as one page that needs nothing else: no network, no script, readable on a phone, in the
// dark and on paper.
#ifndef SALES_CLIENTS_CLI_SRC_HTML_H_
#define SALES_CLIENTS_CLI_SRC_HTML_H_

#include <string>
#include <vector>

#include "clients/cli/src/report_page.h"

namespace salesctl {

std::string ToHtml(const std::string& title, const std::vector<ReportPage>& pages);

}  // namespace salesctl

#endif  // SALES_CLIENTS_CLI_SRC_HTML_H_
