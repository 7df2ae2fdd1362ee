#include <emscripten/bind.h>

#include <memory>
#include <vector>

#include "flow_out.h"
#include "network_handle.h"
#include "unroll/model/rnn.h"
#include "values_in.h"
#include "values_out.h"

namespace unroll::bindings {

namespace {

class RnnHandle : public NetworkHandle {
 public:
  explicit RnnHandle(std::shared_ptr<Rnn<float>> rnn)
      : NetworkHandle("Rnn", rnn),
        rnn_(std::move(rnn)),
        rng_(rnn_->config().network.seed, Rng::Purpose::kDropout) {}

  val forward(const val& x, double seq_len, double batch_size, const val& h_0, const val& c_0,
              const val& lengths, bool training) {
    return attempt([&] {
      const auto [t, b] = window_in("Rnn.forward", val(seq_len), val(batch_size));
      const auto rows = static_cast<std::size_t>(t * b);
      const std::size_t states = state_size(b);
      const auto xs = array_in<float>("Rnn.forward", "x", x, "Float32Array",
                                      rows * static_cast<std::size_t>(rnn_->config().input_size));
      const auto h = optional_array_in<float>("Rnn.forward", "h0", h_0, "Float32Array", states);
      const auto c = optional_array_in<float>("Rnn.forward", "c0", c_0, "Float32Array", states);
      const auto given = optional_array_in<std::int32_t>("Rnn.forward", "lengths", lengths, "Int32Array",
                                                         static_cast<std::size_t>(b));
      const std::vector<Index> ends(given.begin(), given.end());
      check_window(rnn_->config(), b, t);
      std::vector<float> output(rows * static_cast<std::size_t>(rnn_->output_size()));
      std::vector<float> h_n(states);
      std::vector<float> c_n(rnn_->has_cell_state() ? states : 0);
      rnn_->forward({.seq_len = t,
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
      result.set("cN", rnn_->has_cell_state() ? copy_out(c_n) : val::null());
      return result;
    });
  }

  val set_masks(const val& masks, double seq_len, double batch_size) {
    return attempt([&] {
      if (!masks.isArray())
        reject("Rnn.setMasks", "masks", masks, "an array with a mask for each layer but the last");
      const auto [t, b] = window_in("Rnn.setMasks", val(seq_len), val(batch_size));
      check_window(rnn_->config(), b, t);
      const auto count = masks["length"].as<unsigned>();
      if (static_cast<Index>(count) != rnn_->config().network.num_layers - 1) {
        reject("Rnn.setMasks", "masks", masks, "an array with a mask for each layer but the last");
      }
      std::vector<std::vector<float>> given;
      std::vector<const float*> pointers;
      for (unsigned i = 0; i < count; ++i) {
        given.push_back(array_in<float>("Rnn.setMasks", "a mask", masks[i], "Float32Array",
                                        static_cast<std::size_t>(t * b * rnn_->output_size())));
      }
      for (const auto& mask : given) pointers.push_back(mask.data());
      rnn_->set_masks(t, b, pointers);
      has_masks_ = true;
      return val::null();
    });
  }

  val backward(const val& g_output, const val& g_h_n, const val& g_c_n) {
    return attempt([&] {
      const auto rows = static_cast<std::size_t>(seq_len_ * batch_size_);
      const std::size_t states = state_size(batch_size_);
      const auto g_out = optional_array_in<float>("Rnn.backward", "output", g_output, "Float32Array",
                                                  rows * static_cast<std::size_t>(rnn_->output_size()));
      const auto g_h = optional_array_in<float>("Rnn.backward", "hN", g_h_n, "Float32Array", states);
      const auto g_c = optional_array_in<float>("Rnn.backward", "cN", g_c_n, "Float32Array", states);
      std::vector<float> d_x(rows * static_cast<std::size_t>(rnn_->config().input_size));
      std::vector<float> d_h(states);
      std::vector<float> d_c(rnn_->has_cell_state() ? states : 0);
      rnn_->backward(data_or_null(g_out), data_or_null(g_h), data_or_null(g_c), d_x.data(), d_h.data(),
                     d_c.data());
      val result = object();
      result.set("x", copy_out(d_x));
      result.set("h0", copy_out(d_h));
      result.set("c0", rnn_->has_cell_state() ? copy_out(d_c) : val::null());
      result.set("gradients", tensors_out(export_gradients(rnn_->parameters())));
      return result;
    });
  }

  /// After a forward() over one sequence. h_n: gradient of the loss by the final states.
  val gradient_flow(const val& g_h_n) {
    return attempt([&] {
      const std::size_t states = state_size(batch_size_);
      const auto g_h = array_in<float>("Rnn.gradientFlow", "hN", g_h_n, "Float32Array", states);
      std::vector<float> d_x(static_cast<std::size_t>(seq_len_ * batch_size_ * rnn_->config().input_size));
      std::vector<float> d_h(states);
      std::vector<float> d_c(rnn_->has_cell_state() ? states : 0);
      const GradientFlow flow = rnn_->gradient_flow(g_h.data(), d_x.data(), d_h.data(), d_c.data());
      val result = flow_out(flow);
      result.set("x", copy_out(d_x));
      result.set("h0", copy_out(d_h));
      result.set("c0", rnn_->has_cell_state() ? copy_out(d_c) : val::null());
      return result;
    });
  }

 private:
  std::size_t state_size(Index batch_size) const {
    return static_cast<std::size_t>(rnn_->config().network.num_layers * rnn_->directions() * batch_size *
                                    rnn_->config().network.hidden_size);
  }
  Dropout dropout(bool training) const {
    if (!training) return Dropout::kOff;
    return has_masks_ ? Dropout::kKeep : Dropout::kDraw;
  }

  std::shared_ptr<Rnn<float>> rnn_;
  Rng rng_;
  Index seq_len_ = 0;
  Index batch_size_ = 0;
  bool has_masks_ = false;
};

val create_rnn(const val& object) {
  return attempt([&] {
    const Fields fields("RnnConfig", object);
    RnnConfig config;
    config.network = network_in(fields);
    fields.read("inputSize", config.input_size);
    return val(std::make_shared<RnnHandle>(std::make_shared<Rnn<float>>(config)));
  });
}

}  // namespace

}  // namespace unroll::bindings

EMSCRIPTEN_BINDINGS(unroll_rnn) {
  using namespace unroll::bindings;
  network_class<RnnHandle>("RnnHandle")
      .function("forward", &RnnHandle::forward)
      .function("setMasks", &RnnHandle::set_masks)
      .function("backward", &RnnHandle::backward)
      .function("gradientFlow", &RnnHandle::gradient_flow);
  emscripten::function("createRnn", &create_rnn);
}
