#include "unroll/model/many_texts.h"

#include <algorithm>
#include <numeric>
#include <string>

#include "unroll/core/error.h"
#include "unroll/model/evaluation.h"
#include "unroll/model/prompt.h"
#include "unroll/model/state_rows.h"

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

/// Reads up to kScoredTogether texts; `order` has their numbers, the longest first.
void score_together(LanguageModel<float>& model, const std::vector<std::vector<TokenId>>& texts,
                    std::span<const std::size_t> order, std::vector<ScoredText>& scores) {
  StackState<float> state, fewer;
  model.make_state(static_cast<Index>(order.size()), state);
  std::vector<TokenId> ids, targets;
  std::vector<double> log_probs;
  const auto left = [&](std::size_t b) {
    return texts[order[b]].size() - 1 - scores[order[b]].log_probs.size();
  };
  while (!order.empty()) {
    // As far as the shortest goes, so that all rows are full.
    const std::size_t count = std::min(static_cast<std::size_t>(Evaluation::kPiece), left(order.size() - 1));
    const std::size_t batch = order.size();
    ids.resize(count * batch);
    targets.resize(count * batch);
    log_probs.resize(count * batch);
    for (std::size_t b = 0; b < batch; ++b) {
      const TokenId* from = texts[order[b]].data() + scores[order[b]].log_probs.size();
      for (std::size_t t = 0; t < count; ++t) {
        ids[t * batch + b] = from[t];
        targets[t * batch + b] = from[t + 1];
      }
    }
    model.evaluate(ids.data(), targets.data(), static_cast<Index>(count), static_cast<Index>(batch), state,
                   log_probs.data());
    for (std::size_t b = 0; b < batch; ++b) {
      for (std::size_t t = 0; t < count; ++t) scores[order[b]].log_probs.push_back(log_probs[t * batch + b]);
    }
    while (!order.empty() && left(order.size() - 1) == 0) order = order.first(order.size() - 1);
    if (order.size() == batch || order.empty()) continue;
    model.make_state(static_cast<Index>(order.size()), fewer);
    for (Index b = 0; b < static_cast<Index>(order.size()); ++b) {
      copy_state_row(state, b, fewer, b, model.config().hidden_size);
    }
    std::swap(state, fewer);
  }
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

std::vector<WrittenText> write_texts(LanguageModel<float>& model,
                                     const std::vector<std::vector<TokenId>>& prompts,
                                     const SamplingConfig& sampling, std::span<const std::uint64_t> seeds,
                                     Index length, const StopStrings& stop) {
  check_streams(prompts.size(), seeds.size());
  const Index vocab_size = model.config().vocab_size;
  const auto batch = static_cast<Index>(prompts.size());
  check_window(model.config(), batch, 1);
  Sampler sampler(sampling);
  StackState<float> state, alone;
  model.make_state(batch, state);
  std::vector<TokenId> last;
  std::vector<Rng> rngs;
  for (std::size_t i = 0; i < prompts.size(); ++i) {
    read_prompt(model, prompts[i], alone);
    copy_state_row(alone, 0, state, static_cast<Index>(i), model.config().hidden_size);
    last.push_back(prompts[i].back());
    rngs.emplace_back(seeds[i], Rng::Purpose::kSampling);
  }
  std::vector<float> scratch(static_cast<std::size_t>(padded(vocab_size)));
  std::vector<WrittenText> texts(prompts.size());
  std::size_t writing = prompts.size();
  for (Index step = 0; step < length && writing > 0; ++step) {
    const float* logits = model.forward(last.data(), 1, batch, state);
    for (std::size_t i = 0; i < texts.size(); ++i, logits += padded(vocab_size)) {
      WrittenText& text = texts[i];
      if (text.stopped) continue;
      last[i] = sampler.choose(logits, vocab_size, rngs[i]);
      text.tokens.push_back(last[i]);
      text.log_probs.push_back(static_cast<float>(log_prob_of(logits, vocab_size, last[i], scratch.data())));
      text.stopped = stop.end(text.tokens);
      if (text.stopped) --writing;
    }
  }
  return texts;
}

std::vector<ScoredText> score_texts(LanguageModel<float>& model,
                                    const std::vector<std::vector<TokenId>>& texts) {
  for (const std::vector<TokenId>& text : texts) {
    if (text.size() >= 2) continue;
    throw Error(ErrorCode::kTextTooShort,
                "score_texts: a text has " + std::to_string(text.size()) +
                    " characters, expected at least 2: one to read and one to guess");
  }
  std::vector<std::size_t> order(texts.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return texts[a].size() > texts[b].size(); });
  const std::size_t together = std::min(kScoredTogether, texts.size());
  if (together > 0) check_window(model.config(), static_cast<Index>(together), Evaluation::kPiece);
  std::vector<ScoredText> scores(texts.size());
  for (std::size_t begin = 0; begin < order.size(); begin += together) {
    score_together(model, texts, std::span(order).subspan(begin, std::min(together, order.size() - begin)),
                   scores);
  }
  for (ScoredText& score : scores) score.loss_nats = mean_loss(score.log_probs);
  return scores;
}

}  // namespace unroll
