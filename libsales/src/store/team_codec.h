// Sellers, assignment policies and the records of decisions as JSON: as rows keep them, and as the
// answers of writes.
#ifndef SALES_SRC_STORE_TEAM_CODEC_H_
#define SALES_SRC_STORE_TEAM_CODEC_H_

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "sales/team.h"
#include "src/store/answers.h"

namespace sales::store {

template <>
std::string EncodeAnswer(const Team& team);
template <>
absl::Status DecodeAnswer(std::string_view text, Team* team);
template <>
std::string EncodeAnswer(const Seller& seller);
template <>
absl::Status DecodeAnswer(std::string_view text, Seller* seller);
template <>
std::string EncodeAnswer(const AssignmentPolicy& policy);
template <>
absl::Status DecodeAnswer(std::string_view text, AssignmentPolicy* policy);
template <>
std::string EncodeAnswer(const AssignmentRecord& record);
template <>
absl::Status DecodeAnswer(std::string_view text, AssignmentRecord* record);

}  // namespace sales::store

#endif  // SALES_SRC_STORE_TEAM_CODEC_H_
