#pragma once

#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "unroll/core/error.h"

namespace unroll::testing {

/// Runs `action`, which must throw an Error of this code, and returns its message; "" after a failure.
template <class Action>
std::string message_of(ErrorCode code, Action&& action) {
  try {
    action();
  } catch (const Error& error) {
    EXPECT_EQ(to_string(error.code()), to_string(code)) << error.what();
    return error.what();
  }
  ADD_FAILURE() << "expected an error " << to_string(code) << ", but nothing was thrown";
  return "";
}

/// The same, when the message must also contain `part`.
template <class Action>
void expect_error(ErrorCode code, const std::string& part, Action&& action) {
  const std::string message = message_of(code, std::forward<Action>(action));
  EXPECT_NE(message.find(part), std::string::npos) << "\"" << part << "\" is not in: " << message;
}

}  // namespace unroll::testing
