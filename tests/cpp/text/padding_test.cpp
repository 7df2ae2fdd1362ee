#include "unroll/text/padding.h"

#include <gtest/gtest.h>

#include "support/expect_error.h"
#include "unroll/core/rng.h"

namespace unroll::testing::padding_test {
namespace {

using testing::expect_error;
using Tokens = std::vector<TokenId>;
using Positions = std::vector<Index>;

TEST(Padding, FillsUpTheEndsOfTheShorterSequences) {
  const std::vector<Tokens> sequences = {{1, 2, 3}, {4}, {5, 6}};
  const PaddedBatch batch = pad_sequences(sequences, Positions{0, 1, 2}, -7);
  EXPECT_EQ(batch.seq_len, 3);
  EXPECT_EQ(batch.batch_size, 3);
  EXPECT_EQ(batch.ids, (Tokens{1, 4, 5, 2, -7, 6, 3, -7, -7}));
  EXPECT_EQ(batch.lengths, (Positions{3, 1, 2}));
  EXPECT_DOUBLE_EQ(batch.padding_share(), 3.0 / 9);
}

TEST(Padding, TakesTheChosenSequencesInTheirOrder) {
  const std::vector<Tokens> sequences = {{1, 2, 3}, {4}, {5, 6}, {}};
  const PaddedBatch batch = pad_sequences(sequences, Positions{2, 1, 2}, 0);
  EXPECT_EQ(batch.seq_len, 2);
  EXPECT_EQ(batch.ids, (Tokens{5, 4, 5, 6, 0, 6}));
  EXPECT_DOUBLE_EQ(batch.padding_share(), 1.0 / 6);
}

TEST(Padding, OneSequenceNeedsNone) {
  const std::vector<Tokens> sequences = {{9, 8}};
  const PaddedBatch batch = pad_sequences(sequences, Positions{0}, 0);
  EXPECT_EQ(batch.ids, (Tokens{9, 8}));
  EXPECT_EQ(batch.padding_share(), 0);
}

TEST(Padding, EverySequenceCanBeReadBack) {
  Rng rng(1, Rng::Purpose::kTask);
  for (int round = 0; round < 100; ++round) {
    std::vector<Tokens> sequences(1 + rng.below(8));
    Positions chosen;
    for (std::size_t i = 0; i < sequences.size(); ++i) {
      sequences[i].resize(1 + rng.below(9));
      for (TokenId& id : sequences[i]) id = static_cast<TokenId>(1 + rng.below(20));
      chosen.push_back(static_cast<Index>(i));
    }
    const PaddedBatch batch = pad_sequences(sequences, chosen, 0);
    std::size_t padding = 0;
    for (std::size_t j = 0; j < sequences.size(); ++j) {
      Tokens column;
      for (std::size_t t = 0; t < static_cast<std::size_t>(batch.seq_len); ++t) {
        const TokenId id = batch.ids[t * sequences.size() + j];
        if (id == 0) ++padding;
        if (id != 0) column.push_back(id);
      }
      EXPECT_EQ(column, sequences[j]);
    }
    EXPECT_NEAR(batch.padding_share(), static_cast<double>(padding) / static_cast<double>(batch.ids.size()),
                1e-15);
  }
}

TEST(Padding, RefusesARectangleThatIsFarLargerThanItsSequences) {
  // One long sequence makes every short one long. In 32 bits 65,536 x 65,536 is 0.
  const std::vector<Tokens> sequences = {Tokens(65536, 7), {1}};
  Positions chosen(65536, 1);
  EXPECT_EQ(pad_sequences(sequences, chosen, 0).ids.size(), 65536u);
  chosen[9] = 0;
  expect_error(ErrorCode::kTooBig, "65536 sequences padded to 65536 steps, expected at most 16777216 numbers",
               [&] { pad_sequences(sequences, chosen, 0); });
  chosen.assign(256, 1);
  chosen[9] = 0;
  EXPECT_EQ(static_cast<Index>(pad_sequences(sequences, chosen, 0).ids.size()), kMaxPaddedIds);
  chosen.push_back(1);
  expect_error(ErrorCode::kTooBig, "257 sequences", [&] { pad_sequences(sequences, chosen, 0); });
}

TEST(Padding, RefusesWhatIsNotThere) {
  const std::vector<Tokens> sequences = {{1}, {}};
  expect_error(ErrorCode::kInvalidArgument, "no sequence is chosen",
               [&] { pad_sequences(sequences, Positions{}, 0); });
  expect_error(ErrorCode::kInvalidArgument, "sequence 2 is chosen, there are 2", [&] {
    pad_sequences(sequences, Positions{0, 2}, 0);
  });
  expect_error(ErrorCode::kInvalidArgument, "sequence -1 is chosen",
               [&] { pad_sequences(sequences, Positions{-1}, 0); });
  expect_error(ErrorCode::kInvalidArgument, "sequence 1 is empty",
               [&] { pad_sequences(sequences, Positions{1}, 0); });
}

}  // namespace
}  // namespace unroll::testing::padding_test
