// Numbers and bytes as characters.
#include "text/chars.hpp"

#include <gmock/gmock.h>

#include <array>
#include <cstdio>
#include <string>

namespace mm {
namespace {

TEST(Chars, every_number_is_printed_right) {
  for (const std::int64_t n :
       {0LL, 7LL, 10LL, 99LL, 100LL, 999LL, 1000LL, 1001LL, 16383LL, 99'999LL, 1'000'000LL,
        999'999'999LL, 1'000'000'000LL, 9'000'000'000LL, 9'223'372'036'854'775'807LL, -1LL, -999LL,
        -8192LL}) {
    std::array<char, 32> buffer{};
    EXPECT_EQ(std::string(buffer.data(), chars::put_number(buffer.data(), n)), std::to_string(n));
  }
  for (int n = 0; n < 20'000; ++n) {
    std::array<char, 32> buffer{};
    ASSERT_EQ(std::string(buffer.data(), chars::put_number(buffer.data(), n)), std::to_string(n));
  }
}

TEST(Chars, every_byte_is_printed_in_hex) {
  for (int byte = 0; byte < 256; ++byte) {
    std::array<char, 2> buffer{};
    chars::put_hex(buffer.data(), static_cast<char>(byte));
    std::array<char, 8> expected{};
    std::snprintf(expected.data(), expected.size(), "%02x", static_cast<unsigned>(byte));
    EXPECT_EQ(std::string(buffer.data(), 2), expected.data());
  }
}

} // namespace
} // namespace mm
