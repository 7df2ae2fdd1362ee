#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <string>

#include "support/rnn_pass.h"
#include "support/same_bits.h"

/// What must not change, and how the rest must, when a question is asked in another way. All in float, where
/// bits tell.
namespace unroll::testing::rnn_metamorphic_test {
namespace {

constexpr Index kT = 6, kB = 4, kI = 5, kH = 11;

class RnnMetamorphic : public ::testing::TestWithParam<CellKind> {
 protected:
  static RnnConfig config(Index num_layers = 2, bool bidirectional = true) {
    return {.network = {.cell = GetParam(),
                        .hidden_size = kH,
                        .num_layers = num_layers,
                        .bidirectional = bidirectional},
            .input_size = kI};
  }
};

/// Rows first .. first + count of an array.
Array<float> rows_of(const Array<float>& all, Index first, Index count) {
  Array<float> rows(count, all.cols());
  std::copy_n(all.row(first), rows.size(), rows.data());
  return rows;
}

Array<float> columns_of(const Array<float>& all, Index first, Index count) {
  Array<float> columns(all.rows(), count);
  for (Index r = 0; r < all.rows(); ++r) std::copy_n(all.row(r) + first, count, columns.row(r));
  return columns;
}

/// Rows t * B + b or k * B + b with the sequences in another order.
Array<float> permuted(const Array<float>& all, const std::vector<Index>& order) {
  Array<float> result(all.rows(), all.cols());
  const auto batch = static_cast<Index>(order.size());
  for (Index r = 0; r < all.rows(); ++r) {
    std::copy_n(all.row(r / batch * batch + order[static_cast<std::size_t>(r % batch)]), all.cols(),
                result.row(r));
  }
  return result;
}

/// The blocks of B rows from the last to the first.
Array<float> reversed(const Array<float>& all, Index batch) {
  Array<float> result(all.rows(), all.cols());
  for (Index r = 0; r < all.rows(); ++r) {
    std::copy_n(all.row(all.rows() - batch - r / batch * batch + r % batch), all.cols(), result.row(r));
  }
  return result;
}

void expect_same_pass(const RnnPass<float>& a, const RnnPass<float>& b) {
  EXPECT_TRUE(same_bits(a.output, b.output));
  EXPECT_TRUE(same_bits(a.h_n, b.h_n));
  EXPECT_TRUE(same_bits(a.c_n, b.c_n));
  EXPECT_TRUE(same_bits(a.d_x, b.d_x));
  EXPECT_TRUE(same_bits(a.d_h_0, b.d_h_0));
  EXPECT_TRUE(same_bits(a.d_c_0, b.d_c_0));
  for (const auto& [name, gradient] : a.gradients) {
    EXPECT_TRUE(same_bits(gradient, b.gradients.at(name))) << name;
  }
}

void expect_near(const Array<double>& a, const Array<double>& b, double tolerance, const std::string& what) {
  ASSERT_EQ(a.size(), b.size());
  for (Index i = 0; i < a.size(); ++i) EXPECT_NEAR(a[i], b[i], tolerance) << what << ", " << i;
}

TEST_P(RnnMetamorphic, PaddingIsNeverRead) {
  Rnn<float> rnn(config());
  RnnInput<float> input = RnnInput<float>::random(1, config(), kT, kB);
  input.lengths = {3, 6, 1, 4};
  const RnnPass<float> expected = run(rnn, input);

  RnnInput<float> other = input;
  for (Index t = 0; t < kT; ++t) {
    for (Index b = 0; b < kB; ++b) {
      if (t < input.lengths[static_cast<std::size_t>(b)]) continue;
      std::fill_n(other.x.row(t * kB + b), kI, 1e30f);
      std::fill_n(other.g_output.row(t * kB + b), 2 * kH, -1e30f);
    }
  }
  expect_same_pass(run(rnn, other), expected);
}

TEST_P(RnnMetamorphic, MorePaddingChangesNoBit) {
  Rnn<float> rnn(config());
  RnnInput<float> input = RnnInput<float>::random(1, config(), kT, kB);
  input.lengths = {3, 6, 1, 4};
  const RnnPass<float> expected = run(rnn, input);

  constexpr Index kMore = 3;
  RnnInput<float> longer = RnnInput<float>::random(2, config(), kT + kMore, kB);
  std::copy(input.x.begin(), input.x.end(), longer.x.begin());
  std::copy(input.g_output.begin(), input.g_output.end(), longer.g_output.begin());
  longer.h_0 = input.h_0;
  longer.c_0 = input.c_0;
  longer.g_h_n = input.g_h_n;
  longer.g_c_n = input.g_c_n;
  longer.lengths = input.lengths;
  RnnPass<float> pass = run(rnn, longer);
  for (Index i = kT * kB * 2 * kH; i < pass.output.size(); ++i) EXPECT_EQ(pass.output[i], 0.0f);
  for (Index i = kT * kB * kI; i < pass.d_x.size(); ++i) EXPECT_EQ(pass.d_x[i], 0.0f);
  pass.output = rows_of(pass.output, 0, kT * kB);
  pass.d_x = rows_of(pass.d_x, 0, kT * kB);
  expect_same_pass(pass, expected);
}

TEST_P(RnnMetamorphic, EachSequenceOfARaggedBatchIsAsIfAlone) {
  Rnn<float> rnn(config());
  RnnInput<float> input = RnnInput<float>::random(1, config(), kT, kB);
  input.lengths = {3, 6, 1, 4};
  const RnnPass<float> together = run(rnn, input);
  std::map<std::string, Array<double>> sums;
  for (Index b = 0; b < kB; ++b) {
    const Index steps = input.lengths[static_cast<std::size_t>(b)];
    const auto own = [&](const Array<float>& all, Index count) {
      Array<float> rows(count, all.cols());
      for (Index r = 0; r < count; ++r) std::copy_n(all.row(r * kB + b), all.cols(), rows.row(r));
      return rows;
    };
    const RnnPass<float> alone =
        run(rnn, {steps, 1, own(input.x, steps), own(input.h_0, 4), own(input.c_0, 4),
                  own(input.g_output, steps), own(input.g_h_n, 4), own(input.g_c_n, 4)});
    EXPECT_TRUE(same_bits(alone.output, own(together.output, steps)));
    EXPECT_TRUE(same_bits(alone.h_n, own(together.h_n, 4)));
    EXPECT_TRUE(same_bits(alone.c_n, own(together.c_n, 4)));
    EXPECT_TRUE(same_bits(alone.d_x, own(together.d_x, steps)));
    EXPECT_TRUE(same_bits(alone.d_h_0, own(together.d_h_0, 4)));
    EXPECT_TRUE(same_bits(alone.d_c_0, own(together.d_c_0, 4)));
    for (const auto& [name, gradient] : alone.gradients) {
      Array<double>& sum = sums.try_emplace(name, gradient.rows(), gradient.cols()).first->second;
      for (Index i = 0; i < sum.size(); ++i) sum[i] += gradient[i];
    }
  }
  // The sum over the batch is rounded in another order.
  for (const auto& [name, gradient] : together.gradients) expect_near(gradient, sums.at(name), 2e-5, name);
}

TEST_P(RnnMetamorphic, FullLengthsAreNoLengths) {
  Rnn<float> rnn(config());
  RnnInput<float> input = RnnInput<float>::random(1, config(), kT, kB);
  const RnnPass<float> expected = run(rnn, input);
  input.lengths.assign(kB, kT);
  expect_same_pass(run(rnn, input), expected);
}

TEST_P(RnnMetamorphic, PermutingTheBatchPermutesTheResults) {
  const std::vector<Index> order = {2, 0, 3, 1};
  for (bool ragged : {false, true}) {
    Rnn<float> rnn(config());
    RnnInput<float> input = RnnInput<float>::random(1, config(), kT, kB);
    if (ragged) input.lengths = {3, 6, 1, 4};
    const RnnPass<float> before = run(rnn, input);
    RnnInput<float> other = input;
    other.x = permuted(input.x, order);
    other.h_0 = permuted(input.h_0, order);
    other.c_0 = permuted(input.c_0, order);
    other.g_output = permuted(input.g_output, order);
    other.g_h_n = permuted(input.g_h_n, order);
    other.g_c_n = permuted(input.g_c_n, order);
    for (std::size_t b = 0; b < input.lengths.size(); ++b) {
      other.lengths[b] = input.lengths[static_cast<std::size_t>(order[b])];
    }
    const RnnPass<float> after = run(rnn, other);
    EXPECT_TRUE(same_bits(after.output, permuted(before.output, order)));
    EXPECT_TRUE(same_bits(after.h_n, permuted(before.h_n, order)));
    EXPECT_TRUE(same_bits(after.c_n, permuted(before.c_n, order)));
    EXPECT_TRUE(same_bits(after.d_x, permuted(before.d_x, order)));
    EXPECT_TRUE(same_bits(after.d_h_0, permuted(before.d_h_0, order)));
    EXPECT_TRUE(same_bits(after.d_c_0, permuted(before.d_c_0, order)));
    for (const auto& [name, gradient] : before.gradients) {
      expect_near(after.gradients.at(name), gradient, 2e-5, name);
    }
  }
}

/// Copies the parameters of `from` whose names end in from_suffix to those of `to` that end in to_suffix.
void copy_parameters(const Rnn<float>& from, const std::string& from_suffix, Rnn<float>& to,
                     const std::string& to_suffix) {
  for (const char* name : {"weight_ih", "weight_hh", "bias_ih", "bias_hh"}) {
    const Index source = id_of(from.parameters(), name + from_suffix);
    const Index target = id_of(to.parameters(), name + to_suffix);
    ASSERT_LT(source, from.parameters().count()) << name << from_suffix;
    ASSERT_LT(target, to.parameters().count()) << name << to_suffix;
    set_value(to.parameters(), target, value_of(from.parameters(), source));
  }
}

TEST_P(RnnMetamorphic, BidirectionalIsForwardBesideReversedForward) {
  Rnn<float> both(config(1, true)), forward(config(1, false)), backward(config(1, false));
  copy_parameters(both, "_l0", forward, "_l0");
  copy_parameters(both, "_l0_reverse", backward, "_l0");
  const RnnInput<float> input = RnnInput<float>::random(1, config(1, true), kT, kB);
  const RnnPass<float> expected = run(both, input);

  const RnnPass<float> ahead = run(
      forward, {kT, kB, input.x, rows_of(input.h_0, 0, kB), rows_of(input.c_0, 0, kB),
                columns_of(input.g_output, 0, kH), rows_of(input.g_h_n, 0, kB), rows_of(input.g_c_n, 0, kB)});
  const RnnPass<float> back =
      run(backward, {kT, kB, reversed(input.x, kB), rows_of(input.h_0, kB, kB), rows_of(input.c_0, kB, kB),
                     reversed(columns_of(input.g_output, kH, kH), kB), rows_of(input.g_h_n, kB, kB),
                     rows_of(input.g_c_n, kB, kB)});

  EXPECT_TRUE(same_bits(columns_of(expected.output, 0, kH), ahead.output));
  EXPECT_TRUE(same_bits(columns_of(expected.output, kH, kH), reversed(back.output, kB)));
  EXPECT_TRUE(same_bits(rows_of(expected.h_n, 0, kB), ahead.h_n));
  EXPECT_TRUE(same_bits(rows_of(expected.h_n, kB, kB), back.h_n));
  EXPECT_TRUE(same_bits(rows_of(expected.c_n, kB, kB), back.c_n));
  EXPECT_TRUE(same_bits(rows_of(expected.d_h_0, 0, kB), ahead.d_h_0));
  EXPECT_TRUE(same_bits(rows_of(expected.d_h_0, kB, kB), back.d_h_0));
  EXPECT_TRUE(same_bits(rows_of(expected.d_c_0, kB, kB), back.d_c_0));
  const Array<float> back_d_x = reversed(back.d_x, kB);
  for (Index i = 0; i < expected.d_x.size(); ++i) {
    EXPECT_NEAR(expected.d_x[i], ahead.d_x[i] + back_d_x[i], 2e-6f) << i;
  }
  for (const char* name : {"weight_ih", "weight_hh", "bias_ih", "bias_hh"}) {
    const std::string l0 = std::string(name) + "_l0";
    EXPECT_TRUE(same_bits(expected.gradients.at(l0), ahead.gradients.at(l0))) << name;
    expect_near(expected.gradients.at(l0 + "_reverse"), back.gradients.at(l0), 2e-5, name);
  }
}

TEST_P(RnnMetamorphic, TwoLayersAreTwoComposed) {
  RnnConfig upper_config = config(1, true);
  upper_config.input_size = 2 * kH;
  Rnn<float> both(config(2, true)), lower(config(1, true)), upper(upper_config);
  for (const char* reverse : {"", "_reverse"}) {
    copy_parameters(both, std::string("_l0") + reverse, lower, std::string("_l0") + reverse);
    copy_parameters(both, std::string("_l1") + reverse, upper, std::string("_l0") + reverse);
  }
  const RnnInput<float> input = RnnInput<float>::random(1, config(2, true), kT, kB);
  const RnnPass<float> expected = run(both, input);

  RnnInput<float> below{kT,
                        kB,
                        input.x,
                        rows_of(input.h_0, 0, 2 * kB),
                        rows_of(input.c_0, 0, 2 * kB),
                        Array<float>(kT * kB, 2 * kH),
                        rows_of(input.g_h_n, 0, 2 * kB),
                        rows_of(input.g_c_n, 0, 2 * kB)};
  const RnnPass<float> first = run(lower, below);
  const RnnPass<float> second = run(
      upper, {kT, kB, first.output, rows_of(input.h_0, 2 * kB, 2 * kB), rows_of(input.c_0, 2 * kB, 2 * kB),
              input.g_output, rows_of(input.g_h_n, 2 * kB, 2 * kB), rows_of(input.g_c_n, 2 * kB, 2 * kB)});
  below.g_output = second.d_x;
  const RnnPass<float> back = run(lower, below);

  EXPECT_TRUE(same_bits(expected.output, second.output));
  EXPECT_TRUE(same_bits(rows_of(expected.h_n, 0, 2 * kB), first.h_n));
  EXPECT_TRUE(same_bits(rows_of(expected.h_n, 2 * kB, 2 * kB), second.h_n));
  EXPECT_TRUE(same_bits(expected.d_x, back.d_x));
  EXPECT_TRUE(same_bits(rows_of(expected.d_h_0, 0, 2 * kB), back.d_h_0));
  EXPECT_TRUE(same_bits(rows_of(expected.d_h_0, 2 * kB, 2 * kB), second.d_h_0));
  EXPECT_TRUE(same_bits(expected.gradients.at("weight_hh_l1"), second.gradients.at("weight_hh_l0")));
  EXPECT_TRUE(
      same_bits(expected.gradients.at("weight_ih_l0_reverse"), back.gradients.at("weight_ih_l0_reverse")));
}

TEST_P(RnnMetamorphic, ASplitSequenceIsTheWholeOne) {
  constexpr Index kFirst = 2;
  Rnn<float> rnn(config(2, false));
  const RnnInput<float> input = RnnInput<float>::random(1, config(2, false), kT, kB);
  const RnnPass<float> whole = run(rnn, input);

  const auto part = [&](Index first, Index steps) {
    RnnInput<float> result = input;
    result.seq_len = steps;
    result.x = rows_of(input.x, first * kB, steps * kB);
    result.g_output = rows_of(input.g_output, first * kB, steps * kB);
    return result;
  };
  RnnInput<float> early = part(0, kFirst), late = part(kFirst, kT - kFirst);
  const RnnPass<float> first = run(rnn, early);
  late.h_0 = first.h_n;
  late.c_0 = first.c_n;
  const RnnPass<float> second = run(rnn, late);
  early.g_h_n = second.d_h_0;
  early.g_c_n = second.d_c_0;
  const RnnPass<float> back = run(rnn, early);

  EXPECT_TRUE(same_bits(rows_of(whole.output, 0, kFirst * kB), first.output));
  EXPECT_TRUE(same_bits(rows_of(whole.output, kFirst * kB, (kT - kFirst) * kB), second.output));
  EXPECT_TRUE(same_bits(whole.h_n, second.h_n));
  EXPECT_TRUE(same_bits(whole.c_n, second.c_n));
  EXPECT_TRUE(same_bits(rows_of(whole.d_x, 0, kFirst * kB), back.d_x));
  EXPECT_TRUE(same_bits(rows_of(whole.d_x, kFirst * kB, (kT - kFirst) * kB), second.d_x));
  EXPECT_TRUE(same_bits(whole.d_h_0, back.d_h_0));
  EXPECT_TRUE(same_bits(whole.d_c_0, back.d_c_0));
  for (const auto& [name, gradient] : whole.gradients) {
    Array<double> sum = back.gradients.at(name);
    for (Index i = 0; i < sum.size(); ++i) sum[i] += second.gradients.at(name)[i];
    expect_near(gradient, sum, 2e-5, name);
  }
}

/// Twice the loss has twice the gradient; a factor of two is exact in float.
TEST_P(RnnMetamorphic, ScalingTheLossScalesTheGradients) {
  Rnn<float> rnn(config());
  RnnInput<float> input = RnnInput<float>::random(1, config(), kT, kB);
  RnnPass<float> expected = run(rnn, input);
  for (auto* g : {&input.g_output, &input.g_h_n, &input.g_c_n}) {
    for (float& x : *g) x *= 2.0f;
  }
  for (auto* d : {&expected.d_x, &expected.d_h_0, &expected.d_c_0}) {
    for (float& x : *d) x *= 2.0f;
  }
  for (auto& [name, gradient] : expected.gradients) {
    for (double& x : gradient) x *= 2.0;
  }
  expect_same_pass(run(rnn, input), expected);
}

/// What an earlier pass left behind, in whatever shape, is not seen by the next.
TEST_P(RnnMetamorphic, EarlierPassesLeaveNoTrace) {
  Rnn<float> fresh(config()), used(config());
  RnnInput<float> ragged = RnnInput<float>::random(3, config(), 9, 7);
  ragged.lengths = {9, 1, 2, 3, 9, 5, 4};
  run(used, ragged);
  run(used, RnnInput<float>::random(4, config(), 1, 1));
  const RnnInput<float> input = RnnInput<float>::random(1, config(), kT, kB);
  expect_same_pass(run(used, input), run(fresh, input));
  ragged.lengths = {1, 2, 3, 4, 5, 6, 7};
  expect_same_pass(run(used, ragged), run(fresh, ragged));
}

/// Sums and transposes of weights are kept between passes, but not longer than the weights.
TEST_P(RnnMetamorphic, ChangedWeightsAreSeenEverywhere) {
  RnnConfig other = config();
  other.network.seed = 99;
  Rnn<float> fresh(other), used(config());
  const RnnInput<float> input = RnnInput<float>::random(1, config(), kT, kB);
  run(used, input);
  for (Index id = 0; id < used.parameters().count(); ++id) {
    set_value(used.parameters(), id, value_of(fresh.parameters(), id));
  }
  expect_same_pass(run(used, input), run(fresh, input));
}

TEST_P(RnnMetamorphic, NoInitialStateIsOneOfZeros) {
  Rnn<float> rnn(config());
  RnnInput<float> input = RnnInput<float>::random(1, config(), kT, kB);
  std::fill(input.h_0.begin(), input.h_0.end(), 0.0f);
  std::fill(input.c_0.begin(), input.c_0.end(), 0.0f);
  const RnnPass<float> expected = run(rnn, input);
  RnnPass<float> pass = expected;
  rnn.forward({kT, kB, input.x.data()}, Dropout::kOff, nullptr, pass.output.data(), pass.h_n.data(),
              pass.c_n.data());
  EXPECT_TRUE(same_bits(pass.output, expected.output));
  EXPECT_TRUE(same_bits(pass.h_n, expected.h_n));
  EXPECT_TRUE(same_bits(pass.c_n, expected.c_n));
}

/// A missing gradient is one of zeros.
TEST_P(RnnMetamorphic, NoGradientIsOneOfZeros) {
  Rnn<float> rnn(config());
  RnnInput<float> input = RnnInput<float>::random(1, config(), kT, kB);
  std::fill(input.g_h_n.begin(), input.g_h_n.end(), 0.0f);
  std::fill(input.g_c_n.begin(), input.g_c_n.end(), 0.0f);
  const RnnPass<float> expected = run(rnn, input);
  RnnPass<float> pass = run(rnn, input);
  rnn.forward({kT, kB, input.x.data(), input.h_0.data(), input.c_0.data()}, Dropout::kOff, nullptr,
              pass.output.data(), pass.h_n.data(), pass.c_n.data());
  rnn.backward(input.g_output.data(), nullptr, nullptr, pass.d_x.data(), pass.d_h_0.data(),
               pass.d_c_0.data());
  EXPECT_TRUE(same_bits(pass.d_x, expected.d_x));
  EXPECT_TRUE(same_bits(pass.d_h_0, expected.d_h_0));
}

INSTANTIATE_TEST_SUITE_P(All, RnnMetamorphic, ::testing::ValuesIn(kAllCells),
                         [](const auto& info) { return std::string(cell<float>(info.param).name); });

}  // namespace
}  // namespace unroll::testing::rnn_metamorphic_test
