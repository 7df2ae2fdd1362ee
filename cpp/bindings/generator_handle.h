#pragma once

#include <memory>
#include <vector>

#include "counted.h"
#include "unroll/inference/generator.h"
#include "unroll/text/vocabulary.h"
#include "values_in.h"
#include "values_out.h"

namespace unroll::bindings {

/// {text, logProbs, stopped}
inline val written_out(const Vocabulary& vocabulary, const WrittenText& text) {
  val result = object();
  result.set("text", bytes_out(encode_utf8(vocabulary.decode(text.tokens))));
  result.set("logProbs", copy_out(text.log_probs));
  result.set("stopped", text.stopped);
  return result;
}

class GeneratorHandle : Counted {
 public:
  GeneratorHandle(Generator generator, std::shared_ptr<const Vocabulary> vocabulary)
      : generator_(std::move(generator)), vocabulary_(std::move(vocabulary)) {}

  /// Nothing more comes once a stop string came.
  val next(double count) {
    return attempt([&] {
      return written_out(*vocabulary_, generator_.write(whole_in("Generator.next", "count", val(count))));
    });
  }

 private:
  Generator generator_;
  std::shared_ptr<const Vocabulary> vocabulary_;
};

}  // namespace unroll::bindings
