// SHA-256, which tells whether a text arrived as it left.
#ifndef SALES_SRC_DECIDE_DIGEST_H_
#define SALES_SRC_DECIDE_DIGEST_H_

#include <memory>
#include <string>
#include <string_view>

struct evp_md_ctx_st;

namespace sales {

class Digest {
 public:
  Digest();
  void Add(std::string_view bytes);
  // Of everything added, in lower-case hexadecimal; nothing may be added after it.
  std::string Hex();

 private:
  struct Free {
    void operator()(evp_md_ctx_st* context) const;
  };
  std::unique_ptr<evp_md_ctx_st, Free> context_;
};

}  // namespace sales

#endif  // SALES_SRC_DECIDE_DIGEST_H_
