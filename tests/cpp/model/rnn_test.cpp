#include "unroll/model/rnn.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "support/expect_error.h"
#include "support/rnn_pass.h"

namespace unroll::testing::rnn_test {
namespace {

/// The example of the lecture: torch.nn.RNN(10, 5, 2) turns X of shape (3, 4, 10) into (3, 4, 5).
TEST(Rnn, HasTheShapesOfTheLecturesExample) {
  const RnnConfig config{.network = {.cell = CellKind::kRnnTanh, .hidden_size = 5, .num_layers = 2},
                         .input_size = 10};
  Rnn<float> rnn(config);
  const std::pair<const char*, std::pair<Index, Index>> shapes[] = {
      {"weight_ih_l0", {5, 10}}, {"weight_hh_l0", {5, 5}}, {"bias_ih_l0", {5, 0}}, {"bias_hh_l0", {5, 0}},
      {"weight_ih_l1", {5, 5}},  {"weight_hh_l1", {5, 5}}, {"bias_ih_l1", {5, 0}}, {"bias_hh_l1", {5, 0}}};
  ASSERT_EQ(rnn.parameters().count(), 8);
  for (Index id = 0; id < 8; ++id) {
    const auto& [name, shape] = shapes[id];
    EXPECT_EQ(rnn.parameters().spec(id).name, name);
    EXPECT_EQ(rnn.parameters().spec(id).layout.rows, shape.first) << name;
    EXPECT_EQ(rnn.parameters().spec(id).layout.cols, shape.second) << name;
  }
  const RnnInput<float> input = RnnInput<float>::random(1, config, 3, 4);
  const RnnPass<float> pass = run(rnn, input);
  // The last step of the last layer is its final state.
  for (Index b = 0; b < 4; ++b) {
    for (Index j = 0; j < 5; ++j) EXPECT_EQ(pass.output(2 * 4 + b, j), pass.h_n(4 + b, j));
  }
}

TEST(Rnn, NamesItsParametersAsTorchDoes) {
  Rnn<float> rnn(
      {.network =
           {.cell = CellKind::kGru, .hidden_size = 3, .num_layers = 2, .bidirectional = true, .bias = false},
       .input_size = 4});
  const char* names[] = {"weight_ih_l0", "weight_hh_l0", "weight_ih_l0_reverse", "weight_hh_l0_reverse",
                         "weight_ih_l1", "weight_hh_l1", "weight_ih_l1_reverse", "weight_hh_l1_reverse"};
  ASSERT_EQ(rnn.parameters().count(), 8);
  for (Index id = 0; id < 8; ++id) EXPECT_EQ(rnn.parameters().spec(id).name, names[id]);
  EXPECT_EQ(rnn.parameters().spec(4).layout.cols, 6) << "layer 1 reads both directions";
}

TEST(Rnn, StartsUniformInOneOverTheRootOfItsHiddenSize) {
  Rnn<float> rnn({.network = {.cell = CellKind::kLstm, .hidden_size = 25}, .input_size = 20});
  const double bound = 1.0 / 5.0;
  double sum = 0.0, squares = 0.0, count = 0.0, largest = 0.0;
  for (Index id = 0; id < rnn.parameters().count(); ++id) {
    for (double x : value_of(rnn.parameters(), id)) {
      sum += x;
      squares += x * x;
      count += 1.0;
      largest = std::max(largest, std::abs(x));
    }
  }
  EXPECT_LE(largest, bound);
  EXPECT_GT(largest, 0.99 * bound);
  EXPECT_NEAR(sum / count, 0.0, 5.0 * bound / std::sqrt(3.0 * count));
  EXPECT_NEAR(squares / count, bound * bound / 3.0, 0.03 * bound * bound / 3.0);
}

TEST(Rnn, TheSeedDecidesTheWeights) {
  const auto first_weight = [](std::uint64_t seed) {
    const Rnn<float> rnn(
        {.network = {.cell = CellKind::kGru, .hidden_size = 3, .seed = seed}, .input_size = 2});
    return value_of(rnn.parameters(), 0)[0];
  };
  EXPECT_EQ(first_weight(1), first_weight(1));
  EXPECT_NE(first_weight(1), first_weight(2));
}

TEST(Rnn, RefusesAWindowThatIsNone) {
  const RnnConfig config{.network = {.cell = CellKind::kGru, .hidden_size = 3}, .input_size = 2};
  Rnn<float> rnn(config);
  Array<float> room(kMaxSeqLen + 1, 3);
  const auto forward = [&](Index seq_len, Index batch_size, std::vector<Index> lengths) {
    rnn.forward({seq_len, batch_size, room.data(), nullptr, nullptr, lengths}, Dropout::kOff, nullptr,
                room.data(), room.data(), nullptr);
  };
  const auto refuses = [&](const std::string& part, Index seq_len, Index batch_size,
                           std::vector<Index> lengths) {
    expect_error(ErrorCode::kInvalidArgument, part, [&] { forward(seq_len, batch_size, lengths); });
  };
  refuses("seq_len is 0", 0, 1, {});
  refuses("seq_len is -1", -1, 1, {});
  refuses("seq_len is 4097", kMaxSeqLen + 1, 1, {});
  refuses("batch_size is 0", 1, 0, {});
  refuses("batch_size is 1025", 1, kMaxBatchSize + 1, {});
  refuses("there are 1 lengths, expected one for each of the 2", 3, 2, {3});
  refuses("lengths[1] is 0", 3, 2, {3, 0});
  refuses("lengths[0] is 4", 3, 2, {4, 1});
}

TEST(Rnn, GoesBackOnceForEachForward) {
  const RnnConfig config{.network = {.cell = CellKind::kGru, .hidden_size = 3}, .input_size = 2};
  Rnn<float> rnn(config);
  Array<float> room(6, 3);
  const auto backward = [&] { rnn.backward(nullptr, nullptr, nullptr, room.data(), room.data(), nullptr); };
  expect_error(ErrorCode::kWrongState, "no forward()", backward);
  const Array<float> x(2, 2, 0.5f);
  rnn.forward({2, 1, x.data()}, Dropout::kOff, nullptr, room.data(), room.data(), nullptr);
  backward();
  expect_error(ErrorCode::kWrongState, "no forward()", backward);
}

TEST(Rnn, LeavesTheOutputOfPaddingZero) {
  const RnnConfig config{.network = {.cell = CellKind::kLstm, .hidden_size = 3, .bidirectional = true},
                         .input_size = 2};
  Rnn<float> rnn(config);
  RnnInput<float> input = RnnInput<float>::random(1, config, 4, 3);
  input.lengths = {1, 4, 2};
  const RnnPass<float> pass = run(rnn, input);
  for (Index t = 0; t < 4; ++t) {
    for (Index b = 0; b < 3; ++b) {
      for (Index j = 0; j < 6; ++j) {
        EXPECT_EQ(pass.output(t * 3 + b, j) == 0.0f, t >= input.lengths[static_cast<std::size_t>(b)]);
      }
    }
  }
}

}  // namespace
}  // namespace unroll::testing::rnn_test
