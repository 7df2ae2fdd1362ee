#pragma once

#include <string>
#include <vector>

#include "unroll/nn/cell.h"

namespace unroll::testing {

/// A kind of language model that a test is run on.
struct LanguageModelCase {
  CellKind cell;
  Index num_layers;
  Index embedding_dim;
};

/// Every cell with 1 to `most_layers` layers, over one-hot vectors and over embeddings.
inline std::vector<LanguageModelCase> language_model_cases(Index most_layers, Index embedding_dim) {
  std::vector<LanguageModelCase> cases;
  for (CellKind cell : kAllCells) {
    for (Index num_layers = 1; num_layers <= most_layers; ++num_layers) {
      for (Index dim : {Index{0}, embedding_dim}) cases.push_back({cell, num_layers, dim});
    }
  }
  return cases;
}

inline std::string name_of(const LanguageModelCase& c) {
  return std::string(cell<float>(c.cell).name) + "_" + std::to_string(c.num_layers) +
         (c.embedding_dim > 0 ? "_embedding" : "_one_hot");
}

}  // namespace unroll::testing
