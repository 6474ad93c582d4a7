#include "src/decide/identity.h"

#include <idn2.h>
#include <phonenumbers/logger.h>
#include <phonenumbers/phonenumberutil.h>
#include <utf8proc.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "sales/contact.h"
#include "src/decide/bounds.h"

namespace sales {
namespace {

namespace phone = ::i18n::phonenumbers;

constexpr size_t kEmailLocalPartBytesMax = 64;
constexpr size_t kDomainBytesMax = 253;
constexpr size_t kLabelBytesMax = 63;

struct Freed {
  void operator()(void* memory) const { std::free(memory); }
};

bool IsAscii(std::string_view text) {
  for (const char c : text) {
    if (static_cast<unsigned char>(c) >= 0x80) return false;
  }
  return true;
}

bool IsAsciiSpace(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
char AsciiLower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

// White space of any script, line breaks included.
bool IsSpace(utf8proc_int32_t rune) {
  if (rune < 0x80) return IsAsciiSpace(static_cast<char>(rune));
  if (rune == 0x85) return true;
  const utf8proc_category_t category = utf8proc_category(rune);
  return category == UTF8PROC_CATEGORY_ZS || category == UTF8PROC_CATEGORY_ZL ||
         category == UTF8PROC_CATEGORY_ZP;
}

// What cannot be part of a name that a machine reads: controls, and what shows as nothing.
bool IsInvisible(utf8proc_int32_t rune) {
  if (IsSpace(rune)) return true;
  const utf8proc_category_t category = utf8proc_category(rune);
  return category == UTF8PROC_CATEGORY_CC || category == UTF8PROC_CATEGORY_CF ||
         category == UTF8PROC_CATEGORY_CN || category == UTF8PROC_CATEGORY_CO;
}

// Takes the next code point off the front; the text must be UTF-8 and not empty.
utf8proc_int32_t TakeRune(std::string_view& text) {
  utf8proc_int32_t rune = 0;
  const utf8proc_ssize_t size =
      utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                       static_cast<utf8proc_ssize_t>(text.size()), &rune);
  text.remove_prefix(size > 0 ? static_cast<size_t>(size) : 1);
  return rune;
}

void PutRune(utf8proc_int32_t rune, std::string& out) {
  utf8proc_uint8_t bytes[4];
  const utf8proc_ssize_t size = utf8proc_encode_char(rune, bytes);
  out.append(reinterpret_cast<const char*>(bytes), static_cast<size_t>(size));
}

// Maps UTF-8 text as the options of utf8proc say; empty on an error.
std::string Map(std::string_view text, int options) {
  utf8proc_uint8_t* mapped = nullptr;
  const utf8proc_ssize_t size = utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                                             static_cast<utf8proc_ssize_t>(text.size()), &mapped,
                                             static_cast<utf8proc_option_t>(options));
  const std::unique_ptr<utf8proc_uint8_t, Freed> owner(mapped);
  if (size < 0) return "";
  return std::string(reinterpret_cast<const char*>(mapped), static_cast<size_t>(size));
}

// Trims white space of any script.
std::string_view Trim(std::string_view text) {
  size_t begin = text.size();
  size_t end = 0;
  for (std::string_view rest = text; !rest.empty();) {
    const size_t at = text.size() - rest.size();
    if (IsSpace(TakeRune(rest))) continue;
    if (begin == text.size()) begin = at;
    end = text.size() - rest.size();
  }
  return end == 0 ? std::string_view() : text.substr(begin, end - begin);
}

// NFC in lower case, a letter for a letter. Not folded: folding makes one of "ß" and "ss", which
// are different mailboxes (so does RFC 8265, section 3.3).
std::string Lower(std::string_view text) {
  std::string lower;
  lower.reserve(text.size());
  if (IsAscii(text)) {
    for (const char c : text) lower.push_back(AsciiLower(c));
    return lower;
  }
  const std::string composed = Map(text, UTF8PROC_STABLE | UTF8PROC_COMPOSE);
  for (std::string_view rest = composed; !rest.empty();) {
    PutRune(utf8proc_tolower(TakeRune(rest)), lower);
  }
  return Map(lower, UTF8PROC_STABLE | UTF8PROC_COMPOSE);
}

// Whether each label is of letters, digits and inner hyphens, and the last is no number.
bool IsHostName(std::string_view domain) {
  if (domain.size() > kDomainBytesMax) return false;
  size_t labels = 0;
  bool numeric = false;
  while (true) {
    const size_t dot = domain.find('.');
    const std::string_view label = domain.substr(0, dot);
    if (label.empty() || label.size() > kLabelBytesMax) return false;
    if (label.front() == '-' || label.back() == '-') return false;
    numeric = true;
    for (const char c : label) {
      const bool digit = c >= '0' && c <= '9';
      if (!digit && !(c >= 'a' && c <= 'z') && c != '-') return false;
      numeric = numeric && digit;
    }
    ++labels;
    if (dot == std::string_view::npos) break;
    domain.remove_prefix(dot + 1);
  }
  return labels >= 2 && !numeric;
}

// The domain in IDNA ASCII, lower case; empty if it has none.
std::string AsciiDomain(std::string_view domain) {
  if (!domain.empty() && domain.back() == '.') domain.remove_suffix(1);
  std::string ascii;
  // What IDNA leaves as it is needs no IDNA.
  if (IsAscii(domain) && domain.find("--") == std::string_view::npos) {
    ascii = Lower(domain);
  } else {
    char* converted = nullptr;
    const int status = idn2_to_ascii_8z(std::string(domain).c_str(), &converted,
                                        IDN2_NONTRANSITIONAL | IDN2_NFC_INPUT);
    const std::unique_ptr<char, Freed> owner(converted);
    if (status != IDN2_OK) return "";
    ascii = Lower(converted);
  }
  return IsHostName(ascii) ? ascii : "";
}

std::string NormalEmail(std::string_view value) {
  value = Trim(value);
  const size_t at = value.rfind('@');
  if (at == std::string_view::npos) return "";
  const std::string local = Lower(value.substr(0, at));
  if (local.empty() || local.size() > kEmailLocalPartBytesMax) return "";
  constexpr std::string_view kRefused = "@<>()[],;:\\\"";
  for (std::string_view rest = local; !rest.empty();) {
    const utf8proc_int32_t rune = TakeRune(rest);
    if (IsInvisible(rune)) return "";
    if (rune < 0x80 && kRefused.find(static_cast<char>(rune)) != std::string_view::npos) return "";
  }
  const std::string domain = AsciiDomain(value.substr(at + 1));
  return domain.empty() ? "" : local + "@" + domain;
}

// The library prints what it could not read to standard output, telephone numbers included.
const phone::PhoneNumberUtil& Phones() {
  static const phone::PhoneNumberUtil* const phones = [] {
    const phone::PhoneNumberUtil* instance = phone::PhoneNumberUtil::GetInstance();
    phone::Logger::set_logger_impl(new phone::NullLogger());
    return instance;
  }();
  return *phones;
}

std::string NormalPhone(std::string_view value, const std::string& region) {
  const std::string text(Trim(value));
  if (text.empty()) return "";
  const phone::PhoneNumberUtil& phones = Phones();
  phone::PhoneNumber number;
  const auto error = phones.Parse(text, region.empty() ? "ZZ" : region, &number);
  if (error != phone::PhoneNumberUtil::NO_PARSING_ERROR) return "";
  if (!phones.IsValidNumber(number)) return "";
  std::string normal;
  phones.Format(number, phone::PhoneNumberUtil::E164, &normal);
  // Two people behind one exchange are two.
  if (!number.extension().empty()) normal += ";ext=" + number.extension();
  return normal;
}

std::string NormalMessenger(std::string_view value) {
  value = Trim(value);
  while (!value.empty() && value.front() == '@') value.remove_prefix(1);
  std::string handle = Lower(value);
  for (std::string_view rest = handle; !rest.empty();) {
    if (IsInvisible(TakeRune(rest))) return "";
  }
  return handle;
}

// Collapses white space to single spaces and trims it; a dot above an i, which lower-casing leaves
// of "İ", goes, so that a Turkish name is found by its plain spelling.
std::string CollapseSpaces(std::string_view text) {
  constexpr utf8proc_int32_t kDotAbove = 0x307;
  std::string out;
  out.reserve(text.size());
  bool space = false;
  utf8proc_int32_t before = 0;
  while (!text.empty()) {
    const utf8proc_int32_t rune = TakeRune(text);
    if (IsSpace(rune)) {
      space = true;
      continue;
    }
    if (rune == kDotAbove && before == 'i' && !space) continue;
    if (space && !out.empty()) out.push_back(' ');
    space = false;
    before = rune;
    PutRune(rune, out);
  }
  return out;
}

// Adds the folded word to `out` if every letter folds by itself: ASCII and the Cyrillic of Russian,
// Ukrainian and their neighbours, which is most of what is written, thirty times faster than the
// tables. Else leaves `out` as it is.
bool FoldPlainWord(std::string_view word, std::string& out) {
  const size_t start = out.size();
  for (size_t i = 0; i < word.size(); ++i) {
    const auto lead = static_cast<unsigned char>(word[i]);
    if (lead < 0x80) {
      out.push_back(AsciiLower(word[i]));
      continue;
    }
    utf8proc_int32_t rune = 0;
    if ((lead == 0xd0 || lead == 0xd1) && i + 1 < word.size()) {
      rune = (lead & 0x1f) << 6 | (static_cast<unsigned char>(word[++i]) & 0x3f);
    }
    if (rune < 0x400 || rune > 0x45f) {
      out.resize(start);
      return false;
    }
    if (rune < 0x410) {
      rune += 0x50;
    } else if (rune < 0x430) {
      rune += 0x20;
    }
    PutRune(rune, out);
  }
  return true;
}

std::string FoldByTables(std::string_view word) {
  constexpr int kFold =
      UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD | UTF8PROC_IGNORE;
  // Some compositions fold once more, so once is not enough for folded text to fold to itself.
  constexpr int kRoundsMax = 3;
  std::string folded = CollapseSpaces(Map(word, kFold));
  for (int round = 1; round < kRoundsMax; ++round) {
    std::string again = CollapseSpaces(Map(folded, kFold));
    if (again == folded) break;
    folded = std::move(again);
  }
  return folded;
}

}  // namespace

Identity NormalizeIdentity(Identity identity, const std::string& default_region) {
  identity.normal_value.clear();
  const std::string_view value = identity.value;
  if (IsUtf8(value) && value.find('\0') == std::string_view::npos) {
    switch (identity.kind) {
      case IdentityKind::kEmail:
        identity.normal_value = NormalEmail(value);
        break;
      case IdentityKind::kPhone:
        identity.normal_value = NormalPhone(value, default_region);
        break;
      case IdentityKind::kMessenger:
        if (!identity.source.empty()) identity.normal_value = NormalMessenger(value);
        break;
      case IdentityKind::kExternal:
        if (!identity.source.empty()) identity.normal_value = identity.value;
        break;
      case IdentityKind::kUnspecified:
        break;
    }
  }
  identity.usable = !identity.normal_value.empty();
  return identity;
}

std::string FoldText(std::string_view text) {
  const bool utf8 = IsUtf8(text);
  std::string folded;
  folded.reserve(text.size());
  // Nothing composes or reorders across a space, so words fold one by one.
  while (!text.empty()) {
    size_t size = 0;
    while (size < text.size() && !IsAsciiSpace(text[size])) ++size;
    const std::string_view word = text.substr(0, size);
    text.remove_prefix(size < text.size() ? size + 1 : size);
    const size_t start = folded.size();
    if (start > 0 && size > 0) folded.push_back(' ');
    const size_t word_start = folded.size();
    if (!utf8) {
      for (const char c : word) folded.push_back(AsciiLower(c));
    } else if (!FoldPlainWord(word, folded)) {
      folded += FoldByTables(word);
    }
    if (folded.size() == word_start) folded.resize(start);
  }
  return folded;
}

bool IsPhoneRegion(std::string_view region) {
  if (region.size() != 2) return false;
  return Phones().GetCountryCodeForRegion(std::string(region)) != 0;
}

}  // namespace sales
