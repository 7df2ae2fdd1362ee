#include <emscripten/bind.h>

#include <memory>
#include <vector>

#include "counted.h"
#include "flow_out.h"
#include "optimizer_slot.h"
#include "unroll/model/rnn.h"
#include "values_in.h"
#include "values_out.h"

namespace unroll::bindings {

namespace {

class RnnHandle : Counted {
 public:
  explicit RnnHandle(const RnnConfig& config) : rnn_(config), rng_(config.seed, Rng::Purpose::kDropout) {}

  val parameters() const { return parameters_out(rnn_.parameters()); }
  val export_tensors() const {
    return attempt([&] { return tensors_out(export_values(rnn_.parameters())); });
  }
  val import_tensors(const val& tensors) {
    return attempt([&] {
      import_values(tensors_in("Rnn", tensors), rnn_.parameters());
      return val::null();
    });
  }

  val forward(const val& x, double seq_len, double batch_size, const val& h_0, const val& c_0,
              const val& lengths, bool training) {
    return attempt([&] {
      const Index t = whole_in("Rnn.forward", "seqLen", val(seq_len));
      const Index b = whole_in("Rnn.forward", "batchSize", val(batch_size));
      if (t < 1 || t > kMaxSeqLen) reject("Rnn.forward", "seqLen", val(seq_len), "1 to 4096");
      if (b < 1 || b > kMaxBatchSize) reject("Rnn.forward", "batchSize", val(batch_size), "1 to 1024");
      const auto rows = static_cast<std::size_t>(t * b);
      const std::size_t states = state_size(b);
      const auto xs = array_in<float>("Rnn.forward", "x", x, "Float32Array",
                                      rows * static_cast<std::size_t>(rnn_.config().input_size));
      const auto h = optional_array_in<float>("Rnn.forward", "h0", h_0, "Float32Array", states);
      const auto c = optional_array_in<float>("Rnn.forward", "c0", c_0, "Float32Array", states);
      const auto given = optional_array_in<std::int32_t>("Rnn.forward", "lengths", lengths, "Int32Array",
                                                         static_cast<std::size_t>(b));
      const std::vector<Index> ends(given.begin(), given.end());
      check_window(rnn_.config(), b, t);
      std::vector<float> output(rows * static_cast<std::size_t>(rnn_.output_size()));
      std::vector<float> h_n(states);
      std::vector<float> c_n(rnn_.has_cell_state() ? states : 0);
      rnn_.forward({.seq_len = t,
                    .batch_size = b,
                    .x = xs.data(),
                    .h_0 = data_or_null(h),
                    .c_0 = data_or_null(c),
                    .lengths = ends},
                   dropout(training), &rng_, output.data(), h_n.data(), c_n.data());
      if (training) has_masks_ = false;  // given masks are for one pass
      seq_len_ = t;
      batch_size_ = b;
      val result = object();
      result.set("output", copy_out(output));
      result.set("hN", copy_out(h_n));
      result.set("cN", rnn_.has_cell_state() ? copy_out(c_n) : val::null());
      return result;
    });
  }

  val set_masks(const val& masks, double seq_len, double batch_size) {
    return attempt([&] {
      if (!masks.isArray())
        reject("Rnn.setMasks", "masks", masks, "an array with a mask for each layer but the last");
      const Index t = whole_in("Rnn.setMasks", "seqLen", val(seq_len));
      const Index b = whole_in("Rnn.setMasks", "batchSize", val(batch_size));
      if (t < 1 || t > kMaxSeqLen) reject("Rnn.setMasks", "seqLen", val(seq_len), "1 to 4096");
      if (b < 1 || b > kMaxBatchSize) reject("Rnn.setMasks", "batchSize", val(batch_size), "1 to 1024");
      check_window(rnn_.config(), b, t);
      const auto count = masks["length"].as<unsigned>();
      if (static_cast<Index>(count) != rnn_.config().num_layers - 1) {
        reject("Rnn.setMasks", "masks", masks, "an array with a mask for each layer but the last");
      }
      std::vector<std::vector<float>> given;
      std::vector<const float*> pointers;
      for (unsigned i = 0; i < count; ++i) {
        given.push_back(array_in<float>("Rnn.setMasks", "a mask", masks[i], "Float32Array",
                                        static_cast<std::size_t>(t * b * rnn_.output_size())));
      }
      for (const auto& mask : given) pointers.push_back(mask.data());
      rnn_.set_masks(t, b, pointers);
      has_masks_ = true;
      return val::null();
    });
  }

  val backward(const val& g_output, const val& g_h_n, const val& g_c_n) {
    return attempt([&] {
      const auto rows = static_cast<std::size_t>(seq_len_ * batch_size_);
      const std::size_t states = state_size(batch_size_);
      const auto g_out = optional_array_in<float>("Rnn.backward", "output", g_output, "Float32Array",
                                                  rows * static_cast<std::size_t>(rnn_.output_size()));
      const auto g_h = optional_array_in<float>("Rnn.backward", "hN", g_h_n, "Float32Array", states);
      const auto g_c = optional_array_in<float>("Rnn.backward", "cN", g_c_n, "Float32Array", states);
      std::vector<float> d_x(rows * static_cast<std::size_t>(rnn_.config().input_size));
      std::vector<float> d_h(states);
      std::vector<float> d_c(rnn_.has_cell_state() ? states : 0);
      rnn_.backward(data_or_null(g_out), data_or_null(g_h), data_or_null(g_c), d_x.data(), d_h.data(),
                    d_c.data());
      val result = object();
      result.set("x", copy_out(d_x));
      result.set("h0", copy_out(d_h));
      result.set("c0", rnn_.has_cell_state() ? copy_out(d_c) : val::null());
      result.set("gradients", tensors_out(export_gradients(rnn_.parameters())));
      return result;
    });
  }

  /// After a forward() over one sequence. h_n: gradient of the loss by the final states.
  val gradient_flow(const val& g_h_n) {
    return attempt([&] {
      const std::size_t states = state_size(batch_size_);
      const auto g_h = array_in<float>("Rnn.gradientFlow", "hN", g_h_n, "Float32Array", states);
      std::vector<float> d_x(static_cast<std::size_t>(seq_len_ * batch_size_ * rnn_.config().input_size));
      std::vector<float> d_h(states);
      std::vector<float> d_c(rnn_.has_cell_state() ? states : 0);
      const GradientFlow flow = rnn_.gradient_flow(g_h.data(), d_x.data(), d_h.data(), d_c.data());
      val result = flow_out(flow);
      result.set("x", copy_out(d_x));
      result.set("h0", copy_out(d_h));
      result.set("c0", rnn_.has_cell_state() ? copy_out(d_c) : val::null());
      return result;
    });
  }

  val configure_optimizer(const val& config) {
    return attempt([&] {
      optimizer_.configure(config);
      return val::null();
    });
  }
  val apply_gradients(double clip_norm, double clip_value) {
    return attempt([&] { return optimizer_.apply("Rnn", rnn_.parameters(), clip_norm, clip_value); });
  }
  val optimizer_state() const {
    return attempt([&] { return optimizer_.state(rnn_.parameters()); });
  }

 private:
  std::size_t state_size(Index batch_size) const {
    return static_cast<std::size_t>(rnn_.config().num_layers * rnn_.directions() * batch_size *
                                    rnn_.config().hidden_size);
  }
  Dropout dropout(bool training) const {
    if (!training) return Dropout::kOff;
    return has_masks_ ? Dropout::kKeep : Dropout::kDraw;
  }

  Rnn<float> rnn_;
  Rng rng_;
  OptimizerSlot optimizer_;
  Index seq_len_ = 0;
  Index batch_size_ = 0;
  bool has_masks_ = false;
};

val create_rnn(const val& object) {
  return attempt([&] {
    const Fields fields("RnnConfig", object);
    RnnConfig config;
    fields.read("cell", config.cell);
    fields.read("inputSize", config.input_size);
    fields.read("hiddenSize", config.hidden_size);
    fields.read("numLayers", config.num_layers);
    fields.read("bidirectional", config.bidirectional);
    fields.read("bias", config.bias);
    fields.read("dropout", config.dropout);
    fields.read("init", config.init);
    fields.read("forgetBias", config.forget_bias);
    fields.read_seed("seed", config.seed);
    return val(std::make_shared<RnnHandle>(config));
  });
}

}  // namespace

}  // namespace unroll::bindings

EMSCRIPTEN_BINDINGS(unroll_rnn) {
  using namespace unroll::bindings;
  emscripten::class_<RnnHandle>("RnnHandle")
      .smart_ptr<std::shared_ptr<RnnHandle>>("RnnHandle")
      .function("parameters", &RnnHandle::parameters)
      .function("exportTensors", &RnnHandle::export_tensors)
      .function("importTensors", &RnnHandle::import_tensors)
      .function("forward", &RnnHandle::forward)
      .function("setMasks", &RnnHandle::set_masks)
      .function("backward", &RnnHandle::backward)
      .function("gradientFlow", &RnnHandle::gradient_flow)
      .function("configureOptimizer", &RnnHandle::configure_optimizer)
      .function("applyGradients", &RnnHandle::apply_gradients)
      .function("optimizerState", &RnnHandle::optimizer_state);
  emscripten::function("createRnn", &create_rnn);
}
