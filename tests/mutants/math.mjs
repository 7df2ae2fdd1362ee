/** Mistakes in the kernels, the elementary functions and the random generator. */
export const math = [
  {
    what: 'a product leaves out every fourth term',
    file: 'cpp/unroll/math/gemm_float.cpp',
    from: 'sums.add(row, panel, 3);',
    to: '',
  },
  {
    what: 'each block of terms overwrites the one before',
    file: 'cpp/unroll/math/gemm_float.cpp',
    from: 'start == Start::kAdd || k0 > 0',
    to: 'start == Start::kAdd',
  },
  {
    what: 'a single row reads the first half of a panel twice',
    file: 'cpp/unroll/math/gemm_float.cpp',
    from: 'load(panels + i * panel_stride + 4)',
    to: 'load(panels + i * panel_stride)',
  },
  {
    what: 'an outer product reads the first block of steps again and again',
    file: 'cpp/unroll/math/gemm_float.cpp',
    from: 'transpose(depth, k_size, x + m0 * ldx, ldx, scratch.x.data())',
    to: 'transpose(depth, k_size, x, ldx, scratch.x.data())',
  },
  {
    what: 'the gradient of a bias is that of the last row',
    file: 'cpp/unroll/math/gemm_float.cpp',
    from: 'left += load(d + m * ldd + n)',
    to: 'left = load(d + m * ldd + n)',
  },
  {
    what: 'sigmoid does not halve its argument',
    file: 'cpp/unroll/math/elementary.h',
    compile: 'cpp/unroll/nn/lstm.cpp',
    from: 'madd(lane_tanh(x * half), half, half)',
    to: 'madd(lane_tanh(x), half, half)',
  },
  {
    what: 'a clamp turns NaN into a number',
    file: 'cpp/unroll/math/elementary.h',
    compile: 'cpp/unroll/nn/lstm.cpp',
    from: 'lane_max(lane_min(x, limit), -limit)',
    to: 'lane_max(-limit, lane_min(limit, x))',
  },
  {
    what: 'a coefficient of tanh has a wrong digit',
    file: 'cpp/unroll/math/elementary.cpp',
    from: '0.0034974594600498676f',
    to: '0.0034984594600498676f',
  },
  {
    what: 'exp overflows at the end of its range',
    file: 'cpp/unroll/math/elementary.cpp',
    from: '.exp_high = UNROLL_LANES(88.0f)',
    to: '.exp_high = UNROLL_LANES(89.0f)',
  },
  {
    what: 'the random generator rotates by one bit too few',
    file: 'cpp/unroll/core/rng.cpp',
    from: 'rotate_left(state_[3], 45)',
    to: 'rotate_left(state_[3], 44)',
  },
  {
    what: 'all purposes share one stream of random numbers',
    file: 'cpp/unroll/core/rng.cpp',
    from: 'static_cast<std::uint64_t>(purpose) * 0xd1342543de82ef95u',
    to: 'static_cast<std::uint64_t>(purpose) * 0u',
  },
  {
    what: 'numbers below a bound are drawn with a bias',
    file: 'cpp/unroll/core/rng.cpp',
    from: 'static_cast<std::uint64_t>(wide) >= threshold',
    to: 'draw >= 0 * threshold',
  },
];
