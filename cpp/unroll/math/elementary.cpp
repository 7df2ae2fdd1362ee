#include "unroll/math/elementary.h"

namespace unroll::elementary {

#define UNROLL_LANES(x) \
  { x, x, x, x }

const Constants kConstants = {
    .tanh_limit = UNROLL_LANES(9.02f),
    .tanh_p = {UNROLL_LANES(0.13382688164710999f), UNROLL_LANES(0.0034974594600498676f),
               UNROLL_LANES(2.063584361167159e-05f), UNROLL_LANES(1.3384342523181658e-08f)},
    .tanh_q = {UNROLL_LANES(0.4671601355075836f), UNROLL_LANES(0.025884365662932396f),
               UNROLL_LANES(0.00032885195105336607f), UNROLL_LANES(7.790260951878736e-07f)},
    .one = UNROLL_LANES(1.0f),
    .half = UNROLL_LANES(0.5f),
    .exp_low = UNROLL_LANES(-87.0f),
    .exp_high = UNROLL_LANES(88.0f),
    .log2_e = UNROLL_LANES(1.44269504088896341f),
    .round_magic = UNROLL_LANES(12582912.0f),
    .ln2_high = UNROLL_LANES(0.693359375f),
    .ln2_low = UNROLL_LANES(-2.12194440e-4f),
    .exp_p = {UNROLL_LANES(0.4999999403953552f), UNROLL_LANES(0.1666652113199234f),
              UNROLL_LANES(0.04166838899254799f), UNROLL_LANES(0.008368715643882751f),
              UNROLL_LANES(0.0013814602280035615f)},
};

#undef UNROLL_LANES

}  // namespace unroll::elementary
