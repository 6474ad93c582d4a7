// The trace that a call belongs to, as its caller tells it: W3C Trace Context, level 1
// (https://www.w3.org/TR/trace-context-1/). salesd records no spans; it carries a trace from the
// caller into the log, and begins one where it calls by itself.
#ifndef SALES_SERVICE_TRACE_H_
#define SALES_SERVICE_TRACE_H_

#include <string>
#include <vector>

namespace sales::service {

inline constexpr char kTraceparentKey[] = "traceparent";
inline constexpr char kTracestateKey[] = "tracestate";

struct TraceContext {
  // 32 and 16 lower-case hexadecimal digits; empty where the caller told of no trace. `span_id` is
  // this call's own, `parent_span_id` the caller's.
  std::string trace_id;
  std::string span_id;
  std::string parent_span_id;
  // Whether the caller records the trace.
  bool sampled = false;
  // As it came.
  std::string tracestate;

  bool empty() const { return trace_id.empty(); }
  // What is sent on, with this call as the parent; empty if there is no trace.
  std::string Traceparent() const;
};

// The trace of a call that came with these values of its two keys. What is malformed counts as not
// sent, for no call is to fail by it: a wrong tracestate is dropped alone, a wrong traceparent, or
// more than one, takes the tracestate with it.
TraceContext TraceFrom(const std::vector<std::string>& traceparents,
                       const std::vector<std::string>& tracestates);

// A trace that begins here, for what salesd does unasked: whoever is called can name it, and the
// log has it too. Not sampled, since nobody records it yet.
TraceContext NewTrace();

}  // namespace sales::service

#endif  // SALES_SERVICE_TRACE_H_
