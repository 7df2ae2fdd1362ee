#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "unroll/io/safetensors.h"
#include "unroll/model/language_model.h"
#include "unroll/model/state_dict.h"

/// A language model as a file, as web/engine saves and loads it.
namespace unroll::fuzz {

using Bytes = std::vector<std::uint8_t>;
using Model = LanguageModel<float>;

inline Bytes file_of(const ModelConfig& config) {
  const std::vector<Tensor> tensors = export_values(Model(config).parameters());
  SafetensorsFile file{.metadata = {{"format", "pt"}}, .tensors = {}};
  for (const auto& [name, shape, data] : tensors) file.tensors.push_back(view_f32(name, shape, data));
  return write_safetensors(file);
}

/// Small models of several kinds.
inline const Bytes& whole_model(unsigned seed) {
  static const std::array<Bytes, 4> files = {
      file_of({.network = {.hidden_size = 3}, .vocab_size = 4}),
      file_of({.network = {.cell = CellKind::kGru, .hidden_size = 2, .num_layers = 2},
               .vocab_size = 9,
               .embedding_dim = 5}),
      file_of({.network = {.cell = CellKind::kRnnTanh, .hidden_size = 9}, .vocab_size = 3}),
      file_of({.network = {.hidden_size = 1, .num_layers = 3}, .vocab_size = 2, .embedding_dim = 1})};
  return files[seed % files.size()];
}

/// The sizes of a model by the shapes of its tensors; with none that are missing the model does not fit.
inline ModelConfig config_of(const std::vector<Tensor>& tensors) {
  ModelConfig config{.network = {.num_layers = 0}};
  NetworkConfig& network = config.network;
  Index rows = 0;
  for (const auto& [name, shape, data] : tensors) {
    if (shape.size() != 2) continue;
    if (name == "head.weight") config.vocab_size = shape[0];
    if (name == "embedding.weight") config.embedding_dim = shape[1];
    if (name.starts_with("rnn.weight_hh_l")) ++network.num_layers;
    if (name == "rnn.weight_hh_l0") rows = shape[0], network.hidden_size = shape[1];
  }
  network.cell = rows == network.hidden_size       ? CellKind::kRnnTanh
                 : rows == 3 * network.hidden_size ? CellKind::kGru
                                                   : CellKind::kLstm;
  return config;
}

/// Throws Error for bytes that are no model.
inline std::shared_ptr<Model> load_model(std::span<const std::uint8_t> bytes) {
  std::vector<Tensor> tensors;
  for (const TensorView& view : parse_safetensors(bytes).tensors)
    tensors.push_back({view.name, view.shape, read_f32(view)});
  auto model = std::make_shared<Model>(config_of(tensors));
  import_values(tensors, model->parameters());
  return model;
}

}  // namespace unroll::fuzz
