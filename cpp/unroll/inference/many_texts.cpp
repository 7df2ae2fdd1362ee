#include "unroll/inference/many_texts.h"

#include <algorithm>
#include <numeric>
#include <string>

#include "unroll/core/error.h"
#include "unroll/core/sort_indices.h"
#include "unroll/inference/evaluation.h"
#include "unroll/inference/prompt.h"
#include "unroll/inference/state_rows.h"

namespace unroll {
namespace {

/// Texts that are evaluated at a time; more would need more memory and be no faster.
constexpr std::size_t kScoredTogether = 64;

void check_streams(std::size_t prompts, std::size_t seeds) {
  if (prompts == 0 || prompts > static_cast<std::size_t>(kMaxBatchSize)) {
    throw Error(ErrorCode::kInvalidArgument, "write_texts: there are " + std::to_string(prompts) +
                                                 " prompts, expected 1 to " + std::to_string(kMaxBatchSize));
  }
  if (seeds != prompts) {
    throw Error(ErrorCode::kInvalidArgument, "write_texts: there are " + std::to_string(seeds) +
                                                 " seeds, expected one for each of the " +
                                                 std::to_string(prompts) + " prompts");
  }
}

/// Rows of a piece of prompts, as many as a window of training has: beyond that a batch gains no speed.
constexpr std::size_t kPromptRows = 2048;

/// The numbers 0 .. count-1, those of the longest texts first.
template <class Length>
std::vector<std::size_t> longest_first(std::size_t count, Length length) {
  std::vector<Index> order(count);
  std::iota(order.begin(), order.end(), Index{0});
  sort_indices(order, [&](Index a, Index b) {
    return length(static_cast<std::size_t>(a)) > length(static_cast<std::size_t>(b));
  });
  return {order.begin(), order.end()};
}

/// Reads length(i) tokens of each text i side by side from a zero state. `order`: the texts, the longest
/// first. Pieces are of at most `piece` steps and go as far as the shortest, so that all their rows are full;
/// read(at, count, texts, state) reads one, for the texts that are left. leave(i, row, state) is told the
/// state of each when it has been read.
template <class Length, class Read, class Leave>
void read_side_by_side(TextReader& reader, std::span<const std::size_t> order, std::size_t piece,
                       Length length, Read read, Leave leave) {
  StackState<float> state, fewer;
  reader.make_state(static_cast<Index>(order.size()), state);
  for (std::size_t at = 0; !order.empty();) {
    const std::size_t count = std::min(piece, length(order.back()) - at);
    if (count > 0) read(at, count, order, state);
    at += count;
    const std::size_t batch = order.size();
    for (; !order.empty() && length(order.back()) == at; order = order.first(order.size() - 1)) {
      leave(order.back(), static_cast<Index>(order.size()) - 1, state);
    }
    if (order.size() == batch || order.empty()) continue;
    reader.make_state(static_cast<Index>(order.size()), fewer);
    for (Index b = 0; b < static_cast<Index>(order.size()); ++b) {
      copy_state_row(state, b, fewer, b, reader.config().network.hidden_size);
    }
    std::swap(state, fewer);
  }
}

/// target[t * B + b] = token `at` + t of the b-th text.
void gather(const std::vector<std::vector<TokenId>>& texts, std::span<const std::size_t> order,
            std::size_t at, std::size_t count, std::vector<TokenId>& target) {
  const std::size_t batch = order.size();
  target.resize(count * batch);
  for (std::size_t b = 0; b < batch; ++b) {
    const TokenId* from = texts[order[b]].data() + at;
    for (std::size_t t = 0; t < count; ++t) target[t * batch + b] = from[t];
  }
}

/// What read_prompt() does for each; row i of `state` is that of prompt i.
void read_prompts(TextReader& reader, const std::vector<std::vector<TokenId>>& prompts,
                  StackState<float>& state) {
  for (const auto& prompt : prompts) need_prompt(prompt);
  const std::size_t piece = std::max<std::size_t>(1, kPromptRows / prompts.size());
  check_window(reader.config(), static_cast<Index>(prompts.size()), static_cast<Index>(piece));
  std::vector<TokenId> ids;
  const auto length = [&](std::size_t i) { return prompts[i].size() - 1; };
  read_side_by_side(
      reader, longest_first(prompts.size(), length), piece, length,
      [&](std::size_t at, std::size_t count, std::span<const std::size_t> order, StackState<float>& own) {
        gather(prompts, order, at, count, ids);
        reader.forward(ids.data(), static_cast<Index>(count), static_cast<Index>(order.size()), own);
      },
      [&](std::size_t i, Index row, const StackState<float>& own) {
        copy_state_row(own, row, state, static_cast<Index>(i), reader.config().network.hidden_size);
      });
}

/// Reads up to kScoredTogether texts; `order` has their numbers, the longest first.
void score_together(TextReader& reader, const std::vector<std::vector<TokenId>>& texts,
                    std::span<const std::size_t> order, std::vector<ScoredText>& scores) {
  std::vector<TokenId> ids, targets;
  std::vector<double> log_probs;
  read_side_by_side(
      reader, order, static_cast<std::size_t>(Evaluation::kPiece),
      [&](std::size_t i) { return texts[i].size() - 1; },
      [&](std::size_t at, std::size_t count, std::span<const std::size_t> left, StackState<float>& state) {
        const std::size_t batch = left.size();
        gather(texts, left, at, count, ids);
        gather(texts, left, at + 1, count, targets);
        log_probs.resize(count * batch);
        reader.evaluate(ids.data(), targets.data(), static_cast<Index>(count), static_cast<Index>(batch),
                        state, log_probs.data());
        for (std::size_t b = 0; b < batch; ++b) {
          for (std::size_t t = 0; t < count; ++t)
            scores[left[b]].log_probs.push_back(log_probs[t * batch + b]);
        }
      },
      [](std::size_t, Index, const StackState<float>&) {});
}

/// Added up in the same pieces as in Evaluation, for the same bits.
double mean_loss(const std::vector<double>& log_probs) {
  double total = 0.0;
  const auto piece = static_cast<std::size_t>(Evaluation::kPiece);
  for (std::size_t begin = 0; begin < log_probs.size(); begin += piece) {
    double part = 0.0;
    for (std::size_t i = begin; i < std::min(begin + piece, log_probs.size()); ++i) part -= log_probs[i];
    total += part;
  }
  return total / static_cast<double>(log_probs.size());
}

}  // namespace

std::vector<WrittenText> write_texts(TextReader& reader, const std::vector<std::vector<TokenId>>& prompts,
                                     const SamplingConfig& sampling, std::span<const std::uint64_t> seeds,
                                     Index length, const StopStrings& stop) {
  check_streams(prompts.size(), seeds.size());
  check_length("generateMany", "length", length);
  const Index vocab_size = reader.config().vocab_size;
  const auto batch = static_cast<Index>(prompts.size());
  check_window(reader.config(), batch, 1);
  Sampler sampler(sampling);
  StackState<float> state;
  reader.make_state(batch, state);
  read_prompts(reader, prompts, state);
  std::vector<TokenId> last;
  std::vector<Rng> rngs;
  for (std::size_t i = 0; i < prompts.size(); ++i) {
    last.push_back(prompts[i].back());
    rngs.emplace_back(seeds[i], Rng::Purpose::kSampling);
  }
  std::vector<WrittenText> texts(prompts.size());
  std::size_t writing = prompts.size();
  for (Index step = 0; step < length && writing > 0; ++step) {
    const float* logits = reader.forward(last.data(), 1, batch, state);
    for (std::size_t i = 0; i < texts.size(); ++i, logits += padded(vocab_size)) {
      WrittenText& text = texts[i];
      if (text.stopped) continue;
      const auto [token, log_prob] = sampler.choose(logits, vocab_size, rngs[i]);
      last[i] = token;
      text.tokens.push_back(token);
      text.log_probs.push_back(log_prob);
      text.stopped = stop.end(text.tokens);
      if (text.stopped) --writing;
    }
  }
  return texts;
}

std::vector<ScoredText> score_texts(TextReader& reader, const std::vector<std::vector<TokenId>>& texts) {
  for (const std::vector<TokenId>& text : texts) {
    if (text.size() >= 2) continue;
    throw Error(ErrorCode::kTextTooShort,
                "score_texts: a text has " + std::to_string(text.size()) +
                    " characters, expected at least 2: one to read and one to guess");
  }
  const std::vector<std::size_t> order =
      longest_first(texts.size(), [&](std::size_t i) { return texts[i].size(); });
  const std::size_t together = std::min(kScoredTogether, texts.size());
  if (together > 0) check_window(reader.config(), static_cast<Index>(together), Evaluation::kPiece);
  std::vector<ScoredText> scores(texts.size());
  for (std::size_t begin = 0; begin < order.size(); begin += together) {
    score_together(reader, texts, std::span(order).subspan(begin, std::min(together, order.size() - begin)),
                   scores);
  }
  for (ScoredText& score : scores) score.loss_nats = mean_loss(score.log_probs);
  return scores;
}

}  // namespace unroll
