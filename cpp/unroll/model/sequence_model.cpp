#include "unroll/model/sequence_model.h"

#include <algorithm>
#include <string>

#include "unroll/core/error.h"
#include "unroll/nn/finite.h"
#include "unroll/nn/initialisation.h"

namespace unroll {

template <class S>
SequenceModel<S>::SequenceModel(const SequenceModelConfig& config) : config_(config) {
  validate(config);
  const bool reads_tokens = config.vocab_size > 0;
  const bool one_hot = reads_tokens && config.embedding_dim == 0;
  if (config.embedding_dim > 0) {
    embedding_.emplace(config.vocab_size, config.embedding_dim, "embedding.", parameters_,
                       config.padding_idx);
  }
  stack_.emplace(StackConfig{.network = config.network,
                             .input_size = one_hot        ? config.vocab_size
                                           : reads_tokens ? config.embedding_dim
                                                          : config.input_size,
                             .one_hot = one_hot,
                             .prefix = "rnn."},
                 parameters_);
  head_.emplace(stack_->output_size(), config.output_size, "head.", parameters_);
  parameters_.allocate();
  initialise(config.network, parameters_);
}

template <class S>
void SequenceModel<S>::read_input(const Batch& batch) {
  const Packing& packing = order_.packing();
  const Index rows = packing.rows();
  if (config_.vocab_size > 0) {
    tokens_.resize(static_cast<std::size_t>(rows));
    order_.for_each_row(
        [&](Index row, Index place) { tokens_[static_cast<std::size_t>(row)] = batch.ids[place]; });
    input_ = {.tokens = tokens_.data()};
    if (!embedding_) return;
    x_.resize(rows * embedding_->stride());
    embedding_->forward(parameters_, rows, tokens_.data(), x_.data());
    input_ = {.rows = x_.data(), .stride = embedding_->stride()};
    return;
  }
  const Index in = config_.input_size;
  x_.resize(rows * padded(in));
  x_.fill_zero();
  order_.for_each_row(
      [&](Index row, Index place) { std::copy_n(batch.x + place * in, in, x_.data() + row * padded(in)); });
  input_ = {.rows = x_.data(), .stride = padded(in)};
}

template <class S>
Index SequenceModel<S>::head_rows() const {
  return config_.readout == Readout::kLast ? order_.batch_size() : order_.packing().rows();
}

template <class S>
const S* SequenceModel<S>::head_input() const {
  return config_.readout == Readout::kLast ? features_.data() : stack_->output();
}

template <class S>
template <class Visit>
void SequenceModel<S>::for_each_answer(Visit visit) const {
  if (config_.readout == Readout::kSteps) return order_.for_each_row(visit);
  for (Index b = 0; b < order_.batch_size(); ++b) visit(b, b);
}

template <class S>
void SequenceModel<S>::gather_features() {
  const Index h = config_.network.hidden_size;
  const Index stride = stack_->output_stride();
  features_.resize(order_.batch_size() * stride);
  features_.fill_zero();
  for (Index direction = 0; direction < stack_->config().directions(); ++direction) {
    const S* final_h = stack_->layer(config_.network.num_layers - 1, direction).final_h();
    for (Index b = 0; b < order_.batch_size(); ++b) {
      std::copy_n(final_h + b * padded(h), h, features_.data() + order_.sequence(b) * stride + direction * h);
    }
  }
}

template <class S>
void SequenceModel<S>::forward(const Batch& batch, Dropout dropout, Rng* rng, S* out) {
  BatchOrder::check("SequenceModel::forward", batch.seq_len, batch.batch_size, batch.lengths);
  check_window(config_, batch.batch_size, batch.seq_len);
  order_.set(batch.seq_len, batch.batch_size, batch.lengths);
  read_input(batch);
  stack_->forward(parameters_, input_, order_.packing(), nullptr, dropout, rng);
  if (config_.readout == Readout::kLast) gather_features();
  logits_.resize(head_rows() * head_->output_stride());
  can_go_back_ = false;
  head_->forward(parameters_, head_rows(), head_input(), stack_->output_stride(), logits_.data());
  expect_finite("SequenceModel", "an output", head_rows(), config_.output_size, logits_.data());
  can_go_back_ = true;
  if (out == nullptr) return;
  const Index size = config_.output_size;
  std::fill_n(out, answers(batch) * size, S(0));
  for_each_answer([&](Index row, Index answer) {
    std::copy_n(logits_.data() + row * head_->output_stride(), size, out + answer * size);
  });
}

template <class S>
void SequenceModel<S>::copy_features(S* features) const {
  const Index size = stack_->output_size();
  for (Index b = 0; b < order_.batch_size(); ++b) {
    std::copy_n(features_.data() + b * stack_->output_stride(), size, features + b * size);
  }
}

template <class S>
void SequenceModel<S>::copy_final_h(S* h_n) const {
  const Index h = config_.network.hidden_size;
  for (Index layer = 0; layer < config_.network.num_layers; ++layer) {
    for (Index direction = 0; direction < stack_->config().directions(); ++direction) {
      const Index k = layer * stack_->config().directions() + direction;
      const S* final_h = stack_->layer(layer, direction).final_h();
      for (Index b = 0; b < order_.batch_size(); ++b) {
        std::copy_n(final_h + b * padded(h), h, h_n + (k * order_.batch_size() + order_.sequence(b)) * h);
      }
    }
  }
}

template <class S>
void SequenceModel<S>::need_forward() const {
  if (can_go_back_) return;
  throw Error(ErrorCode::kWrongState,
              "SequenceModel: there was no forward() before the loss; call forward() for each loss");
}

template <class S>
RowWeights SequenceModel<S>::weights_by_row(const RowWeights& weights) {
  if (weights.weights.empty()) return {};
  row_weights_.resize(static_cast<std::size_t>(head_rows()));
  for_each_answer([&](Index row, Index answer) {
    row_weights_[static_cast<std::size_t>(row)] = weights.weights[static_cast<std::size_t>(answer)];
  });
  return {.weights = row_weights_};
}

template <class S>
void SequenceModel<S>::scatter_losses(double* row_losses) const {
  const Index answers =
      config_.readout == Readout::kLast ? order_.batch_size() : order_.seq_len() * order_.batch_size();
  std::fill_n(row_losses, answers, 0.0);
  for_each_answer(
      [&](Index row, Index answer) { row_losses[answer] = row_losses_[static_cast<std::size_t>(row)]; });
}

template <class S>
double SequenceModel<S>::row_cross_entropy(const TokenId* targets, const CrossEntropyOptions& options,
                                           double* row_losses) {
  need_forward();
  const auto rows = static_cast<std::size_t>(head_rows());
  row_targets_.resize(rows);
  row_losses_.resize(rows);
  for_each_answer(
      [&](Index row, Index answer) { row_targets_[static_cast<std::size_t>(row)] = targets[answer]; });
  CrossEntropyOptions by_row = options;
  by_row.weights = weights_by_row(options.weights);
  const double loss = mean_cross_entropy(head_rows(), config_.output_size, logits_.data(),
                                         row_targets_.data(), by_row, row_losses_.data());
  can_go_back_ = false;
  expect_finite("SequenceModel", "the loss", loss);
  if (row_losses != nullptr) scatter_losses(row_losses);
  return loss;
}

template <class S>
double SequenceModel<S>::row_squared_error(const S* targets, const RowWeights& weights, double* row_losses) {
  need_forward();
  const Index size = config_.output_size;
  const auto rows = static_cast<std::size_t>(head_rows());
  row_values_.resize(rows * static_cast<std::size_t>(size));
  row_losses_.resize(rows);
  for_each_answer([&](Index row, Index answer) {
    std::copy_n(targets + answer * size, size, row_values_.data() + row * size);
  });
  const double loss = mean_squared_error(head_rows(), size, logits_.data(), row_values_.data(),
                                         weights_by_row(weights), row_losses_.data());
  can_go_back_ = false;
  expect_finite("SequenceModel", "the loss", loss);
  if (row_losses != nullptr) scatter_losses(row_losses);
  return loss;
}

/// Loss -> head -> stack -> embedding. What the loss left in the logits is its gradient by them.
///
/// With the readout of the last state, the head reads [h forward, h backward] of the last layer's final
/// states: their gradient enters the scan where it begins to go back, as d_state, and the outputs of the
/// single steps have none of their own. With a readout at every step it is the other way round.
template <class S>
void SequenceModel<S>::backward() {
  const Index rows = order_.packing().rows();
  const Index stride = stack_->output_stride();
  const Index h = config_.network.hidden_size;
  const bool last = config_.readout == Readout::kLast;
  parameters_.zero_gradients();
  d_output_.resize(rows * stride);
  stack_->make_state(order_.batch_size(), d_state_);
  if (last) {
    d_output_.fill_zero();
    d_features_.resize(order_.batch_size() * stride);
  }
  head_->backward(parameters_, head_rows(), head_input(), stride, logits_.data(),
                  last ? d_features_.data() : d_output_.data());
  if (last) {
    const Index directions = stack_->config().directions();
    for (Index direction = 0; direction < directions; ++direction) {
      const auto k = static_cast<std::size_t>((config_.network.num_layers - 1) * directions + direction);
      for (Index b = 0; b < order_.batch_size(); ++b) {
        std::copy_n(d_features_.data() + order_.sequence(b) * stride + direction * h, h,
                    d_state_.h[k].data() + b * padded(h));
      }
    }
  }
  if (embedding_) d_x_.resize(rows * embedding_->stride());
  stack_->backward(parameters_, input_, order_.packing(), d_output_.data(), d_state_,
                   embedding_ ? d_x_.data() : nullptr);
  if (embedding_) embedding_->backward(parameters_, rows, tokens_.data(), d_x_.data());
}

template <class S>
double SequenceModel<S>::cross_entropy_and_gradients(const TokenId* targets,
                                                     const CrossEntropyOptions& options, double* row_losses) {
  const double loss = row_cross_entropy(targets, options, row_losses);
  backward();
  return loss;
}

template <class S>
double SequenceModel<S>::squared_error_and_gradients(const S* targets, const RowWeights& weights,
                                                     double* row_losses) {
  const double loss = row_squared_error(targets, weights, row_losses);
  backward();
  return loss;
}

template <class S>
double SequenceModel<S>::cross_entropy(const TokenId* targets, const CrossEntropyOptions& options) {
  return row_cross_entropy(targets, options, nullptr);
}

template <class S>
double SequenceModel<S>::squared_error(const S* targets, const RowWeights& weights) {
  return row_squared_error(targets, weights, nullptr);
}

template class SequenceModel<float>;
template class SequenceModel<double>;

}  // namespace unroll
