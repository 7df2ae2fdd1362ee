#include "unroll/nn/parameters.h"

namespace unroll {

template <class S>
Index Parameters<S>::add(ParameterSpec spec) {
  offsets_.push_back(total_);
  total_ += padded(spec.layout.padded_size());
  specs_.push_back(std::move(spec));
  return count() - 1;
}

template <class S>
void Parameters<S>::allocate() {
  values_.resize(total_);
  gradients_.resize(total_);
}

template <class S>
void Parameters<S>::initialise(Rng& rng) {
  for (Index id = 0; id < count(); ++id) {
    const auto& [name, layout, bound] = spec(id);
    const Index cols = std::max<Index>(layout.cols, 1);
    S* inside = value(id);
    for (Index r = 0; r < layout.rows; ++r) {
      for (Index c = 0; c < cols; ++c) {
        inside[layout.place(r, c)] = static_cast<S>(bound > 0.0 ? rng.uniform(-bound, bound) : rng.normal());
      }
    }
  }
  changed();
}

template <class S>
void Parameters<S>::set_gradients_aside() {
  gradients_.swap(aside_);
  gradients_.resize(aside_.size());
  hold_ = Hold::kAside;
}

template <class S>
Index Parameters<S>::size() const {
  Index size = 0;
  for (const ParameterSpec& spec : specs_) size += spec.layout.size();
  return size;
}

template class Parameters<float>;
template class Parameters<double>;

}  // namespace unroll
