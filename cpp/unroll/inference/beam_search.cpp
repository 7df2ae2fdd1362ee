#include "unroll/inference/beam_search.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>

#include "unroll/core/error.h"
#include "unroll/core/number_text.h"
#include "unroll/core/sort_indices.h"
#include "unroll/inference/prompt.h"
#include "unroll/inference/state_rows.h"
#include "unroll/nn/loss.h"

namespace unroll {
namespace {

void check(const char* field, double value, double low, double high) {
  if (value >= low && value <= high) return;
  throw Error(ErrorCode::kInvalidArgument, std::string("BeamConfig: ") + field + " is " + number_text(value) +
                                               ", expected " + number_text(low) + " to " + number_text(high));
}

/// A text of the present step, and one token more.
struct Continuation {
  std::size_t beam;
  TokenId token;
  double token_log_prob;
  double log_prob;  // of the whole
};

class Search {
 public:
  Search(LanguageModel<float>& model, const BeamConfig& config, const StopStrings& stop)
      : reader_(model), config_(config), stop_(stop) {}

  std::vector<Beam> run(std::span<const TokenId> prompt) {
    read_prompt(reader_, prompt, state_);
    last_ = {prompt.back()};
    active_.resize(1);
    while (!active_.empty() && !is_decided()) extend();
    sort_finished();
    return std::move(finished_);
  }

 private:
  double score(double log_prob, std::size_t length) const {
    return log_prob / std::pow(static_cast<double>(length), config_.length_penalty);
  }

  void extend() {
    const Index vocab_size = reader_.config().vocab_size;
    const float* logits = reader_.forward(last_.data(), 1, static_cast<Index>(active_.size()), state_);
    continuations_.clear();
    for (std::size_t beam = 0; beam < active_.size(); ++beam, logits += padded(vocab_size)) {
      add_continuations(beam, logits, vocab_size);
    }
    const auto kept = std::min(continuations_.size(), static_cast<std::size_t>(config_.width));
    std::partial_sort(continuations_.begin(), continuations_.begin() + static_cast<std::ptrdiff_t>(kept),
                      continuations_.end(), [](const Continuation& a, const Continuation& b) {
                        if (a.log_prob != b.log_prob) return a.log_prob > b.log_prob;
                        return a.beam != b.beam ? a.beam < b.beam : a.token < b.token;
                      });
    continuations_.resize(kept);
    carry_on();
  }

  void add_continuations(std::size_t beam, const float* logits, Index vocab_size) {
    scratch_.resize(static_cast<std::size_t>(padded(vocab_size)));
    const auto [max, log_sum] = softmax(vocab_size, logits, 1.0f, scratch_.data());
    for (TokenId token = 0; token < vocab_size; ++token) {
      const double log_prob = static_cast<double>(logits[token]) - max - log_sum;
      continuations_.push_back({beam, token, log_prob, active_[beam].log_prob + log_prob});
    }
  }

  /// The texts and states of the chosen continuations; those that end are set aside.
  void carry_on() {
    std::vector<Beam> texts;
    std::vector<std::size_t> parents;
    last_.clear();
    for (const Continuation& chosen : continuations_) {
      Beam text = active_[chosen.beam];
      text.tokens.push_back(chosen.token);
      text.log_probs.push_back(static_cast<float>(chosen.token_log_prob));
      text.log_prob = chosen.log_prob;
      text.score = score(text.log_prob, text.tokens.size());
      if (static_cast<Index>(text.tokens.size()) == config_.length || stop_.end(text.tokens)) {
        finished_.push_back(std::move(text));
      } else {
        texts.push_back(std::move(text));
        parents.push_back(chosen.beam);
        last_.push_back(chosen.token);
      }
    }
    active_ = std::move(texts);
    if (active_.empty()) return;
    reader_.make_state(static_cast<Index>(active_.size()), next_state_);
    for (std::size_t b = 0; b < parents.size(); ++b) {
      copy_state_row(state_, static_cast<Index>(parents[b]), next_state_, static_cast<Index>(b),
                     reader_.config().network.hidden_size);
    }
    std::swap(state_, next_state_);
  }

  /// Whether none that goes on could still enter the result: at best it has this log_prob at full length.
  bool is_decided() {
    const auto width = static_cast<std::size_t>(config_.width);
    if (finished_.size() < width) return false;
    sort_finished();
    const double worst = finished_.back().score;
    return std::all_of(active_.begin(), active_.end(), [&](const Beam& text) {
      return score(text.log_prob, static_cast<std::size_t>(config_.length)) <= worst;
    });
  }

  void sort_finished() {
    std::vector<Index> order(finished_.size());
    std::iota(order.begin(), order.end(), Index{0});
    const auto score_of = [&](Index i) { return finished_[static_cast<std::size_t>(i)].score; };
    sort_indices(order, [&](Index a, Index b) { return score_of(a) > score_of(b); });
    order.resize(std::min(order.size(), static_cast<std::size_t>(config_.width)));
    std::vector<Beam> best;
    for (const Index i : order) best.push_back(std::move(finished_[static_cast<std::size_t>(i)]));
    finished_ = std::move(best);
  }

  TextReader reader_;
  const BeamConfig& config_;
  const StopStrings& stop_;
  std::vector<Beam> active_;   // best log_prob first
  std::vector<TokenId> last_;  // their last tokens
  StackState<float> state_;    // after all but those
  StackState<float> next_state_;
  std::vector<Beam> finished_;
  std::vector<Continuation> continuations_;
  std::vector<float> scratch_;
};

}  // namespace

std::vector<Beam> beam_search(LanguageModel<float>& model, std::span<const TokenId> prompt,
                              const BeamConfig& config, const StopStrings& stop) {
  check("width", static_cast<double>(config.width), 1, kMaxBeamWidth);
  check("length", static_cast<double>(config.length), 1, kMaxBeamLength);
  check("length_penalty", config.length_penalty, 0, 10);
  check_window(model.config(), config.width, 1);
  return Search(model, config, stop).run(prompt);
}

}  // namespace unroll
