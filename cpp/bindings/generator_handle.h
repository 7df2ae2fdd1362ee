#pragma once

#include <memory>
#include <vector>

#include "counted.h"
#include "unroll/model/generator.h"
#include "unroll/text/vocabulary.h"
#include "values_in.h"
#include "values_out.h"

namespace unroll::bindings {

class GeneratorHandle : Counted {
 public:
  GeneratorHandle(Generator generator, std::shared_ptr<const Vocabulary> vocabulary)
      : generator_(std::move(generator)), vocabulary_(std::move(vocabulary)) {}

  val next(double count) {
    return attempt([&] {
      const Index wanted = whole_in("Generator.next", "count", val(count));
      if (wanted < 0 || wanted > 1'000'000) reject("Generator.next", "count", val(count), "0 to 1000000");
      std::vector<TokenId> tokens;
      std::vector<float> log_probs;
      for (Index i = 0; i < wanted; ++i) {
        const auto [token, log_prob] = generator_.next();
        tokens.push_back(token);
        log_probs.push_back(log_prob);
      }
      val result = object();
      result.set("text", bytes_out(encode_utf8(vocabulary_->decode(tokens))));
      result.set("logProbs", copy_out(log_probs));
      return result;
    });
  }

 private:
  Generator generator_;
  std::shared_ptr<const Vocabulary> vocabulary_;
};

}  // namespace unroll::bindings
