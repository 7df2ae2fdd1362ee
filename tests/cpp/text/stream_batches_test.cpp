#include "unroll/text/stream_batches.h"

#include <gtest/gtest.h>

#include <limits>
#include <numeric>

#include "support/expect_error.h"

namespace unroll::testing::stream_batches_test {
namespace {

using testing::expect_error;
using Tokens = std::vector<TokenId>;

Tokens counting(Index length) {
  Tokens tokens(static_cast<std::size_t>(length));
  std::iota(tokens.begin(), tokens.end(), 0);
  return tokens;
}

struct Chunk {
  bool begins_epoch;
  Tokens ids;
  Tokens targets;

  bool operator==(const Chunk&) const = default;
};

// Exactly as much memory as promised, so that the address sanitizer sees one number too many.
Chunk read(StreamBatches& batches) {
  const auto size = static_cast<std::size_t>(batches.seq_len() * batches.batch_size());
  Chunk chunk{false, Tokens(size), Tokens(size)};
  chunk.begins_epoch = batches.next(chunk.ids.data(), chunk.targets.data());
  return chunk;
}

TEST(StreamBatches, ReadsTheExampleOfTheHeader) {
  const Tokens tokens = counting(11);
  StreamBatches batches(tokens, 2, 2);
  EXPECT_EQ(batches.chunks_per_epoch(), 2);
  EXPECT_EQ(read(batches), (Chunk{true, {0, 5, 1, 6}, {1, 6, 2, 7}}));
  EXPECT_EQ(read(batches), (Chunk{false, {2, 7, 3, 8}, {3, 8, 4, 9}}));
  EXPECT_EQ(batches.position(), (StreamBatches::Position{1, 0}));
  EXPECT_EQ(read(batches), (Chunk{true, {0, 5, 1, 6}, {1, 6, 2, 7}}));
}

TEST(StreamBatches, HasAsManyChunksAsTheReferenceRuns) {
  const Tokens tokens = counting(1003854);
  EXPECT_EQ(StreamBatches(tokens, 32, 64).chunks_per_epoch(), 490);
  EXPECT_EQ(StreamBatches(tokens, 50, 50).chunks_per_epoch(), 401);
}

// The naive twin cuts the streams out first, as one would on paper, and then walks them.
std::vector<Chunk> naive_epoch(const Tokens& tokens, Index batch_size, Index seq_len) {
  if (tokens.empty()) return {};
  const Index stream_length = (static_cast<Index>(tokens.size()) - 1) / batch_size;
  std::vector<Tokens> inputs;
  std::vector<Tokens> targets;
  for (Index j = 0; j < batch_size; ++j) {
    const auto begin = tokens.begin() + j * stream_length;
    inputs.emplace_back(begin, begin + stream_length);
    targets.emplace_back(begin + 1, begin + 1 + stream_length);
  }
  std::vector<Chunk> chunks;
  for (Index start = 0; start + seq_len <= stream_length; start += seq_len) {
    Chunk chunk{chunks.empty(), {}, {}};
    for (Index t = start; t < start + seq_len; ++t) {
      for (Index j = 0; j < batch_size; ++j) {
        chunk.ids.push_back(inputs[static_cast<std::size_t>(j)][static_cast<std::size_t>(t)]);
        chunk.targets.push_back(targets[static_cast<std::size_t>(j)][static_cast<std::size_t>(t)]);
      }
    }
    chunks.push_back(chunk);
  }
  return chunks;
}

TEST(StreamBatches, AgreesWithTheNaiveTwinForAllSmallShapes) {
  for (Index batch_size = 1; batch_size <= 6; ++batch_size) {
    for (Index seq_len = 1; seq_len <= 6; ++seq_len) {
      for (Index length = 0; length <= 2 * batch_size * seq_len + batch_size + 2; ++length) {
        SCOPED_TRACE(::testing::Message() << "B " << batch_size << " T " << seq_len << " N " << length);
        const Tokens tokens = counting(length);
        const std::vector<Chunk> expected = naive_epoch(tokens, batch_size, seq_len);
        ASSERT_EQ(expected.empty(), length < batch_size * seq_len + 1);
        if (expected.empty()) {
          expect_error(ErrorCode::kTextTooShort, "lower batch_size or seq_len",
                       [&] { StreamBatches(tokens, batch_size, seq_len); });
          continue;
        }
        StreamBatches batches(tokens, batch_size, seq_len);
        ASSERT_EQ(batches.chunks_per_epoch(), static_cast<Index>(expected.size()));
        for (int epoch = 0; epoch < 2; ++epoch) {
          for (std::size_t k = 0; k < expected.size(); ++k) {
            ASSERT_EQ(batches.position(), (StreamBatches::Position{epoch, static_cast<Index>(k)}));
            ASSERT_EQ(read(batches), expected[k]);
          }
        }
      }
    }
  }
}

TEST(StreamBatches, EachChunkGoesOnWhereTheStreamStopped) {
  const Tokens tokens = counting(1000);
  StreamBatches batches(tokens, 3, 7);
  Chunk before = read(batches);
  for (Index k = 1; k < batches.chunks_per_epoch(); ++k) {
    const Chunk after = read(batches);
    EXPECT_FALSE(after.begins_epoch);
    for (std::size_t j = 0; j < 3; ++j) EXPECT_EQ(before.targets[6 * 3 + j], after.ids[j]);
    before = after;
  }
}

TEST(StreamBatches, GoesOnFromAPositionAsIfNeverStopped) {
  const Tokens tokens = counting(200);
  StreamBatches straight(tokens, 4, 5);
  for (int i = 0; i < 23; ++i) read(straight);
  StreamBatches resumed(tokens, 4, 5);
  resumed.set_position(straight.position());
  EXPECT_EQ(resumed.position(), straight.position());
  for (int i = 0; i < 20; ++i) ASSERT_EQ(read(resumed), read(straight));
}

TEST(StreamBatches, APositionAtTheEndOfAnEpochBeginsTheNext) {
  const Tokens tokens = counting(11);
  StreamBatches batches(tokens, 2, 2);
  batches.set_position({7, 1});
  EXPECT_FALSE(read(batches).begins_epoch);
  EXPECT_EQ(batches.position(), (StreamBatches::Position{8, 0}));
  EXPECT_TRUE(read(batches).begins_epoch);
}

TEST(StreamBatches, RefusesPositionsThatDoNotExistAndStaysWhereItWas) {
  const Tokens tokens = counting(11);
  StreamBatches batches(tokens, 2, 2);
  read(batches);
  for (const auto& position : {StreamBatches::Position{-1, 0}, StreamBatches::Position{0, -1},
                               StreamBatches::Position{0, 2}, StreamBatches::Position{0, 1000}}) {
    expect_error(ErrorCode::kInvalidArgument, "chunk 0 to 1", [&] { batches.set_position(position); });
    EXPECT_EQ(batches.position(), (StreamBatches::Position{0, 1}));
  }
}

TEST(StreamBatches, SaysHowMuchTextItNeeds) {
  EXPECT_EQ(testing::message_of(ErrorCode::kTextTooShort, [] { StreamBatches(counting(2048), 32, 64); }),
            "StreamBatches: 2048 characters to train on cannot fill one chunk of batch_size 32 times seq_len "
            "64, expected at "
            "least 2049; lower batch_size or seq_len, or use a longer text");
  EXPECT_EQ(StreamBatches(counting(2049), 32, 64).chunks_per_epoch(), 1);
}

TEST(StreamBatches, RefusesImpossibleShapes) {
  constexpr Index huge = std::numeric_limits<Index>::max();
  for (const Index bad : {Index{0}, Index{-1}, -huge - 1}) {
    expect_error(ErrorCode::kInvalidArgument, "batch_size is", [&] { StreamBatches(counting(9), bad, 2); });
    expect_error(ErrorCode::kInvalidArgument, "seq_len is", [&] { StreamBatches(counting(9), 2, bad); });
  }
  expect_error(ErrorCode::kTextTooShort, "9 characters", [&] { StreamBatches(counting(9), huge, huge); });
  expect_error(ErrorCode::kTextTooShort, "9 characters", [&] { StreamBatches(counting(9), huge, 1); });
  expect_error(ErrorCode::kTextTooShort, "9 characters", [&] { StreamBatches(counting(9), 1, huge); });
}

}  // namespace
}  // namespace unroll::testing::stream_batches_test
