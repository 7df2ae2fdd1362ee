// Files that lie. Each is refused with its own sentence; nothing is read out of range (the address sanitizer
// watches), and no damage is taken for something else.

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>

#include "io/safetensors_bytes.h"
#include "support/expect_error.h"
#include "unroll/io/safetensors.h"

namespace unroll::testing::safetensors_hostile_test {
namespace {

using testing::Bytes;
using testing::expect_error;
using testing::file_of;
using testing::file_with_length;

/// One tensor called w.
std::string entry(const std::string& dtype, const std::string& shape, const std::string& offsets) {
  return "\"w\":{\"dtype\":" + dtype + ",\"shape\":" + shape + ",\"data_offsets\":" + offsets + "}";
}

Bytes f32(const std::string& shape, const std::string& offsets, std::size_t data_size) {
  return file_of("{" + entry("\"F32\"", shape, offsets) + "}", data_size);
}

std::string u8(const std::string& name, const std::string& begin, const std::string& end,
               const std::string& size) {
  return "\"" + name + "\":{\"dtype\":\"U8\",\"shape\":[" + size + "],\"data_offsets\":[" + begin + "," +
         end + "]}";
}

Bytes pair(const std::string& a, const std::string& b, std::size_t data_size) {
  return file_of("{" + a + "," + b + "}", data_size);
}

struct Hostile {
  const char* why;
  Bytes file;
  std::string message;
};

std::vector<Hostile> hostile_lengths() {
  const std::string good = "{" + entry("\"U8\"", "[1]", "[0,1]") + "}";
  const auto size = good.size();
  return {
      {"empty", {}, "0 bytes are too few"},
      {"one byte", {0}, "1 bytes are too few"},
      {"seven bytes", Bytes(7), "7 bytes are too few"},
      {"length only, zero", Bytes(8), "byte 0 of the header"},
      {"length 1 of nothing", file_with_length(1, "", 0), "only 0 follow"},
      {"header one byte short", file_with_length(size + 2, good, 1), "the file was cut off"},
      {"header length ends in the data", file_with_length(size + 1, good, 1), "byte " + std::to_string(size)},
      {"header length ends in the header", file_with_length(size - 1, good, 1),
       "byte " + std::to_string(size - 1)},
      {"length just above the cap", file_with_length(kMaxHeaderBytes + 1, good, 1),
       "expected at most 262144"},
      {"length 2^31 - 1", file_with_length(0x7FFFFFFF, good, 1), "expected at most"},
      {"length 2^31", file_with_length(0x80000000, good, 1), "expected at most"},
      {"length 2^32 - 1", file_with_length(0xFFFFFFFF, good, 1), "expected at most"},
      {"length 2^32 + real, which 32 bits would accept", file_with_length((1ull << 32) + size, good, 1),
       "expected at most"},
      {"length 2^63", file_with_length(1ull << 63, good, 1), "expected at most"},
      {"length 2^64 - 1", file_with_length(~0ull, good, 1), "expected at most"},
      {"length 2^64 - 8, so that 8 + length wraps", file_with_length(~0ull - 7, good, 1), "expected at most"},
      {"length big-endian", file_with_length(static_cast<std::uint64_t>(size) << 56, good, 1),
       "expected at most"},
      {"a ZIP archive (PyTorch's own format)", file_with_length(0x0000000004034B50, std::string(90, 'x'), 0),
       "not a safetensors file"},
      {"text", Bytes(40, 'a'), "not a safetensors file"},
      {"a pickle", file_with_length(0x7163800280, good, 0), "not a safetensors file"},
  };
}

std::vector<Hostile> hostile_structure() {
  return {
      {"header begins with a space", file_of(" {}", 0), "byte 0 of the header"},
      {"header is a list", file_of("[]", 0), "byte 0 of the header"},
      {"header ends with a newline", file_of("{}\n", 0), "only spaces"},
      {"header ends with NUL", file_of(std::string("{}\0", 3), 0), "only spaces"},
      {"two headers", file_of("{}{}", 0), "only spaces"},
      {"header of spaces", file_of("        ", 0), "byte 0"},
      {"data without a tensor", file_of("{}", 1), "nothing after the last tensor"},
      {"metadata only, and data", file_of("{\"__metadata__\":{}}", 1), "nothing after the last tensor"},
      {"metadata is a string", file_of("{\"__metadata__\":\"a\"}", 0), "no object of strings"},
      {"metadata is a list", file_of("{\"__metadata__\":[]}", 0), "no object of strings"},
      {"metadata value is a number", file_of("{\"__metadata__\":{\"seed\":1}}", 0),
       "entry \"seed\" is no string"},
      {"metadata value is an object", file_of("{\"__metadata__\":{\"a\":{}}}", 0),
       "entry \"a\" is no string"},
      {"metadata twice", file_of("{\"__metadata__\":{},\"__metadata__\":{}}", 0), "every name once"},
      {"metadata key twice", file_of("{\"__metadata__\":{\"a\":\"\",\"a\":\"\"}}", 0), "every name once"},
      {"tensor is a number", file_of("{\"w\":1}", 1), "\"w\": its entry is no object"},
      {"tensor is a list", file_of("{\"w\":[0,1]}", 1), "\"w\": its entry is no object"},
      {"tensor is empty", file_of("{\"w\":{}}", 1), "\"w\": a field is missing"},
      {"no dtype", file_of("{\"w\":{\"shape\":[1],\"data_offsets\":[0,1]}}", 1), "a field is missing"},
      {"no shape", file_of("{\"w\":{\"dtype\":\"U8\",\"data_offsets\":[0,1]}}", 1), "a field is missing"},
      {"no offsets", file_of("{\"w\":{\"dtype\":\"U8\",\"shape\":[1]}}", 1), "a field is missing"},
      {"a field too many",
       file_of("{\"w\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1],\"x\":1}}", 1),
       "unknown field \"x\""},
      {"a field twice",
       file_of("{\"w\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1],\"shape\":[1]}}", 1),
       "every name once"},
      {"field name in capitals",
       file_of("{\"w\":{\"DTYPE\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]}}", 1),
       "unknown field \"DTYPE\""},
      {"__proto__ as a field", file_of("{\"w\":{\"__proto__\":{},\"shape\":[1],\"data_offsets\":[0,1]}}", 1),
       "unknown field \"__proto__\""},
      {"tensor twice", pair(u8("w", "0", "1", "1"), u8("w", "1", "2", "1"), 2), "every name once"},
      {"tensor twice, once escaped", pair(u8("w", "0", "1", "1"), u8("\\u0077", "1", "2", "1"), 2),
       "every name once"},
  };
}

std::vector<Hostile> hostile_fields() {
  return {
      {"dtype half", file_of("{" + entry("\"F16\"", "[1]", "[0,2]") + "}", 2),
       "\"w\": dtype \"F16\", expected F32"},
      {"dtype bfloat16", file_of("{" + entry("\"BF16\"", "[1]", "[0,2]") + "}", 2), "dtype \"BF16\""},
      {"dtype in small letters", file_of("{" + entry("\"f32\"", "[1]", "[0,4]") + "}", 4), "dtype \"f32\""},
      {"dtype empty", file_of("{" + entry("\"\"", "[1]", "[0,4]") + "}", 4), "dtype \"\""},
      {"dtype with NUL", file_of("{" + entry("\"F32\\u0000\"", "[1]", "[0,4]") + "}", 4), "dtype \"F32?\""},
      {"dtype a number", file_of("{" + entry("32", "[1]", "[0,4]") + "}", 4), "dtype is no string"},
      {"shape a number", f32("4", "[0,4]", 4), "shape is no list"},
      {"shape of strings", f32("[\"1\"]", "[0,4]", 4), "shape is no list of whole numbers"},
      {"shape nested", f32("[[1]]", "[0,4]", 4), "shape is no list of whole numbers"},
      {"shape negative", f32("[-1]", "[0,4]", 4), "whole number of at least 0"},
      {"shape two negatives, whose product is right", f32("[-1,-1]", "[0,4]", 4),
       "whole number of at least 0"},
      {"shape fractional", f32("[1.0]", "[0,4]", 4), "expected ']'"},
      {"shape exponent", f32("[1e0]", "[0,4]", 4), "expected ']'"},
      {"shape null", f32("[null]", "[0,4]", 4), "whole number of at least 0"},
      {"shape 2^53 + 1", f32("[9007199254740993]", "[0,4]", 4), "2^53"},
      {"shape 2^64 + 1, which 64 bits would accept", f32("[18446744073709551617]", "[0,4]", 4), "2^53"},
      {"rank five", f32("[1,1,1,1,1]", "[0,4]", 4), "5 dimensions"},
      {"rank a thousand",
       f32(
           "[1" +
               [] {
                 std::string s;
                 for (int i = 1; i < 1000; ++i) s += ",1";
                 return s;
               }() +
               "]",
           "[0,4]", 4),
       "1000 dimensions"},
      {"zero size", f32("[0]", "[0,0]", 0), "a dimension is 0"},
      {"zero size among others", f32("[3,0,2]", "[0,0]", 0), "a dimension is 0"},
      {"zero hides an overflow", f32("[9007199254740992,9007199254740992,0]", "[0,0]", 0),
       "a dimension is 0"},
      {"product 2^64 + 4 bytes would wrap to 4", f32("[4294967296,4294967296]", "[0,4]", 4),
       "more bytes than the file has"},
      {"product wraps 32 bits", f32("[1073741825]", "[0,4]", 4), "more bytes than the file has"},
      {"product of four wraps 64 bits", f32("[65536,65536,65536,65536]", "[0,4]", 4),
       "more bytes than the file has"},
      {"item size wraps the product",
       file_of("{" + entry("\"F64\"", "[2305843009213,1000000]", "[0,8]") + "}", 8),
       "more bytes than the file has"},
      {"product wraps 64 bits before its last factor",
       f32("[9007199254740992,9007199254740992,1]", "[0,4]", 4), "more bytes than the file has"},
      {"largest shape", f32("[9007199254740992]", "[0,4]", 4), "more bytes than the file has"},
      {"shape larger than its bytes", f32("[1,2]", "[0,4]", 8), "span 4 bytes, its shape needs 8"},
      {"shape smaller than its bytes", f32("[1]", "[0,8]", 8), "span 8 bytes, its shape needs 4"},
      {"bytes not a multiple", f32("[1]", "[0,5]", 5), "span 5 bytes, its shape needs 4"},
      {"a scalar of two", f32("[]", "[0,8]", 8), "span 8 bytes, its shape needs 4"},
      {"empty range", f32("[1]", "[0,0]", 4), "span 0 bytes, its shape needs 4"},
  };
}

std::vector<Hostile> hostile_offsets() {
  return {
      {"one offset", f32("[1]", "[0]", 4), "1 data_offsets"},
      {"three offsets", f32("[1]", "[0,4,4]", 4), "3 data_offsets"},
      {"no offset", f32("[1]", "[]", 4), "0 data_offsets"},
      {"offsets are an object", f32("[1]", "{}", 4), "data_offsets is no list"},
      {"offsets are strings", f32("[1]", "[\"0\",\"4\"]", 4), "data_offsets is no list of whole numbers"},
      {"begin negative", f32("[1]", "[-4,0]", 4), "whole number of at least 0"},
      {"begin after end", f32("[1]", "[4,0]", 4), "data_offsets 4 to 0"},
      {"begin after end, beyond the data", f32("[1]", "[9007199254740992,0]", 4),
       "data_offsets 9007199254740992"},
      {"end one past the data", f32("[1]", "[0,4]", 3), "inside of the 3 bytes"},
      {"end far past the data", f32("[1]", "[0,9007199254740992]", 4), "inside of the 4 bytes"},
      {"both past the data", f32("[1]", "[4,8]", 4), "inside of the 4 bytes"},
      {"end 2^32 + 4, which 32 bits would accept", f32("[1]", "[0,4294967300]", 4), "inside of the 4 bytes"},
      {"no data", f32("[1]", "[0,4]", 0), "inside of the 0 bytes"},
      {"hole before the first", f32("[1]", "[1,5]", 5),
       "\"w\": begins at byte 1 of the data, expected 0, without a gap"},
      {"one byte after the last", f32("[1]", "[0,4]", 5), "end at byte 4 of the data, which have 5"},
      {"a second file after the first",
       [] {
         Bytes f = f32("[1]", "[0,4]", 4);
         Bytes g = f;
         g.insert(g.end(), f.begin(), f.end());
         return g;
       }(),
       "nothing after the last tensor"},
      {"hole between two", pair(u8("a", "0", "1", "1"), u8("b", "2", "3", "1"), 3),
       "\"b\": begins at byte 2 of the data, expected 1"},
      {"overlap by one", pair(u8("a", "0", "2", "2"), u8("b", "1", "3", "2"), 3),
       "\"b\": begins at byte 1 of the data, expected 2; it overlaps"},
      {"same bytes twice", pair(u8("a", "0", "2", "2"), u8("b", "0", "2", "2"), 2), "it overlaps another"},
      {"one inside the other", pair(u8("a", "0", "4", "4"), u8("b", "1", "2", "1"), 4),
       "\"b\": begins at byte 1 of the data, expected 4; it overlaps"},
      {"hole and overlap that cancel",
       file_of(
           "{" + u8("a", "0", "2", "2") + "," + u8("b", "1", "3", "2") + "," + u8("c", "4", "6", "2") + "}",
           6),
       "\"b\": begins at byte 1"},
  };
}

class HostileFile : public ::testing::TestWithParam<Hostile> {};

TEST_P(HostileFile, IsRefusedWithItsOwnSentence) {
  // A copy on the heap of exactly this size, so that the sanitizer sees a read past its end.
  const Bytes& file = GetParam().file;
  const std::unique_ptr<std::uint8_t[]> copy(new std::uint8_t[file.size()]);
  std::copy(file.begin(), file.end(), copy.get());
  expect_error(ErrorCode::kFileInvalid, GetParam().message, [&] {
    parse_safetensors({copy.get(), file.size()});
  });
}

void PrintTo(const Hostile& hostile, std::ostream* out) {
  *out << hostile.why;
}

INSTANTIATE_TEST_SUITE_P(Lengths, HostileFile, ::testing::ValuesIn(hostile_lengths()));
INSTANTIATE_TEST_SUITE_P(Structure, HostileFile, ::testing::ValuesIn(hostile_structure()));
INSTANTIATE_TEST_SUITE_P(Fields, HostileFile, ::testing::ValuesIn(hostile_fields()));
INSTANTIATE_TEST_SUITE_P(Offsets, HostileFile, ::testing::ValuesIn(hostile_offsets()));

TEST(Safetensors, RefusesMoreTensorsThanItsCap) {
  std::string header = "{";
  for (std::size_t i = 0; i <= kMaxTensors; ++i) {
    header +=
        (i == 0 ? "" : ",") + u8("t" + std::to_string(i), std::to_string(i), std::to_string(i + 1), "1");
  }
  expect_error(ErrorCode::kFileInvalid, "more than 256 tensors",
               [&] { parse_safetensors(file_of(header + "}", kMaxTensors + 1)); });
}

TEST(Safetensors, RefusesMoreMetadataThanItsCap) {
  std::string header = "{\"__metadata__\":{\"\":\"\"";
  for (std::size_t i = 0; i < kMaxMetadata; ++i) header += ",\"" + std::to_string(i) + "\":\"\"";
  expect_error(ErrorCode::kFileInvalid, "1025 entries",
               [&] { parse_safetensors(file_of(header + "}}", 0)); });
}

TEST(Safetensors, AcceptsAHeaderOfExactlyTheCap) {
  std::string header = "{}";
  header.append(kMaxHeaderBytes - header.size(), ' ');
  EXPECT_TRUE(parse_safetensors(file_of(header, 0)).tensors.empty());
}

/// A file with everything in it: metadata, escapes, three dtypes, a scalar.
Bytes good_file() {
  static const std::vector<float> floats = {1, 2, 3, 4, 5, 6};
  static const std::vector<double> doubles = {0.5};
  static const std::vector<std::int64_t> integers = {-1, 1};
  return write_safetensors({{{"vocabulary", "a\"\n\xC3\xA9"}, {"seed", "7"}},
                            {view_f32("rnn.weight_ih_l0", {2, 3}, floats), view_f64("loss", {}, doubles),
                             view_i64("step", {2}, integers)}});
}

TEST(Safetensors, RefusesEveryPrefixOfAGoodFile) {
  const Bytes file = good_file();
  for (std::size_t length = 0; length < file.size(); ++length) {
    const std::unique_ptr<std::uint8_t[]> prefix(new std::uint8_t[length]);
    std::copy_n(file.begin(), length, prefix.get());
    EXPECT_THROW(parse_safetensors({prefix.get(), length}), Error) << length;
  }
}

TEST(Safetensors, RefusesAGoodFileWithAnythingAfterIt) {
  for (const int junk : {0x00, 0x20, 0xFF}) {
    Bytes file = good_file();
    file.push_back(static_cast<std::uint8_t>(junk));
    expect_error(ErrorCode::kFileInvalid, "nothing after the last tensor", [&] { parse_safetensors(file); });
  }
}

/// What a flipped bit of the header may change without being noticed: a name, a metadata string, the meaning
/// of one byte of it. Never the tiling, and never a byte outside of the file.
void expect_sound(const SafetensorsFile& content, const Bytes& file) {
  std::size_t covered = 0;
  for (const TensorView& tensor : content.tensors) {
    std::size_t bytes = item_size(tensor.dtype);
    for (const Index size : tensor.shape) bytes *= static_cast<std::size_t>(size);
    EXPECT_EQ(bytes, tensor.bytes.size());
    EXPECT_GE(tensor.bytes.data(), file.data());
    EXPECT_LE(tensor.bytes.data() + bytes, file.data() + file.size());
    covered += bytes;
  }
  std::size_t header = 0;
  for (std::size_t i = 8; i-- > 0;) header = header << 8 | file[i];
  EXPECT_EQ(8 + header + covered, file.size());
}

TEST(Safetensors, SurvivesEveryFlippedBitOfLengthAndHeader) {
  const Bytes file = good_file();
  const std::size_t data_size = 6 * 4 + 8 + 2 * 8;
  int refused = 0;
  int sound = 0;
  for (std::size_t i = 0; i < file.size() - data_size; ++i) {
    for (int bit = 0; bit < 8; ++bit) {
      SCOPED_TRACE(::testing::Message() << "byte " << i << " bit " << bit);
      Bytes damaged = file;
      damaged[i] = static_cast<std::uint8_t>(damaged[i] ^ 1 << bit);
      try {
        const SafetensorsFile content = parse_safetensors(damaged);
        expect_sound(content, damaged);
        // Whatever it now means, it means one thing: written and read again, it is the same.
        const Bytes again = write_safetensors(content);
        EXPECT_EQ(write_safetensors(parse_safetensors(again)), again);
        ++sound;
      } catch (const Error& error) {
        EXPECT_EQ(error.code(), ErrorCode::kFileInvalid) << error.what();
        ++refused;
      }
    }
  }
  EXPECT_GT(refused, sound);
  EXPECT_GT(sound, 0);
}

}  // namespace
}  // namespace unroll::testing::safetensors_hostile_test
