#include "unroll/core/error.h"

namespace unroll {

std::string_view to_string(ErrorCode code) {
  switch (code) {
    case ErrorCode::kInvalidArgument: return "INVALID_ARGUMENT";
    case ErrorCode::kInvalidConfig: return "INVALID_CONFIG";
    case ErrorCode::kTooBig: return "TOO_BIG";
    case ErrorCode::kTextTooShort: return "TEXT_TOO_SHORT";
    case ErrorCode::kInvalidUtf8: return "INVALID_UTF8";
    case ErrorCode::kNotInVocabulary: return "NOT_IN_VOCABULARY";
    case ErrorCode::kFileInvalid: return "FILE_INVALID";
    case ErrorCode::kShapeMismatch: return "SHAPE_MISMATCH";
    case ErrorCode::kMissingTensor: return "MISSING_TENSOR";
    case ErrorCode::kNotFinite: return "NOT_FINITE";
    case ErrorCode::kWrongState: return "WRONG_STATE";
    case ErrorCode::kOutOfMemory: return "OUT_OF_MEMORY";
    case ErrorCode::kInternal: return "INTERNAL";
  }
  return "INTERNAL";
}

void refuse_kind() {
  throw Error(ErrorCode::kInternal, "a number is none of its kinds");
}

}  // namespace unroll
