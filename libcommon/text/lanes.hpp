// What the short way to read a line does to many characters at once. Each of the two classes does
// the same: Plain on every processor, and as the oracle of the tests; Sse2 on those that have SSE2,
// as each x86-64.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace mm::lanes {

// Four numbers of 16 bits each, the first one lowest.
using Four = std::uint64_t;

// Bounds of four numbers, both included. All are signed.
struct Bounds {
  Four min = 0;
  Four max = 0;
};

constexpr Four place(int number, std::size_t at) {
  return Four{static_cast<std::uint16_t>(number)} << 16 * at;
}

// Two numbers of eight digits.
struct Eights {
  std::uint32_t first = 0;
  std::uint32_t second = 0;
};

class Plain {
 public:
  // A bit for each of 64 characters that ends a word, the first one lowest: blanks and all control
  // characters, and all that is not ASCII.
  static std::uint64_t find_ends(const char* text) {
    std::uint64_t ends = 0;
    for (std::size_t i = 0; i < 64; ++i)
      ends |= std::uint64_t{static_cast<signed char>(text[i]) <= ' '} << i;
    return ends;
  }

  // Of two words of eight characters less '0', the first one lowest. False: one is no digit.
  static bool read_eights(std::uint64_t first, std::uint64_t second, Eights& numbers) {
    numbers = {};
    for (std::size_t shift = 0; shift < 64; shift += 8) {
      const auto one = static_cast<std::uint8_t>(first >> shift);
      const auto other = static_cast<std::uint8_t>(second >> shift);
      if (one > 9 || other > 9) return false;
      numbers.first = numbers.first * 10 + one;
      numbers.second = numbers.second * 10 + other;
    }
    return true;
  }

  // Up to three numbers, set one after the other.
  class Numbers {
   public:
    // The number at `place` has the digits of four characters that `keep` keeps, the last of them
    // highest.
    void set(std::size_t place, std::uint32_t characters, std::uint32_t keep) {
      digits_[place] = (characters ^ 0x30303030U) & keep;
    }
    // They are negative where a bit of `signs` is set. False: one is no number, or out of bounds.
    bool get(Four signs, const Bounds& bounds, Four& numbers) const {
      numbers = 0;
      for (std::size_t i = 0; i < digits_.size(); ++i) {
        int number = 0;
        for (std::size_t shift = 0; shift < 32; shift += 8) {
          const std::uint32_t digit = digits_[i] >> shift & 0xffU;
          if (digit > 9) return false;
          number = number * 10 + static_cast<int>(digit);
        }
        if (part(signs, i) < 0) number = -number;
        if (number < part(bounds.min, i) || number > part(bounds.max, i)) return false;
        numbers |= lanes::place(number, i);
      }
      return true;
    }

   private:
    static int part(Four numbers, std::size_t i) {
      return static_cast<std::int16_t>(numbers >> 16 * i);
    }
    std::array<std::uint32_t, 3> digits_{};
  };
};

#ifdef __SSE2__
class Sse2 {
 public:
  static std::uint64_t find_ends(const char* text) {
    return ~(find_others(text) | find_others(text + 16) << 16 | find_others(text + 32) << 32 |
             find_others(text + 48) << 48);
  }

  static bool read_eights(std::uint64_t first, std::uint64_t second, Eights& numbers) {
    const __m128i digits = _mm_unpacklo_epi64(to_lanes(first), to_lanes(second));
    const __m128i fours = to_fours(digits);
    const std::uint64_t eights =
        from_lanes(_mm_madd_epi16(_mm_packs_epi32(fours, fours), _mm_set1_epi32(1 << 16 | 10000)));
    numbers = {static_cast<std::uint32_t>(eights), static_cast<std::uint32_t>(eights >> 32)};
    return _mm_movemask_epi8(beyond_nine(digits)) == 0;
  }

  class Numbers {
   public:
    void set(std::size_t place, std::uint32_t characters, std::uint32_t keep) {
      const __m128i more = _mm_cvtsi32_si128(static_cast<int>(characters));
      const __m128i more_kept = _mm_cvtsi32_si128(static_cast<int>(keep));
      if (place == 0) {
        characters_ = more;
        keep_ = more_kept;
      } else if (place == 1) {
        characters_ = _mm_unpacklo_epi32(characters_, more);
        keep_ = _mm_unpacklo_epi32(keep_, more_kept);
      } else {
        characters_ = _mm_unpacklo_epi64(characters_, more);
        keep_ = _mm_unpacklo_epi64(keep_, more_kept);
      }
    }
    bool get(Four signs, const Bounds& bounds, Four& numbers) const {
      const __m128i digits = _mm_and_si128(_mm_xor_si128(characters_, _mm_set1_epi8('0')), keep_);
      __m128i all = _mm_packs_epi32(to_fours(digits), _mm_setzero_si128());
      if (signs != 0) {
        const __m128i turned = to_lanes(signs);
        all = _mm_sub_epi16(_mm_xor_si128(all, turned), turned);
      }
      const __m128i outside = _mm_or_si128(_mm_cmpgt_epi16(to_lanes(bounds.min), all),
                                           _mm_cmpgt_epi16(all, to_lanes(bounds.max)));
      numbers = from_lanes(all);
      return _mm_movemask_epi8(_mm_or_si128(outside, beyond_nine(digits))) == 0;
    }

   private:
    __m128i characters_ = _mm_setzero_si128();
    __m128i keep_ = _mm_setzero_si128();
  };

 private:
  static std::uint64_t find_others(const char* text) {
    const __m128i characters = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text));
    return static_cast<std::uint64_t>(
        _mm_movemask_epi8(_mm_cmpgt_epi8(characters, _mm_set1_epi8(' '))));
  }
  static __m128i to_lanes(std::uint64_t word) {
    return _mm_cvtsi64_si128(static_cast<std::int64_t>(word));
  }
  static std::uint64_t from_lanes(__m128i lanes) {
    return static_cast<std::uint64_t>(_mm_cvtsi128_si64(lanes));
  }
  // The highest bit of each byte that is greater than 9.
  static __m128i beyond_nine(__m128i bytes) {
    return _mm_adds_epu8(bytes, _mm_set1_epi8(0x80 - 10));
  }
  // The numbers, of 32 bits, of four digits each.
  static __m128i to_fours(__m128i digits) {
    const __m128i first_and_third = _mm_and_si128(digits, _mm_set1_epi16(0xff));
    const __m128i second_and_last = _mm_srli_epi16(digits, 8);
    return _mm_add_epi32(_mm_madd_epi16(first_and_third, _mm_set1_epi32(10 << 16 | 1000)),
                         _mm_madd_epi16(second_and_last, _mm_set1_epi32(1 << 16 | 100)));
  }
};

using Best = Sse2;
#else
using Best = Plain;
#endif

} // namespace mm::lanes
