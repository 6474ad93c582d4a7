// What comes from a server one by one.
#ifndef SALES_CLIENT_STREAM_H_
#define SALES_CLIENT_STREAM_H_

#include <cstddef>
#include <iterator>
#include <memory>
#include <optional>
#include <utility>

#include "absl/status/statusor.h"

namespace sales::client {

// Where the elements of a stream come from.
template <typename T>
class Source {
 public:
  virtual ~Source() = default;
  // The next element, waited for; none at the end. Not called again after the end or an error.
  virtual absl::StatusOr<std::optional<T>> Next() = 0;
  // Makes a Next() that waits, in whichever thread, give none.
  virtual void Cancel() {}
};

// The items of a list, the results of an import, the batches of a watch. Goes through once, by one
// thread; leaving early ends the call. An error is the last element:
//
//   for (absl::StatusOr<sales::v1::Lead>& lead : client.ListLeads({})) {
//     if (!lead.ok()) return lead.status();
//   }
template <typename T>
class [[nodiscard]] Stream {
 public:
  explicit Stream(std::unique_ptr<Source<T>> source) : source_(std::move(source)) {}

  // The next element, waited for; none at the end, and after an error.
  absl::StatusOr<std::optional<T>> Next() {
    if (ended_) return std::optional<T>();
    absl::StatusOr<std::optional<T>> next = source_->Next();
    ended_ = !next.ok() || !next->has_value();
    return next;
  }

  // Ends the stream from any thread: a Next() that waits gives none.
  void Cancel() { source_->Cancel(); }

  struct End {};

  class Iterator {
   public:
    using iterator_category = std::input_iterator_tag;
    using value_type = absl::StatusOr<T>;
    using difference_type = std::ptrdiff_t;
    using pointer = value_type*;
    using reference = value_type&;

    explicit Iterator(Stream* stream) : stream_(stream) { ++*this; }
    reference operator*() { return *current_; }
    pointer operator->() { return &*current_; }
    Iterator& operator++() {
      absl::StatusOr<std::optional<T>> next = stream_->Next();
      if (!next.ok()) {
        current_.emplace(std::move(next).status());
      } else if (next->has_value()) {
        current_.emplace(**std::move(next));
      } else {
        current_.reset();
      }
      return *this;
    }
    void operator++(int) { ++*this; }
    friend bool operator==(const Iterator& a, End) { return !a.current_.has_value(); }
    friend bool operator!=(const Iterator& a, End) { return a.current_.has_value(); }

   private:
    Stream* stream_;
    std::optional<absl::StatusOr<T>> current_;
  };

  Iterator begin() { return Iterator(this); }
  End end() { return {}; }

 private:
  std::unique_ptr<Source<T>> source_;
  bool ended_ = false;
};

}  // namespace sales::client

#endif  // SALES_CLIENT_STREAM_H_
