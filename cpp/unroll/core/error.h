#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

namespace unroll {

/// What went wrong, as a word that never changes. TypeScript knows the same words (web/engine/errors.ts); a
/// test walks this list and asks that it does.
enum class ErrorCode {
  kInvalidArgument,  // a call got a value outside of what its documentation allows
  kInvalidConfig,    // a configuration has a field that is out of range or does not fit another
  kTooBig,           // the model or text would need more memory than the caps allow
  kTextTooShort,     // the text cannot fill one window, or a split of it would be empty
  kInvalidUtf8,      // the bytes are not UTF-8
  kNotInVocabulary,  // a character has no token
  kFileInvalid,      // a model file is damaged or is not one
  kShapeMismatch,    // a tensor has another shape than the model's parameter of that name
  kMissingTensor,    // a parameter has no tensor, or a tensor no parameter
  kNotFinite,        // a weight, a loss or a gradient is NaN or infinite
  kWrongState,       // the call is out of order: backward before forward, use of a stopped object
  kOutOfMemory,      // an allocation failed; the object is unchanged
  kInternal,         // a mistake of ours
};

inline constexpr ErrorCode kLastErrorCode = ErrorCode::kInternal;

/// The stable word of a code, for instance "INVALID_ARGUMENT".
std::string_view to_string(ErrorCode code);

/// Throws Error(kInternal): a number was taken for a kind of something, and is none. What comes from outside
/// has been compared with the names of the kinds before.
[[noreturn]] void refuse_kind();

/// An error answers: who is speaking, what they got, what they expected, and what to do.
class Error : public std::runtime_error {
 public:
  Error(ErrorCode code, const std::string& message) : std::runtime_error(message), code_(code) {}
  ErrorCode code() const { return code_; }

 private:
  ErrorCode code_;
};

}  // namespace unroll
