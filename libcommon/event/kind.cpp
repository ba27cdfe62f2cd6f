#include "event/kind.hpp"

#include <algorithm>
#include <vector>

namespace mm {

static_assert(
    [] {
      for (std::size_t i = 0; i < kind_table.size(); ++i)
        if (kind_table[i].kind != static_cast<Kind>(i)) return false;
      return true;
    }(),
    "each row of the table stands at the place of its Kind");

std::optional<Kind> find_kind(std::string_view name) {
  if (name.empty()) return {};
  for (const KindInfo& row : kind_table)
    if (name == row.name || name == row.alias) return row.kind;
  return {};
}

std::optional<Kind> find_mido_kind(std::string_view name) {
  if (name.empty()) return {};
  for (const KindInfo& row : kind_table)
    if (name == row.mido) return row.kind;
  return {};
}

std::optional<Kind> kind_of_status(std::uint8_t status) {
  static constexpr auto kinds = [] {
    std::array<std::int8_t, 256> of{};
    of.fill(-1);
    for (const KindInfo& row : kind_table) {
      if (row.status == 0) continue;
      const int channels = row.has_channel() ? 16 : 1;
      for (int c = 0; c < channels; ++c)
        of[static_cast<std::size_t>(row.status + c)] = static_cast<std::int8_t>(row.kind);
    }
    return of;
  }();
  const auto kind = kinds[status];
  if (kind < 0) return {};
  return static_cast<Kind>(kind);
}

std::string usage(const KindInfo& kind) {
  std::string text(kind.name);
  for (const Field& field : kind.fields()) {
    text += ' ';
    for (const char c : field.name) text += static_cast<char>(c - 'a' + 'A');
  }
  if (kind.payload == Payload::bytes) text += " HEX...";
  return text;
}

namespace {

// The number of letters to insert, delete, change or swap with their neighbour to get from
// `a` to `b` (optimal string alignment).
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1);
  std::vector<std::size_t> row(b.size() + 1);
  std::vector<std::size_t> next(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    next[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t change = row[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      next[j] = std::min({row[j] + 1, next[j - 1] + 1, change});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        next[j] = std::min(next[j], before[j - 2] + 1);
    }
    std::swap(before, row);
    std::swap(row, next);
  }
  return row[b.size()];
}

} // namespace

std::string_view nearest(std::string_view word, std::span<const std::string_view> names) {
  constexpr std::size_t longest = 32;
  if (word.size() < 2 || word.size() > longest) return {};
  std::string lower(word);
  for (char& c : lower)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  std::string_view best;
  std::size_t least = std::min<std::size_t>(3, word.size() / 2) + 1;
  for (const std::string_view name : names) {
    if (name.empty()) continue;
    std::size_t d = distance(lower, name);
    if (lower.size() >= 3 && name.starts_with(lower)) d = std::min<std::size_t>(d, 1);
    if (d < least) {
      least = d;
      best = name;
    }
  }
  return best;
}

std::string_view nearest_kind(std::string_view word) {
  std::vector<std::string_view> names;
  for (const KindInfo& row : kind_table) names.push_back(row.name);
  for (const KindInfo& row : kind_table) names.push_back(row.alias);
  return nearest(word, names);
}

} // namespace mm
