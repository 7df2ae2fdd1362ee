#pragma once

#include <memory>
#include <vector>

#include "counted.h"
#include "unroll/model/generator.h"
#include "unroll/model/stop_strings.h"
#include "unroll/text/vocabulary.h"
#include "values_in.h"
#include "values_out.h"

namespace unroll::bindings {

class GeneratorHandle : Counted {
 public:
  GeneratorHandle(Generator generator, std::shared_ptr<const Vocabulary> vocabulary, StopStrings stop)
      : generator_(std::move(generator)), vocabulary_(std::move(vocabulary)), stop_(std::move(stop)) {}

  /// Nothing more comes once a stop string came.
  val next(double count) {
    return attempt([&] {
      const Index wanted = whole_in("Generator.next", "count", val(count));
      if (wanted < 0 || wanted > 1'000'000) reject("Generator.next", "count", val(count), "0 to 1000000");
      std::vector<TokenId> tokens;
      std::vector<float> log_probs;
      for (Index i = 0; i < wanted && !stopped_; ++i) {
        const auto [token, log_prob] = generator_.next();
        tokens.push_back(token);
        log_probs.push_back(log_prob);
        look_for_stop(token);
      }
      val result = object();
      result.set("text", bytes_out(encode_utf8(vocabulary_->decode(tokens))));
      result.set("logProbs", copy_out(log_probs));
      result.set("stopped", stopped_);
      return result;
    });
  }

 private:
  /// A stop string may begin in one piece of the text and end in another.
  void look_for_stop(TokenId token) {
    recent_.push_back(token);
    if (recent_.size() > stop_.longest()) recent_.erase(recent_.begin());
    stopped_ = stop_.end(recent_);
  }

  Generator generator_;
  std::shared_ptr<const Vocabulary> vocabulary_;
  StopStrings stop_;
  std::vector<TokenId> recent_;  // the last tokens, as many as the longest stop string has
  bool stopped_ = false;
};

}  // namespace unroll::bindings
