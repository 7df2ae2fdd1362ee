#pragma once

#include <string>
#include <vector>

#include "unroll/core/aligned_buffer.h"
#include "unroll/core/rng.h"
#include "unroll/core/types.h"
#include "unroll/math/panels.h"

namespace unroll {

/// What a parameter is called, how it is laid out and how it starts.
struct ParameterSpec {
  std::string name;  // as in a PyTorch state_dict, for instance "rnn.weight_ih_l0"
  Layout layout;
  /// It starts uniform in [-bound, bound], or standard normal when bound is 0 (PyTorch's nn.Embedding).
  double bound = 0.0;
};

/// All parameters of a model, with their gradients, in one block each.
///
/// One block means that an optimizer, a norm or a copy is one loop over all parameters, padding included:
/// padding is zero in the values and in the gradients, and every optimizer keeps it so.
template <class S>
class Parameters {
 public:
  /// Adds a parameter; all are added before allocate(). Returns its number, in the order of the state_dict.
  Index add(ParameterSpec spec);

  /// Makes room for values and gradients, all zero.
  void allocate();

  /// Draws every parameter in order, row by row as PyTorch does: the same initial distribution, from our own
  /// generator.
  void initialise(Rng& rng);

  Index count() const { return static_cast<Index>(specs_.size()); }
  const ParameterSpec& spec(Index id) const { return specs_[static_cast<std::size_t>(id)]; }
  /// Numbers without padding, over all parameters.
  Index size() const;

  S* value(Index id) { return values_.data() + offset(id); }
  const S* value(Index id) const { return values_.data() + offset(id); }
  S* gradient(Index id) { return gradients_.data() + offset(id); }
  const S* gradient(Index id) const { return gradients_.data() + offset(id); }

  AlignedBuffer<S>& values() { return values_; }
  const AlignedBuffer<S>& values() const { return values_; }
  AlignedBuffer<S>& gradients() { return gradients_; }
  const AlignedBuffer<S>& gradients() const { return gradients_; }
  /// Where every backward pass begins.
  void zero_gradients() {
    if (hold_ == Hold::kHere) set_gradients_aside();
    gradients_.fill_zero();
  }

  /// Keeps the gradients of now, free of charge: whoever zeroes them next gets another block, until they are
  /// released.
  void hold_gradients() { hold_ = Hold::kHere; }
  void release_gradients() { hold_ = Hold::kNone; }
  const AlignedBuffer<S>& held_gradients() const { return hold_ == Hold::kAside ? aside_ : gradients_; }

  /// Rises with every change of the values; what is derived from them (summed biases, transposes) compares
  /// it.
  std::uint64_t version() const { return version_; }
  void changed() { ++version_; }

 private:
  enum class Hold { kNone, kHere, kAside };

  void set_gradients_aside();
  Index offset(Index id) const { return offsets_[static_cast<std::size_t>(id)]; }

  std::vector<ParameterSpec> specs_;
  std::vector<Index> offsets_;
  Index total_ = 0;
  AlignedBuffer<S> values_;
  AlignedBuffer<S> gradients_;
  AlignedBuffer<S> aside_;  // gradients that are held while others are computed
  Hold hold_ = Hold::kNone;
  std::uint64_t version_ = 1;
};

extern template class Parameters<float>;
extern template class Parameters<double>;

}  // namespace unroll
