#include <emscripten/bind.h>

#include <algorithm>
#include <string>
#include <vector>

#include "configs.h"
#include "losses_in.h"
#include "unroll/core/error.h"
#include "unroll/nn/finite.h"
#include "values_out.h"

/// Losses and sampling on plain rows of numbers, without a model.
namespace unroll::bindings {

namespace {

/// Rows as the engine reads them: padded(size) numbers apart.
AlignedBuffer<float> pad_rows(Index rows, Index size, const std::vector<float>& dense) {
  AlignedBuffer<float> padded_rows(rows * padded(size));
  for (Index r = 0; r < rows; ++r) {
    std::copy_n(dense.data() + r * size, size, padded_rows.data() + r * padded(size));
  }
  return padded_rows;
}

/// {loss, perRow, gradient} of rows that a loss has replaced by their gradient.
val loss_out(const char* who, double loss, const std::vector<double>& per_row, Index size,
             const AlignedBuffer<float>& gradient) {
  expect_finite(who, "the loss", loss);
  expect_finite(who, "a number of the gradient", static_cast<Index>(per_row.size()), size, gradient.data());
  std::vector<float> dense;
  for (Index r = 0; r < static_cast<Index>(per_row.size()); ++r) {
    const float* row = gradient.data() + r * padded(size);
    dense.insert(dense.end(), row, row + size);
  }
  val result = object();
  result.set("loss", loss);
  result.set("perRow", copy_out(per_row));
  result.set("gradient", copy_out(dense));
  return result;
}

/// The sizes of a matrix that TypeScript has looked at; its numbers are counted here again.
struct Matrix {
  Matrix(const char* who, const char* field, const val& data, double row_count, double col_count)
      : rows(whole_in(who, "rows", val(row_count))), cols(whole_in(who, "cols", val(col_count))) {
    if (rows < 1 || cols < 1) reject(who, field, val(row_count), "a matrix with at least one number");
    values = array_in<float>(who, field, data, "Float32Array");
    if (static_cast<double>(values.size()) == row_count * col_count) return;
    throw Error(ErrorCode::kShapeMismatch, std::string(who) + ": " + field + " has " +
                                               std::to_string(values.size()) +
                                               " numbers, expected rows * cols");
  }

  Index rows;
  Index cols;
  std::vector<float> values;
};

val cross_entropy_rows(const val& logits, double rows, double classes, const val& targets,
                       const val& options) {
  return attempt([&] {
    const char* who = "crossEntropy";
    const Matrix given(who, "logits", logits, rows, classes);
    const LossOptions loss(who, options, given.rows);
    const std::vector<TokenId> wanted =
        classes_in(who, "targets", targets, given.rows, given.cols, loss.cross_entropy.ignore_index);
    AlignedBuffer<float> gradient = pad_rows(given.rows, given.cols, given.values);
    std::vector<double> per_row(static_cast<std::size_t>(given.rows));
    const double mean = mean_cross_entropy(given.rows, given.cols, gradient.data(), wanted.data(),
                                           loss.cross_entropy, per_row.data());
    return loss_out(who, mean, per_row, given.cols, gradient);
  });
}

val squared_error_rows(const val& outputs, double rows, double features, const val& targets,
                       const val& options) {
  return attempt([&] {
    const char* who = "meanSquaredError";
    const Matrix given(who, "outputs", outputs, rows, features);
    const LossOptions loss(who, options, given.rows);
    const auto wanted = array_in<float>(who, "targets", targets, "Float32Array", given.values.size());
    AlignedBuffer<float> gradient = pad_rows(given.rows, given.cols, given.values);
    std::vector<double> per_row(static_cast<std::size_t>(given.rows));
    const double mean = mean_squared_error(given.rows, given.cols, gradient.data(), wanted.data(),
                                           loss.cross_entropy.weights, per_row.data());
    return loss_out(who, mean, per_row, given.cols, gradient);
  });
}

val sampling_distribution(const val& logits, double rows, double classes, const val& options) {
  return attempt([&] {
    const char* who = "samplingDistribution";
    const Matrix given(who, "logits", logits, rows, classes);
    Sampler sampler(sampling_in(Fields(who, options)));
    std::vector<float> probabilities;
    for (Index r = 0; r < given.rows; ++r) {
      const std::vector<float>& row = sampler.distribution(given.values.data() + r * given.cols, given.cols);
      probabilities.insert(probabilities.end(), row.begin(), row.begin() + given.cols);
    }
    return copy_out(probabilities);
  });
}

val argmax_rows(const val& logits, double rows, double classes) {
  return attempt([&] {
    const Matrix given("argmax", "logits", logits, rows, classes);
    std::vector<TokenId> tokens;
    for (Index r = 0; r < given.rows; ++r) {
      tokens.push_back(argmax(given.values.data() + r * given.cols, given.cols));
    }
    return copy_out(tokens);
  });
}

}  // namespace

}  // namespace unroll::bindings

EMSCRIPTEN_BINDINGS(unroll_losses) {
  using namespace unroll::bindings;
  emscripten::function("crossEntropy", &cross_entropy_rows);
  emscripten::function("meanSquaredError", &squared_error_rows);
  emscripten::function("samplingDistribution", &sampling_distribution);
  emscripten::function("argmax", &argmax_rows);
}
