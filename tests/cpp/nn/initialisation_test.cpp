#include "unroll/nn/initialisation.h"

#include <gtest/gtest.h>

#include <Eigen/Core>
#include <cmath>

#include "unroll/model/rnn.h"
#include "unroll/model/sequence_model.h"

namespace unroll::testing::initialisation_test {
namespace {

using Matrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

SequenceModelConfig config_with(InitScheme init) {
  return {.network = {.cell = CellKind::kLstm,
                      .hidden_size = 12,
                      .num_layers = 2,
                      .bidirectional = true,
                      .init = init,
                      .seed = 3},
          .vocab_size = 11,
          .embedding_dim = 9,
          .output_size = 7};
}

Matrix parameter(const Parameters<double>& parameters, const std::string& name) {
  for (Index id = 0; id < parameters.count(); ++id) {
    const ParameterSpec& spec = parameters.spec(id);
    if (spec.name != name) continue;
    Matrix matrix(spec.layout.rows, std::max<Index>(spec.layout.cols, 1));
    unpack(spec.layout, parameters.value(id), matrix.data());
    return matrix;
  }
  throw std::runtime_error("no parameter " + name);
}

bool is_bias(const ParameterSpec& spec) {
  return spec.layout.cols == 0;
}

TEST(Initialisation, OrthogonalGateBlocksKeepEveryLength) {
  const SequenceModel<double> model(config_with(InitScheme::kOrthogonal));
  for (const char* name : {"rnn.weight_hh_l0", "rnn.weight_hh_l0_reverse", "rnn.weight_hh_l1"}) {
    const Matrix w = parameter(model.parameters(), name);
    ASSERT_EQ(w.rows(), 4 * 12);
    for (Index gate = 0; gate < 4; ++gate) {
      const Matrix block = w.middleRows(gate * 12, 12);
      EXPECT_LT((block * block.transpose() - Matrix::Identity(12, 12)).cwiseAbs().maxCoeff(), 1e-12) << name;
    }
    EXPECT_GT((w.topRows(12) - w.middleRows(12, 12)).cwiseAbs().maxCoeff(), 0.1);
  }
}

TEST(Initialisation, OrthogonalMatricesComeOutOfEveryQuarter) {
  // A reflection as often as a rotation, and a trace that averages to nothing.
  int rotations = 0;
  double trace = 0.0;
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    const Rnn<double> rnn({.network = {.cell = CellKind::kRnnTanh,
                                       .hidden_size = 2,
                                       .init = InitScheme::kOrthogonal,
                                       .seed = seed},
                           .input_size = 1});
    const Matrix w = parameter(rnn.parameters(), "weight_hh_l0");
    rotations += w(0, 0) * w(1, 1) - w(0, 1) * w(1, 0) > 0.0;
    trace += w.trace() / 200.0;
  }
  EXPECT_GT(rotations, 70);
  EXPECT_LT(rotations, 130);
  EXPECT_LT(std::abs(trace), 0.25);
}

TEST(Initialisation, XavierFillsItsBoundsAndZerosTheBiases) {
  for (const InitScheme init : {InitScheme::kXavier, InitScheme::kOrthogonal}) {
    const SequenceModel<double> model(config_with(init));
    const auto& parameters = model.parameters();
    for (Index id = 0; id < parameters.count(); ++id) {
      const ParameterSpec& spec = parameters.spec(id);
      const Matrix w = parameter(parameters, spec.name);
      if (is_bias(spec)) {
        EXPECT_EQ(w.cwiseAbs().maxCoeff(), 0.0) << spec.name;
        continue;
      }
      const bool orthogonal =
          init == InitScheme::kOrthogonal && spec.name.find("weight_hh") != std::string::npos;
      if (orthogonal || spec.name == "embedding.weight") continue;
      const double fan_out = spec.name == "head.weight" ? 7.0 : 12.0;
      const double bound = std::sqrt(6.0 / (static_cast<double>(spec.layout.cols) + fan_out));
      EXPECT_LE(w.cwiseAbs().maxCoeff(), bound) << spec.name;
      EXPECT_GT(w.cwiseAbs().maxCoeff(), 0.9 * bound) << spec.name;
    }
  }
}

TEST(Initialisation, ForgetBiasIsAddedToTheForgetGateAlone) {
  for (const InitScheme init : {InitScheme::kPytorch, InitScheme::kXavier}) {
    SequenceModelConfig config = config_with(init);
    const SequenceModel<double> without(config);
    config.network.forget_bias = 1.5;
    const SequenceModel<double> with(config);
    for (Index id = 0; id < with.parameters().count(); ++id) {
      const ParameterSpec& spec = with.parameters().spec(id);
      const Matrix difference =
          parameter(with.parameters(), spec.name) - parameter(without.parameters(), spec.name);
      const bool has_forget_gate = spec.name.find("bias_ih") != std::string::npos;
      for (Index r = 0; r < difference.rows(); ++r) {
        const bool forget = has_forget_gate && r / 12 == 1;
        EXPECT_NEAR(difference.row(r).cwiseAbs().maxCoeff(), forget ? 1.5 : 0.0, 1e-15)
            << spec.name << " " << r;
      }
    }
  }
}

TEST(Initialisation, TheSeedDecides) {
  for (const InitScheme init : {InitScheme::kPytorch, InitScheme::kXavier, InitScheme::kOrthogonal}) {
    SequenceModelConfig config = config_with(init);
    const SequenceModel<double> a(config), b(config);
    config.network.seed = 4;
    const SequenceModel<double> c(config);
    const auto& values = a.parameters().values();
    bool differs = false;
    for (Index i = 0; i < values.size(); ++i) {
      EXPECT_EQ(values[i], b.parameters().values()[i]);
      differs |= values[i] != c.parameters().values()[i];
    }
    EXPECT_TRUE(differs);
  }
}

}  // namespace
}  // namespace unroll::testing::initialisation_test
