#ifndef SALES_CALL_H_
#define SALES_CALL_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/time/time.h"

namespace sales {

namespace internal {
struct Joint;
}

// What travels with a call besides its own arguments.
struct Call {
  // Who calls; recorded in events. An id, not a person's name.
  std::string actor;
  // Makes a write happen once: repeated within limits::request_id_hours_min with the same content
  // it gives the same answer and changes nothing; with other content it is an error.
  std::string request_id;
  // If set, the write is refused unless it is the current etag of the resource.
  std::string etag;
  // When the caller stops waiting.
  absl::Time deadline = absl::InfiniteFuture();
  // When the fact happened, if not now. At most five minutes ahead of the clock.
  std::optional<absl::Time> occur_time;
  // Lets a read be answered by a copy of the store that follows it (EngineOptions::read_store) once
  // the copy has this revision of the workspace; without it, and until then, the store answers.
  // Whoever writes and then reads names the revision that he wrote.
  std::optional<int64_t> min_revision = {};
  // A seller: for this call the leads that the workspace's lead_visibility hides from him, and
  // contacts whose every lead is hidden, are not there. Empty: everything is.
  std::string viewer = {};
  // Set by Engine::Together in the calls that it makes; null in all others.
  internal::Joint* joint = nullptr;
};

}  // namespace sales

#endif  // SALES_CALL_H_
