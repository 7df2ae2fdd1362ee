#include "unroll/nn/initialisation.h"

#include <cmath>
#include <vector>

#include "unroll/core/rng.h"

namespace unroll {
namespace {

constexpr std::string_view kNames[] = {"pytorch", "xavier", "orthogonal"};

bool names(const ParameterSpec& spec, std::string_view part) {
  return spec.name.find(part) != std::string::npos;
}

template <class S, class Draw>
void fill(const Layout& layout, S* inside, Draw&& draw) {
  for (Index r = 0; r < layout.rows; ++r) {
    for (Index c = 0; c < layout.cols; ++c) inside[layout.place(r, c)] = static_cast<S>(draw());
  }
}

/// Makes the rows of a square matrix orthonormal, one after the other: each loses its share of those before
/// it. A normal draw is far enough from singular for what is left of that share to be lost in a float.
void orthonormalise(Index size, std::vector<double>& matrix) {
  for (Index i = 0; i < size; ++i) {
    double* row = matrix.data() + i * size;
    for (Index k = 0; k < i; ++k) {
      const double* before = matrix.data() + k * size;
      double share = 0.0;
      for (Index j = 0; j < size; ++j) share += row[j] * before[j];
      for (Index j = 0; j < size; ++j) row[j] -= share * before[j];
    }
    double squares = 0.0;
    for (Index j = 0; j < size; ++j) squares += row[j] * row[j];
    const double length = std::sqrt(squares);
    for (Index j = 0; j < size; ++j) row[j] /= length;
  }
}

template <class S>
void fill_orthogonal(const Layout& layout, Rng& rng, S* inside) {
  const Index size = layout.block_rows;
  std::vector<double> block(static_cast<std::size_t>(size * size));
  for (Index first = 0; first < layout.rows; first += size) {
    for (double& x : block) x = rng.normal();
    orthonormalise(size, block);
    for (Index r = 0; r < size; ++r) {
      for (Index c = 0; c < size; ++c) {
        inside[layout.place(first + r, c)] = static_cast<S>(block[static_cast<std::size_t>(r * size + c)]);
      }
    }
  }
}

/// All schemes but PyTorch's own.
template <class S>
void fill_by_fans(const ParameterSpec& spec, InitScheme scheme, Rng& rng, S* inside) {
  const Layout& layout = spec.layout;
  if (layout.cols == 0) {
    for (Index r = 0; r < layout.rows; ++r) inside[layout.place(r, 0)] = S(0);
  } else if (layout.kind == LayoutKind::kRows) {
    fill(layout, inside, [&] { return rng.normal(); });
  } else if (scheme == InitScheme::kOrthogonal && names(spec, "weight_hh")) {
    fill_orthogonal(layout, rng, inside);
  } else {
    const double bound = std::sqrt(6.0 / static_cast<double>(layout.cols + layout.block_rows));
    fill(layout, inside, [&] { return rng.uniform(-bound, bound); });
  }
}

}  // namespace

std::optional<InitScheme> init_scheme(std::string_view name) {
  for (int scheme = 0; scheme < 3; ++scheme) {
    if (kNames[scheme] == name) return static_cast<InitScheme>(scheme);
  }
  return std::nullopt;
}

std::string_view to_string(InitScheme scheme) {
  return kNames[static_cast<int>(scheme)];
}

template <class S>
void initialise(const NetworkConfig& config, Parameters<S>& parameters) {
  Rng rng(config.seed, Rng::Purpose::kInitialisation);
  if (config.init == InitScheme::kPytorch) {
    parameters.initialise(rng);
  } else {
    for (Index id = 0; id < parameters.count(); ++id) {
      fill_by_fans(parameters.spec(id), config.init, rng, parameters.value(id));
    }
  }
  if (const auto forget_gate = gate_block(config.cell, "f"); forget_gate && config.forget_bias != 0.0) {
    for (Index id = 0; id < parameters.count(); ++id) {
      const ParameterSpec& spec = parameters.spec(id);
      if (!names(spec, "bias_ih")) continue;
      for (Index unit = 0; unit < spec.layout.block_rows; ++unit) {
        const Index row = *forget_gate * spec.layout.block_rows + unit;
        parameters.value(id)[spec.layout.place(row, 0)] += static_cast<S>(config.forget_bias);
      }
    }
  }
  parameters.changed();
}

template void initialise(const NetworkConfig&, Parameters<float>&);
template void initialise(const NetworkConfig&, Parameters<double>&);

}  // namespace unroll
