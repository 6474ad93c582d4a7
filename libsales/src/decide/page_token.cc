#include "src/decide/page_token.h"

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/escaping.h"
#include "absl/strings/string_view.h"
#include "sales/limits.h"
#include "src/decide/errors.h"

namespace sales {
namespace {

constexpr char kVersion = 1;
constexpr size_t kNumberBytes = 8;

// FNV-1a, 64 bits.
constexpr uint64_t kHashBasis = 0xcbf29ce484222325;
constexpr uint64_t kHashPrime = 0x100000001b3;

uint64_t HashBytes(std::string_view bytes, uint64_t hash) {
  for (const char c : bytes) {
    hash ^= static_cast<unsigned char>(c);
    hash *= kHashPrime;
  }
  return hash;
}

void PutNumber(uint64_t number, std::string& out) {
  for (size_t i = 0; i < kNumberBytes; ++i) out.push_back(static_cast<char>(number >> (8 * i)));
}

uint64_t NumberAt(std::string_view bytes, size_t at) {
  uint64_t number = 0;
  for (size_t i = 0; i < kNumberBytes; ++i) {
    number |= static_cast<uint64_t>(static_cast<unsigned char>(bytes[at + i])) << (8 * i);
  }
  return number;
}

std::string ToText(std::string_view bytes) {
  std::string text;
  absl::WebSafeBase64Escape(absl::string_view(bytes.data(), bytes.size()), &text);
  return text;
}

absl::Status Broken() {
  return FieldError(Reason::kPageTokenInvalid, "page_token", "it is not a token of this list");
}

}  // namespace

uint64_t Fingerprint(std::initializer_list<std::string_view> parts) {
  uint64_t hash = kHashBasis;
  for (const std::string_view part : parts) {
    // The length goes first, so that ("ab", "c") and ("a", "bc") differ.
    std::string size;
    PutNumber(part.size(), size);
    hash = HashBytes(part, HashBytes(size, hash));
  }
  return hash;
}

std::string EncodePageToken(const PageToken& token) {
  std::string bytes(1, kVersion);
  PutNumber(token.fingerprint, bytes);
  for (const std::string& key : token.keys) {
    // Two bytes of length are enough: a token is shorter than limits::page_token_bytes_max.
    bytes.push_back(static_cast<char>(key.size()));
    bytes.push_back(static_cast<char>(key.size() >> 8));
    bytes += key;
  }
  PutNumber(HashBytes(bytes, kHashBasis), bytes);
  return ToText(bytes);
}

absl::StatusOr<PageToken> DecodePageToken(std::string_view text, uint64_t fingerprint) {
  if (text.size() > static_cast<size_t>(limits::page_token_bytes_max)) return Broken();
  std::string decoded;
  if (!absl::WebSafeBase64Unescape(absl::string_view(text.data(), text.size()), &decoded)) {
    return Broken();
  }
  // The decoder passes over padding and spaces; a token has one spelling.
  if (ToText(decoded) != text) return Broken();
  std::string_view bytes = decoded;
  if (bytes.size() < 1 + 2 * kNumberBytes || bytes.front() != kVersion) return Broken();
  const size_t end = bytes.size() - kNumberBytes;
  if (NumberAt(bytes, end) != HashBytes(bytes.substr(0, end), kHashBasis)) return Broken();
  PageToken token;
  token.fingerprint = NumberAt(bytes, 1);
  if (token.fingerprint != fingerprint) {
    return FieldError(Reason::kPageTokenInvalid, "page_token",
                      "it is of another list, filter or order");
  }
  bytes = bytes.substr(1 + kNumberBytes, end - 1 - kNumberBytes);
  while (!bytes.empty()) {
    if (bytes.size() < 2) return Broken();
    const size_t size = static_cast<unsigned char>(bytes[0]) |
                        static_cast<size_t>(static_cast<unsigned char>(bytes[1])) << 8;
    bytes.remove_prefix(2);
    if (bytes.size() < size) return Broken();
    token.keys.emplace_back(bytes.substr(0, size));
    bytes.remove_prefix(size);
  }
  return token;
}

}  // namespace sales
