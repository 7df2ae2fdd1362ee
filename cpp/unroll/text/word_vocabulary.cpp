#include "unroll/text/word_vocabulary.h"

#include <algorithm>
#include <map>
#include <utility>

#include "unroll/core/error.h"
#include "unroll/text/vocabulary.h"

namespace unroll {
namespace {

const std::u32string kPadWord = U"<pad>";
const std::u32string kUnknownWord = U"<unk>";

[[noreturn]] void refuse(const std::string& message) {
  throw Error(ErrorCode::kInvalidArgument, "WordVocabulary: " + message);
}

}  // namespace

WordVocabulary WordVocabulary::from_words(std::span<const std::u32string> words, std::int64_t min_count,
                                          Index max_size) {
  if (min_count < 1) refuse("min_count is " + std::to_string(min_count) + ", expected at least 1");
  if (max_size < 2 || max_size > kMaxVocabSize) {
    refuse("max_size is " + std::to_string(max_size) + ", expected 2 to " + std::to_string(kMaxVocabSize));
  }
  std::map<std::u32string, std::int64_t> counts;
  for (const std::u32string& word : words) {
    if (word != kPadWord && word != kUnknownWord) ++counts[word];
  }
  std::vector<std::pair<std::u32string, std::int64_t>> ranked(counts.begin(), counts.end());
  std::erase_if(ranked, [&](const auto& entry) { return entry.second < min_count; });
  // The map is in order of code points; a stable sort keeps that among equal counts.
  std::stable_sort(ranked.begin(), ranked.end(),
                   [](const auto& a, const auto& b) { return a.second > b.second; });
  std::vector<std::u32string> list = {kPadWord, kUnknownWord};
  for (auto& entry : ranked) {
    if (static_cast<Index>(list.size()) == max_size) break;
    list.push_back(std::move(entry.first));
  }
  return WordVocabulary(std::move(list));
}

WordVocabulary::WordVocabulary(std::vector<std::u32string> words) : words_(std::move(words)) {
  if (words_.size() < 2 || words_[0] != kPadWord || words_[1] != kUnknownWord) {
    refuse("the list does not begin with <pad> and <unk>, expected these as tokens 0 and 1");
  }
  if (size() > kMaxVocabSize) {
    throw Error(ErrorCode::kTooBig, "WordVocabulary: " + std::to_string(size()) +
                                        " words, expected at most " + std::to_string(kMaxVocabSize));
  }
  for (std::size_t id = 0; id < words_.size(); ++id) {
    if (words_[id].empty()) refuse("token " + std::to_string(id) + " is an empty word");
    const auto [known, is_new] = ids_.emplace(words_[id], static_cast<TokenId>(id));
    if (!is_new) {
      refuse("token " + std::to_string(id) + " is the word of token " + std::to_string(known->second) +
             ", expected every word once");
    }
  }
}

std::vector<TokenId> WordVocabulary::encode(std::span<const std::u32string> words) const {
  std::vector<TokenId> ids;
  ids.reserve(words.size());
  for (const std::u32string& word : words) {
    const auto found = ids_.find(word);
    // A text that spells out <pad> means no padding.
    const bool is_word = found != ids_.end() && found->second != kPad;
    ids.push_back(is_word ? found->second : kUnknown);
  }
  return ids;
}

const std::u32string& WordVocabulary::word(TokenId id) const {
  if (id < 0 || id >= size()) {
    refuse("token " + std::to_string(id) + ", expected 0 to " + std::to_string(size() - 1));
  }
  return words_[static_cast<std::size_t>(id)];
}

}  // namespace unroll
