#pragma once

#include <cstdint>
#include <string>

#include "unroll/core/number_text.h"

namespace unroll {

/// By which data are known again: how many numbers they are and their 64-bit FNV-1a.
class DataHash {
 public:
  void add(std::uint32_t number) {
    hash_ = (hash_ ^ number) * 0x100000001b3u;
    ++count_;
  }
  /// As "2700:0123456789abcdef".
  std::string text() const { return std::to_string(count_) + ":" + hex_text(hash_); }

 private:
  std::uint64_t hash_ = 0xcbf29ce484222325u;
  std::uint64_t count_ = 0;
};

}  // namespace unroll
