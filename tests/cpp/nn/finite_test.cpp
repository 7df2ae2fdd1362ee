#include "unroll/nn/finite.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "support/expect_error.h"
#include "unroll/core/aligned_buffer.h"

namespace unroll::testing::finite_test {
namespace {

/// Wherever the one that is none stands, in a whole vector or behind the last.
template <class S>
void expect_to_see_every_place() {
  const S kInfinity = std::numeric_limits<S>::infinity();
  for (Index size : {1, 3, 4, 5, 8, 11}) {
    AlignedBuffer<S> rows(3 * padded(size));
    for (Index i = 0; i < rows.size(); ++i)
      rows[i] = std::numeric_limits<S>::quiet_NaN();  // padding is not read
    for (Index r = 0; r < 3; ++r) {
      std::fill_n(rows.data() + r * padded(size), size, std::numeric_limits<S>::max());
    }
    EXPECT_TRUE(all_finite(size, rows.data()));
    EXPECT_NO_THROW(expect_finite("Who", "what", 3, size, rows.data()));
    for (Index r = 0; r < 3; ++r) {
      for (Index j = 0; j < size; ++j) {
        S& place = rows[r * padded(size) + j];
        const S kept = place;
        for (S bad : {kInfinity, -kInfinity, std::numeric_limits<S>::quiet_NaN()}) {
          place = bad;
          EXPECT_EQ(all_finite(size, rows.data()), r != 0);
          expect_error(ErrorCode::kNotFinite,
                       std::string("Who: what is ") + (bad != bad ? "nan"
                                                       : bad > 0  ? "inf"
                                                                  : "-inf"),
                       [&] { expect_finite("Who", "what", 3, size, rows.data()); });
        }
        place = kept;
      }
    }
  }
}

TEST(Finite, IsSeenInEveryPlace) {
  expect_to_see_every_place<float>();
  expect_to_see_every_place<double>();
}

}  // namespace
}  // namespace unroll::testing::finite_test
