#pragma once

#include <memory>
#include <string>
#include <vector>

#include "losses_in.h"
#include "network_handle.h"
#include "unroll/model/sequence_model.h"

namespace unroll::bindings {

/// A batch with the arrays that it points to.
struct BatchIn {
  std::vector<TokenId> ids;
  std::vector<float> x;
  std::vector<Index> lengths;
  SequenceModel<float>::Batch batch;
};

class SequenceModelHandle : public NetworkHandle {
 public:
  explicit SequenceModelHandle(std::shared_ptr<SequenceModel<float>> model)
      : NetworkHandle("SequenceModel", model),
        model_(std::move(model)),
        rng_(model_->config().network.seed, Rng::Purpose::kDropout) {}

  /// batch: {seqLen, batchSize, ids?, x?, lengths?}
  val forward(const val& batch, bool training) {
    return attempt([&] { return outputs(read("SequenceModel.forward", batch), training); });
  }

  val cross_entropy(const val& batch, const val& targets, const val& options, bool training) {
    return attempt([&] {
      const char* who = "SequenceModel.lossAndGradients";
      const BatchIn in = read(who, batch);
      const Index answers = model_->answers(in.batch);
      const LossOptions loss(who, options, answers);
      const std::vector<TokenId> wanted = classes_in(
          who, "targets", targets, answers, model_->config().output_size, loss.cross_entropy.ignore_index);
      val result = outputs(in, training);
      std::vector<double> per_row(static_cast<std::size_t>(answers));
      result.set("loss",
                 model_->cross_entropy_and_gradients(wanted.data(), loss.cross_entropy, per_row.data()));
      add_gradients(per_row, result);
      return result;
    });
  }

  val squared_error(const val& batch, const val& targets, const val& options, bool training) {
    return attempt([&] {
      const char* who = "SequenceModel.lossAndGradients";
      const BatchIn in = read(who, batch);
      const Index answers = model_->answers(in.batch);
      const LossOptions loss(who, options, answers);
      const auto wanted = array_in<float>(who, "targets", targets, "Float32Array",
                                          static_cast<std::size_t>(answers * model_->config().output_size));
      val result = outputs(in, training);
      std::vector<double> per_row(static_cast<std::size_t>(answers));
      result.set("loss", model_->squared_error_and_gradients(wanted.data(), loss.cross_entropy.weights,
                                                             per_row.data()));
      add_gradients(per_row, result);
      return result;
    });
  }

  SequenceModel<float>& network() const { return *model_; }

 private:
  BatchIn read(const char* who, const val& object) const {
    const Fields fields(who, object);
    const SequenceModelConfig& config = model_->config();
    BatchIn in;
    const auto [t, b] = window_in(who, fields.get("seqLen"), fields.get("batchSize"));
    check_window(config, b, t);
    const auto rows = static_cast<std::size_t>(t * b);
    const auto lengths = optional_array_in<std::int32_t>(who, "lengths", fields.get("lengths"), "Int32Array",
                                                         static_cast<std::size_t>(b));
    in.lengths.assign(lengths.begin(), lengths.end());
    BatchOrder::check(who, t, b, in.lengths);
    if (config.vocab_size > 0) {
      in.ids = array_in<TokenId>(who, "ids", fields.get("ids"), "Int32Array", rows);
      for (const TokenId id : in.ids) {
        if (id < 0 || id >= config.vocab_size) reject(who, "ids", val(id), "tokens from 0 to vocabSize - 1");
      }
    } else {
      in.x = array_in<float>(who, "x", fields.get("x"), "Float32Array",
                             rows * static_cast<std::size_t>(config.input_size));
    }
    in.batch = {.seq_len = t, .batch_size = b, .ids = in.ids.data(), .x = in.x.data(), .lengths = in.lengths};
    return in;
  }

  /// {outputs, features, hN}
  val outputs(const BatchIn& in, bool training) {
    const SequenceModelConfig& config = model_->config();
    std::vector<float> out(static_cast<std::size_t>(model_->answers(in.batch) * config.output_size));
    model_->forward(in.batch, training ? Dropout::kDraw : Dropout::kOff, &rng_, out.data());
    const Index width = model_->stack().output_size();
    std::vector<float> h_n(static_cast<std::size_t>(config.network.num_layers * width * in.batch.batch_size));
    model_->copy_final_h(h_n.data());
    val result = object();
    result.set("outputs", copy_out(out));
    result.set("hN", copy_out(h_n));
    result.set("features", val::null());
    if (config.readout == Readout::kLast) {
      std::vector<float> features(static_cast<std::size_t>(width * in.batch.batch_size));
      model_->copy_features(features.data());
      result.set("features", copy_out(features));
    }
    return result;
  }

  void add_gradients(const std::vector<double>& per_row, val& result) const {
    result.set("perRow", copy_out(per_row));
    result.set("gradients", tensors_out(export_gradients(model_->parameters())));
  }

  std::shared_ptr<SequenceModel<float>> model_;
  Rng rng_;
};

inline SequenceModelConfig sequence_model_in(const Fields& fields) {
  SequenceModelConfig config;
  Index padding_idx = config.padding_idx;
  bool every_step = false;
  config.network = network_in(fields);
  fields.read("vocabSize", config.vocab_size);
  fields.read("embeddingDim", config.embedding_dim);
  fields.read("paddingIdx", padding_idx);
  fields.read("inputSize", config.input_size);
  fields.read("outputSize", config.output_size);
  fields.read("everyStep", every_step);
  config.padding_idx = static_cast<TokenId>(padding_idx);
  config.readout = every_step ? Readout::kSteps : Readout::kLast;
  return config;
}

}  // namespace unroll::bindings
