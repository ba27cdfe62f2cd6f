// What may fail: a value, or an error.
#include "event/result.hpp"

#include <gmock/gmock.h>

namespace mm {
namespace {

Result<int> half(int number) {
  if (number % 2 != 0) return Error{"odd", 2};
  return number / 2;
}

Outcome must_be_even(int number) {
  const auto result = half(number);
  if (!result) return result.error();
  return done();
}

TEST(Result, is_a_value_or_an_error) {
  ASSERT_TRUE(half(4));
  EXPECT_EQ(half(4).value(), 2);
  ASSERT_FALSE(half(3));
  EXPECT_EQ(half(3).error().what, "odd");
  EXPECT_EQ(half(3).error().status, 2);
}

TEST(Result, false_as_a_value_is_no_error) {
  const Result<bool> no = false;
  ASSERT_TRUE(no);
  EXPECT_FALSE(no.value());
}

TEST(Result, an_error_goes_up_as_it_is) {
  EXPECT_TRUE(must_be_even(4));
  ASSERT_FALSE(must_be_even(3));
  EXPECT_EQ(must_be_even(3).error().what, "odd");
  EXPECT_EQ(must_be_even(3).error().status, 2);
}

TEST(Result, an_error_is_a_failure_unless_it_says_more) { EXPECT_EQ(Error{"x"}.status, 1); }

} // namespace
} // namespace mm
