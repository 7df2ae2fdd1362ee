#include "unroll/io/safetensors.h"

#include <gtest/gtest.h>

#include <cstring>
#include <limits>

#include "io/safetensors_bytes.h"
#include "support/expect_error.h"
#include "unroll/core/rng.h"

namespace unroll::testing::safetensors_test {
namespace {

using testing::Bytes;
using testing::expect_error;
using testing::file_of;

constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

void expect_equal(const SafetensorsFile& a, const SafetensorsFile& b) {
  EXPECT_EQ(a.metadata, b.metadata);
  ASSERT_EQ(a.tensors.size(), b.tensors.size());
  for (std::size_t i = 0; i < a.tensors.size(); ++i) {
    EXPECT_EQ(a.tensors[i].name, b.tensors[i].name);
    EXPECT_EQ(a.tensors[i].dtype, b.tensors[i].dtype);
    EXPECT_EQ(a.tensors[i].shape, b.tensors[i].shape);
    EXPECT_TRUE(std::equal(a.tensors[i].bytes.begin(), a.tensors[i].bytes.end(), b.tensors[i].bytes.begin(),
                           b.tensors[i].bytes.end()));
  }
}

TEST(Safetensors, ReadsAFileWrittenByHand) {
  const Bytes file =
      file_of(R"({"__metadata__":{"format":"pt"},"b":{"dtype":"U8","shape":[2],"data_offsets":[8,10]},)"
              R"("a":{"shape":[1,2],"data_offsets":[0,8],"dtype":"F32"}})",
              10);
  const SafetensorsFile content = parse_safetensors(file);
  EXPECT_EQ(content.metadata, (SafetensorsFile::Metadata{{"format", "pt"}}));
  ASSERT_EQ(content.tensors.size(), 2u);
  EXPECT_EQ(content.tensors[0].name, "b");
  EXPECT_EQ(content.tensors[0].dtype, Dtype::kU8);
  EXPECT_EQ(content.tensors[0].shape, (std::vector<Index>{2}));
  EXPECT_EQ(Bytes(content.tensors[0].bytes.begin(), content.tensors[0].bytes.end()), (Bytes{8, 9}));
  EXPECT_EQ(content.tensors[1].shape, (std::vector<Index>{1, 2}));
  EXPECT_EQ(content.tensors[1].bytes.data() + 8, content.tensors[0].bytes.data());
  EXPECT_EQ(content.find("b"), &content.tensors[0]);
  EXPECT_EQ(content.find("c"), nullptr);
  ASSERT_NE(content.find_metadata("format"), nullptr);
  EXPECT_EQ(*content.find_metadata("format"), "pt");
  EXPECT_EQ(content.find_metadata("b"), nullptr);
}

TEST(Safetensors, WritesTheBytesOfTheFormat) {
  const std::vector<float> values = {1.0f, -2.5f};
  const Bytes file = write_safetensors({{{"k", "v"}}, {view_f32("w", {2, 1}, values)}});
  const std::string header =
      R"({"__metadata__":{"k":"v"},"w":{"dtype":"F32","shape":[2,1],"data_offsets":[0,8]}})";
  const std::size_t padded = (header.size() + 7) / 8 * 8;
  ASSERT_EQ(file.size(), 8 + padded + 8);
  EXPECT_EQ(file[0], padded);
  EXPECT_EQ(std::string(file.begin() + 8, file.begin() + 8 + static_cast<std::ptrdiff_t>(padded)),
            header + std::string(padded - header.size(), ' '));
  EXPECT_EQ(Bytes(file.end() - 8, file.end()), (Bytes{0, 0, 0x80, 0x3F, 0, 0, 0x20, 0xC0}));
}

TEST(Safetensors, ReadsBackWhatItWrote) {
  Rng rng(1, Rng::Purpose::kTask);
  for (int round = 0; round < 200; ++round) {
    SafetensorsFile content;
    for (std::uint64_t i = rng.below(4); i > 0; --i) {
      content.metadata.emplace_back("key \"" + std::to_string(i),
                                    std::string(rng.below(9), '\n') + "\xC3\xA9");
    }
    std::vector<Bytes> owners;
    for (std::uint64_t i = rng.below(6); i > 0; --i) {
      TensorView tensor;
      tensor.name = "layer." + std::to_string(i);
      tensor.dtype = static_cast<Dtype>(rng.below(5));
      std::size_t count = 1;
      for (std::uint64_t rank = rng.below(kMaxRank + 1); rank > 0; --rank) {
        tensor.shape.push_back(1 + static_cast<Index>(rng.below(4)));
        count *= static_cast<std::size_t>(tensor.shape.back());
      }
      owners.emplace_back(count * item_size(tensor.dtype));
      for (auto& byte : owners.back()) byte = static_cast<std::uint8_t>(rng.below(256));
      tensor.bytes = owners.back();
      content.tensors.push_back(tensor);
    }
    const Bytes file = write_safetensors(content);
    const SafetensorsFile read = parse_safetensors(file);
    expect_equal(content, read);
    EXPECT_EQ(write_safetensors(read), file);
    for (const TensorView& tensor : read.tensors) {
      EXPECT_EQ(static_cast<std::size_t>(tensor.bytes.data() - file.data()) % item_size(tensor.dtype), 0u);
    }
  }
}

TEST(Safetensors, NumbersComeBackAsTheyWere) {
  const std::vector<float> floats = {0.0f, -0.0f, 1e-45f, 3.4e38f, -1.5f};
  const std::vector<double> doubles = {4.9e-324, 1.7e308};
  const std::vector<std::int64_t> integers = {std::numeric_limits<std::int64_t>::min(), -1};
  const Bytes file = write_safetensors(
      {{}, {view_f32("f", {5}, floats), view_f64("d", {2}, doubles), view_i64("i", {1, 2}, integers)}});
  const SafetensorsFile content = parse_safetensors(file);
  const std::vector<float> back = read_f32(content.tensors[0]);
  EXPECT_EQ(std::memcmp(back.data(), floats.data(), sizeof(float) * 5), 0);
  EXPECT_EQ(read_f64(content.tensors[1]), doubles);
  EXPECT_EQ(read_i64(content.tensors[2]), integers);
}

TEST(Safetensors, CopiesFromAnyAddress) {
  const std::vector<float> values = {1, 2, 3};
  const Bytes file = write_safetensors({{}, {view_f32("w", {3}, values)}});
  for (std::size_t shift = 0; shift < 8; ++shift) {
    Bytes moved(shift);
    moved.insert(moved.end(), file.begin(), file.end());
    const auto content = parse_safetensors(std::span<const std::uint8_t>(moved).subspan(shift));
    EXPECT_EQ(read_f32(content.tensors[0]), values);
  }
}

TEST(Safetensors, ReadsDataThatAreNotAligned) {
  const SafetensorsFile content =
      parse_safetensors(file_of(R"({"a":{"dtype":"U8","shape":[3],"data_offsets":[0,3]},)"
                                R"("b":{"dtype":"I64","shape":[],"data_offsets":[3,11]}})",
                                11));
  EXPECT_EQ(content.tensors[1].shape.size(), 0u);
  EXPECT_EQ(content.tensors[1].bytes.size(), 8u);
}

TEST(Safetensors, FindsTheFirstNumberThatIsNotFinite) {
  for (const float bad : {kNan, -kNan, kInfinity, -kInfinity}) {
    for (const std::size_t index : {0u, 2u, 4u}) {
      std::vector<float> values(5, 1.0f);
      values[index] = bad;
      expect_error(ErrorCode::kNotFinite, "tensor \"rnn.w\" is ",
                   [&] { read_f32(view_f32("rnn.w", {5}, values)); });
      expect_error(ErrorCode::kNotFinite, "at index " + std::to_string(index),
                   [&] { read_f32(view_f32("rnn.w", {5}, values)); });
    }
  }
  const std::vector<double> doubles = {1.0, std::numeric_limits<double>::quiet_NaN()};
  expect_error(ErrorCode::kNotFinite, "is NaN at index 1", [&] { read_f64(view_f64("d", {2}, doubles)); });
}

TEST(Safetensors, RefusesToReadATensorAsWhatItIsNot) {
  const std::vector<float> values = {1, 2};
  const TensorView tensor = view_f32("w", {2}, values);
  expect_error(ErrorCode::kFileInvalid, "tensor \"w\" has dtype F32, expected F64",
               [&] { read_f64(tensor); });
  expect_error(ErrorCode::kFileInvalid, "expected I64", [&] { read_i64(tensor); });
  // Numbers of the same width are still not the same numbers.
  const std::vector<double> doubles = {1};
  expect_error(ErrorCode::kFileInvalid, "has dtype F64, expected I64",
               [&] { read_i64(view_f64("d", {1}, doubles)); });
  const TensorView integers{"i", Dtype::kI32, {2}, tensor.bytes};
  expect_error(ErrorCode::kFileInvalid, "has dtype I32, expected F32", [&] { read_f32(integers); });
}

TEST(Safetensors, RefusesToWriteWhatItWouldNotRead) {
  const std::vector<float> values = {1, 2};
  const auto write = [](const SafetensorsFile& content) { return [content] { write_safetensors(content); }; };
  const auto w = [&](std::vector<Index> shape) { return view_f32("w", std::move(shape), values); };
  expect_error(ErrorCode::kInvalidArgument, "do not fit its shape", write({{}, {w({3})}}));
  expect_error(ErrorCode::kInvalidArgument, "do not fit its shape", write({{}, {w({1})}}));
  expect_error(ErrorCode::kInvalidArgument, "dimension of 0", write({{}, {view_f32("w", {0}, {})}}));
  expect_error(ErrorCode::kInvalidArgument, "dimension of -2", write({{}, {w({-2, -1})}}));
  constexpr Index huge = std::numeric_limits<Index>::max();
  expect_error(ErrorCode::kInvalidArgument, "do not fit its shape", write({{}, {w({huge, huge, 2})}}));
  expect_error(ErrorCode::kInvalidArgument, "5 dimensions", write({{}, {w({1, 1, 1, 1, 2})}}));
  expect_error(ErrorCode::kInvalidArgument, "tensor \"w\" comes twice", write({{}, {w({2}), w({2})}}));
  expect_error(ErrorCode::kInvalidArgument, "metadata key \"k\" comes twice",
               write({{{"k", "1"}, {"k", "2"}}, {}}));
  expect_error(ErrorCode::kInvalidArgument, "not free", write({{}, {view_f32("__metadata__", {2}, values)}}));
  expect_error(ErrorCode::kInvalidArgument, "UTF-8", write({{{"k", "\xFF"}}, {}}));
  expect_error(ErrorCode::kTooBig, "shorten the metadata",
               write({{{"k", std::string(kMaxHeaderBytes, 'x')}}, {}}));
  SafetensorsFile many;
  for (std::size_t i = 0; i <= kMaxTensors; ++i) {
    many.tensors.push_back(view_f32(std::to_string(i), {2}, values));
  }
  expect_error(ErrorCode::kInvalidArgument, "257 tensors", write(many));
  many.tensors.pop_back();
  EXPECT_EQ(parse_safetensors(write_safetensors(many)).tensors.size(), kMaxTensors);
  SafetensorsFile wordy;
  for (std::size_t i = 0; i <= kMaxMetadata; ++i) wordy.metadata.emplace_back(std::to_string(i), "");
  expect_error(ErrorCode::kInvalidArgument, "1025 metadata entries", write(wordy));
  wordy.metadata.pop_back();
  const Bytes file = write_safetensors(wordy);
  EXPECT_EQ(parse_safetensors(file).metadata, wordy.metadata);
}

TEST(Safetensors, WritesAHeaderOfExactlyTheCapAndNotAByteMore) {
  const std::size_t room = kMaxHeaderBytes - std::string_view(R"({"__metadata__":{"k":""}})").size();
  SafetensorsFile content{{{"k", std::string(room, 'x')}}, {}};
  const Bytes file = write_safetensors(content);
  EXPECT_EQ(file.size(), 8 + kMaxHeaderBytes);
  EXPECT_EQ(parse_safetensors(file).metadata, content.metadata);
  content.metadata[0].second += 'x';
  expect_error(ErrorCode::kTooBig, "the header has 262152 bytes", [&] { write_safetensors(content); });
}

TEST(Safetensors, WritesBackTheLongestStringThatItReads) {
  // Every escape has a short and a long form. Were the long one written, this file could be read and not
  // saved.
  std::string string;
  while (string.size() < 262100) string += R"(\n\t\"\\)";
  const SafetensorsFile content =
      parse_safetensors(file_of("{\"__metadata__\":{\"k\":\"" + string + "\"}}", 0));
  EXPECT_EQ(content.metadata[0].second.size(), string.size() / 2);
  const Bytes file = write_safetensors(content);
  expect_equal(parse_safetensors(file), content);
}

TEST(Safetensors, HasRoomForTheLargestModelsHeader) {
  // 4,096 characters beyond the BMP, as JSON in a JSON string with every surrogate escaped.
  std::string vocabulary = "[";
  for (int i = 0; i < 4096; ++i) vocabulary += "\"\\ud83d\\ude00\",";
  const std::vector<float> values = {1};
  SafetensorsFile content{{{"vocabulary", vocabulary}}, {}};
  for (std::size_t i = 0; i < kMaxTensors; ++i) {
    content.tensors.push_back(view_f32("rnn.weight_ih_l3_reverse." + std::to_string(i), {1, 1}, values));
  }
  const Bytes file = write_safetensors(content);
  expect_equal(parse_safetensors(file), content);
}

TEST(Safetensors, ShowsNamesOfAFileOnlyShortenedAndPrintable) {
  const std::string name = "<b>\\n\\u202e" + std::string(1000, 'x');
  const std::string message = testing::message_of(ErrorCode::kFileInvalid, [&] {
    parse_safetensors(
        file_of("{\"" + name + "\":{\"dtype\":\"Q4\",\"shape\":[1],\"data_offsets\":[0,1]}}", 1));
  });
  EXPECT_NE(message.find("tensor \"<b>????xxx"), std::string::npos) << message;
  EXPECT_LT(message.size(), 250u);
}

}  // namespace
}  // namespace unroll::testing::safetensors_test
