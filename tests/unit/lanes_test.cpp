// What is done to many characters at once, the quick way and the plain one: they are to agree on
// anything.
#include "random.hpp"
#include "text/lanes.hpp"

#include <gmock/gmock.h>

#include <string>

namespace mm {
namespace {

using lanes::Best;
using lanes::Plain;
using test::Random;

// A character that is likely to be of some interest.
char character(Random& random) {
  constexpr std::string_view edges(" \n\t\r!/09:\0\x1f\x7f\x80\xff", 15);
  return random.one_in(4) ? static_cast<char>(random.below(256))
                          : edges[random.below(edges.size())];
}

// So many digits, one or the other of which may be none.
std::uint64_t digits(Random& random, std::size_t count, bool as_characters) {
  std::uint64_t all = 0;
  for (std::size_t i = 0; i < count; ++i) {
    std::uint64_t one = random.below(10) + (as_characters ? '0' : 0);
    if (random.one_in(32)) one = random.below(256);
    all |= one << 8 * i;
  }
  return all;
}

TEST(Lanes, where_words_end) {
  std::string text = "12345.678901234 note-on 1 60 100\n2 clock\n";
  text.resize(64, '\x80');
  std::uint64_t ends = ~0ULL << 41; // what is not ASCII
  for (const int place : {15, 23, 25, 28, 32, 34, 40}) ends |= 1ULL << place;
  EXPECT_EQ(Plain::find_ends(text.data()), ends);
  EXPECT_EQ(Best::find_ends(text.data()), ends);
  Random random(1);
  for (int round = 0; round < 20'000; ++round) {
    for (char& c : text) c = character(random);
    ASSERT_EQ(Best::find_ends(text.data()), Plain::find_ends(text.data())) << round;
  }
}

TEST(Lanes, two_numbers_of_eight_digits) {
  lanes::Eights numbers;
  ASSERT_TRUE(Best::read_eights(0x0807'0605'0403'0201U, 0x0909'0909'0909'0909U, numbers));
  EXPECT_EQ(numbers.first, 12345678U);
  EXPECT_EQ(numbers.second, 99999999U);
  Random random(2);
  for (int round = 0; round < 50'000; ++round) {
    const std::uint64_t first = digits(random, 8, false);
    const std::uint64_t second = digits(random, 8, false);
    lanes::Eights best;
    lanes::Eights plain;
    const bool good = Plain::read_eights(first, second, plain);
    ASSERT_EQ(Best::read_eights(first, second, best), good) << round;
    if (!good) continue;
    ASSERT_EQ(best.first, plain.first) << round;
    ASSERT_EQ(best.second, plain.second) << round;
  }
}

// The numbers of the words, of which the last characters are kept, so many of each; "none" if
// they are none.
template <class Way>
std::string numbers_of(const std::vector<std::uint32_t>& words,
                       const std::vector<std::uint32_t>& keep, lanes::Four signs,
                       const lanes::Bounds& bounds) {
  typename Way::Numbers numbers;
  for (std::size_t i = 0; i < words.size(); ++i) numbers.set(i, words[i], keep[i]);
  lanes::Four all = 0;
  if (!numbers.get(signs, bounds, all)) return "none";
  std::string text;
  for (std::size_t i = 0; i < 4; ++i)
    text += std::to_string(static_cast<std::int16_t>(all >> 16 * i)) + ' ';
  return text;
}

TEST(Lanes, up_to_three_numbers_within_bounds) {
  constexpr lanes::Bounds any{
      lanes::place(-9999, 0) | lanes::place(-9999, 1) | lanes::place(-9999, 2) | lanes::place(0, 3),
      lanes::place(9999, 0) | lanes::place(9999, 1) | lanes::place(9999, 2) | lanes::place(0, 3)};
  // " -8192", "127", "6" behind other characters
  const std::vector<std::uint32_t> words{0x32393138U, 0x3732312dU, 0x36203520U};
  const std::vector<std::uint32_t> keep{0xffffffffU, 0xffffff00U, 0xff000000U};
  EXPECT_EQ(numbers_of<Best>(words, keep, lanes::place(-1, 0), any), "-8192 127 6 0 ");
  EXPECT_EQ(numbers_of<Plain>(words, keep, lanes::place(-1, 0), any), "-8192 127 6 0 ");

  Random random(3);
  std::size_t found = 0;
  for (int round = 0; round < 50'000; ++round) {
    std::vector<std::uint32_t> some;
    std::vector<std::uint32_t> kept;
    lanes::Four signs = 0;
    lanes::Bounds bounds;
    const std::size_t count = random.below(4);
    for (std::size_t i = 0; i < count; ++i) {
      some.push_back(static_cast<std::uint32_t>(digits(random, 4, true)));
      kept.push_back(~0U << 8 * random.below(4));
      if (random.one_in(4)) signs |= lanes::place(-1, i);
      bounds.min |= lanes::place(random.edgy(-9999, 1), i);
      bounds.max |= lanes::place(random.edgy(1, 9999), i);
    }
    const std::string best = numbers_of<Best>(some, kept, signs, bounds);
    ASSERT_EQ(best, numbers_of<Plain>(some, kept, signs, bounds)) << round;
    found += best != "none" ? 1 : 0;
  }
  EXPECT_GT(found, 10'000U);
}

} // namespace
} // namespace mm
