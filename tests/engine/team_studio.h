// A studio whose sellers are given leads by a policy.
#ifndef SALES_TESTS_ENGINE_TEAM_STUDIO_H_
#define SALES_TESTS_ENGINE_TEAM_STUDIO_H_

#include <string>

#include "sales/team.h"
#include "tests/engine/studio.h"

namespace sales::testing {

class TeamStudio : public Studio {
 protected:
  Seller Hire(const std::string& id, CreateSeller seller = {}) const {
    seller.id = id;
    const absl::StatusOr<Seller> hired = desk().CreateSeller(seller);
    EXPECT_TRUE(hired.ok()) << hired.status();
    return hired.ok() ? *hired : Seller{};
  }
  static CreateSeller WithCapacity(int capacity) {
    CreateSeller seller;
    seller.capacity = capacity;
    return seller;
  }
  static CreateSeller WithIntake(Intake intake) {
    CreateSeller seller;
    seller.intake = intake;
    return seller;
  }
  static CreateSeller WithWeight(int weight) {
    CreateSeller seller;
    seller.weight = weight;
    return seller;
  }
  static CreateSeller InTeam(const std::string& team) {
    CreateSeller seller;
    seller.team = team;
    return seller;
  }

  static AssignmentPolicy OnCapture(AssignmentMethod method) {
    AssignmentPolicy policy;
    policy.method = method;
    policy.assign_on_capture = true;
    return policy;
  }
  void Use(const AssignmentPolicy& policy) const {
    const absl::StatusOr<AssignmentPolicy> set = desk().SetAssignmentPolicy(policy);
    ASSERT_TRUE(set.ok()) << set.status();
  }

  absl::CivilDay Today() const {
    absl::TimeZone zone;
    EXPECT_TRUE(absl::LoadTimeZone("Europe/Amsterdam", &zone));
    return absl::ToCivilDay(clock_.Now(), zone);
  }
};

}  // namespace sales::testing

#endif  // SALES_TESTS_ENGINE_TEAM_STUDIO_H_
