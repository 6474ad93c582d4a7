#ifndef SALES_REFERRALS_H_
#define SALES_REFERRALS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "sales/money.h"
#include "sales/report.h"

namespace sales {

struct ReferralQuery {
  // Of the days on which the sent leads were received.
  Window window;
  int64_t as_of_revision = 0;
  // How many contacts to list: up to limits::page_size_max; 0: limits::page_size_default.
  int contacts_max = 0;
};

struct ReferralYield {
  int64_t leads = 0;
  int64_t won = 0;
  Money revenue;
};

struct ReferralGeneration {
  // 1: sent by contacts whom nobody sent; 2: sent by these, …
  int generation = 0;
  ReferralYield yield;
};

struct ReferrerFigures {
  std::string contact;
  // Of people whom the contact sent.
  ReferralYield direct;
  // Of these and of everybody whom they sent in turn.
  ReferralYield all;
};

struct ReferralEdge {
  std::string referrer;
  std::string contact;
  int64_t leads = 0;
};

struct ReferralReport {
  Window window;
  int64_t as_of_revision = 0;
  // Leads that came by referral.
  ReferralYield total;
  // Contacts who sent somebody in the window.
  int64_t contacts_count = 0;
  std::vector<ReferralGeneration> generations;
  // Those with the most leads first, then by id.
  std::vector<ReferrerFigures> contacts;
  // Who sent whom, of the contacts listed.
  std::vector<ReferralEdge> edges;
};

}  // namespace sales

#endif  // SALES_REFERRALS_H_
