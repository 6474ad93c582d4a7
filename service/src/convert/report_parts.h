// What the requests and the answers of reports have in common.
#ifndef SALES_SERVICE_CONVERT_REPORT_PARTS_H_
#define SALES_SERVICE_CONVERT_REPORT_PARTS_H_

#include <string>

#include "absl/status/statusor.h"
#include "sales/report.h"
#include "sales/v1/report.pb.h"
#include "service/src/convert/fields.h"
#include "service/src/convert/names.h"

namespace sales::service {

absl::StatusOr<Window> WindowFrom(const v1::Window& window);
void SetWindow(const Window& window, v1::Window* out);

absl::StatusOr<ReportFilter> FilterFrom(const v1::ReportFilter& filter,
                                        const std::string& workspace);

// Of a request with a window, a funnel, a filter and a revision.
template <typename Request>
absl::StatusOr<ReportQuery> QueryFrom(const Request& request, const std::string& workspace) {
  ReportQuery query;
  ASSIGN_OR_RETURN(query.window, WindowFrom(request.window()));
  ASSIGN_OR_RETURN(query.funnel, FunnelRef(request.funnel(), workspace, "funnel"));
  ASSIGN_OR_RETURN(query.filter, FilterFrom(request.filter(), workspace));
  query.as_of_revision = request.as_of_revision();
  return query;
}

void SetRate(const Rate& rate, v1::Rate* out);
void SetDurations(const DurationFigures& figures, v1::DurationFigures* out);

}  // namespace sales::service

#endif  // SALES_SERVICE_CONVERT_REPORT_PARTS_H_
