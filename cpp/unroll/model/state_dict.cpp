#include "unroll/model/state_dict.h"

#include <bit>
#include <cmath>

#include "unroll/core/error.h"

namespace unroll {
namespace {

std::vector<Index> shape_of(const Layout& layout) {
  if (layout.cols == 0) return {layout.rows};
  return {layout.rows, layout.cols};
}

std::string to_string(const std::vector<Index>& shape) {
  std::string text = "(";
  for (std::size_t i = 0; i < shape.size(); ++i) text += (i > 0 ? ", " : "") + std::to_string(shape[i]);
  return text + ")";
}

Tensor make_tensor(const ParameterSpec& spec, const float* inside) {
  Tensor tensor{spec.name, shape_of(spec.layout), {}};
  tensor.data.resize(static_cast<std::size_t>(spec.layout.size()));
  unpack(spec.layout, inside, tensor.data.data());
  return tensor;
}

const Tensor& find(const std::vector<Tensor>& tensors, const std::string& name) {
  for (const Tensor& tensor : tensors) {
    if (tensor.name == name) return tensor;
  }
  throw Error(ErrorCode::kMissingTensor,
              "import: the model has a parameter \"" + name + "\", but no tensor has that name");
}

void check_tensor(const Tensor& tensor, const ParameterSpec& spec) {
  const std::vector<Index> expected = shape_of(spec.layout);
  if (tensor.shape != expected || static_cast<Index>(tensor.data.size()) != spec.layout.size()) {
    throw Error(ErrorCode::kShapeMismatch,
                "import: tensor \"" + spec.name + "\" has shape " + to_string(tensor.shape) + " and " +
                    std::to_string(tensor.data.size()) + " numbers, expected " + to_string(expected));
  }
  for (std::size_t i = 0; i < tensor.data.size(); ++i) {
    if (std::isfinite(tensor.data[i])) continue;
    throw Error(ErrorCode::kNotFinite,
                "import: tensor \"" + spec.name + "\" is not finite at index " + std::to_string(i));
  }
}

}  // namespace

std::vector<Tensor> export_values(const Parameters<float>& parameters) {
  std::vector<Tensor> tensors;
  for (Index id = 0; id < parameters.count(); ++id) {
    tensors.push_back(make_tensor(parameters.spec(id), parameters.value(id)));
  }
  return tensors;
}

std::vector<Tensor> export_gradients(const Parameters<float>& parameters) {
  std::vector<Tensor> tensors;
  for (Index id = 0; id < parameters.count(); ++id) {
    tensors.push_back(make_tensor(parameters.spec(id), parameters.gradient(id)));
  }
  return tensors;
}

std::vector<Tensor> export_moments(const Parameters<float>& parameters, const Optimizer<float>& optimizer) {
  std::vector<Tensor> tensors;
  const auto names = Optimizer<float>::slot_names(optimizer.config().kind);
  for (std::size_t slot = 0; slot < names.size(); ++slot) {
    const AlignedBuffer<float>& moments = optimizer.slot(static_cast<Index>(slot));
    if (moments.size() == 0) continue;
    for (Index id = 0; id < parameters.count(); ++id) {
      const Index offset = parameters.value(id) - parameters.values().data();
      Tensor tensor = make_tensor(parameters.spec(id), moments.data() + offset);
      tensor.name = std::string(names[slot]) + "." + tensor.name;
      tensors.push_back(std::move(tensor));
    }
  }
  return tensors;
}

void import_values(const std::vector<Tensor>& tensors, Parameters<float>& parameters) {
  for (Index id = 0; id < parameters.count(); ++id) {
    check_tensor(find(tensors, parameters.spec(id).name), parameters.spec(id));
  }
  if (static_cast<Index>(tensors.size()) != parameters.count()) {
    throw Error(ErrorCode::kMissingTensor, "import: there are " + std::to_string(tensors.size()) +
                                               " tensors, expected one for each of the " +
                                               std::to_string(parameters.count()) + " parameters");
  }
  for (Index id = 0; id < parameters.count(); ++id) {
    const ParameterSpec& spec = parameters.spec(id);
    pack(spec.layout, find(tensors, spec.name).data.data(), parameters.value(id));
  }
  parameters.changed();
}

std::uint64_t fingerprint(const Parameters<float>& parameters) {
  std::uint64_t hash = 0xcbf29ce484222325u;
  for (Index id = 0; id < parameters.count(); ++id) {
    const Layout& layout = parameters.spec(id).layout;
    const float* inside = parameters.value(id);
    const Index cols = std::max<Index>(layout.cols, 1);
    for (Index i = 0; i < layout.size(); ++i) {
      const float x = inside[layout.place(i / cols, i % cols)];
      const std::uint32_t bits = std::isnan(x) ? 0x7fc00000u : std::bit_cast<std::uint32_t>(x);
      for (int shift = 0; shift < 32; shift += 8) {
        hash = (hash ^ ((bits >> shift) & 0xffu)) * 0x100000001b3u;
      }
    }
  }
  return hash;
}

}  // namespace unroll
