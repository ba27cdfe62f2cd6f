#include "event/filter.hpp"

#include <algorithm>
#include <charconv>
#include <vector>

namespace mm {

namespace {

bool is_in_group(Kind kind, std::string_view group) {
  if (group == "note") return kind == Kind::note_on || kind == Kind::note_off;
  if (group == "voice")
    return is_channel_message(kind) || kind == Kind::cc14 || kind == Kind::rpn ||
           kind == Kind::nrpn;
  if (group == "common") return kind >= Kind::sysex && kind <= Kind::tune_request;
  if (group == "realtime") return is_realtime(kind);
  return group == "meta" && kind == Kind::meta;
}

std::vector<std::string_view> split(std::string_view list) {
  std::vector<std::string_view> words;
  while (true) {
    const std::size_t comma = list.find(',');
    words.push_back(list.substr(0, comma));
    if (comma == std::string_view::npos) return words;
    list.remove_prefix(comma + 1);
  }
}

// The number of a channel; 0 if it is none.
int read_channel(std::string_view word) {
  int channel = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), channel);
  const bool good = error == std::errc{} && end == word.data() + word.size();
  return good && channel >= 1 && channel <= 16 ? channel : 0;
}

} // namespace

Result<KindSet> parse_kinds(std::string_view list) {
  KindSet kinds;
  for (const std::string_view word : split(list)) {
    if (std::find(std::begin(kind_groups), std::end(kind_groups), word) != std::end(kind_groups)) {
      for (std::size_t i = 0; i < kind_count; ++i)
        if (is_in_group(static_cast<Kind>(i), word)) kinds.set(i);
    } else if (const auto kind = find_kind(word)) {
      kinds.set(static_cast<std::size_t>(*kind));
    } else {
      std::vector<std::string_view> names(std::begin(kind_groups), std::end(kind_groups));
      for (const KindInfo& row : kind_table) names.push_back(row.name);
      const std::string_view near = nearest(word, names);
      std::string what = "'" + std::string(word) + "' is no kind of event";
      if (!near.empty()) what += "; did you mean '" + std::string(near) + "'?";
      return Error{what, exit_usage};
    }
  }
  return kinds;
}

Result<ChannelSet> parse_channels(std::string_view list) {
  ChannelSet channels;
  for (const std::string_view word : split(list)) {
    const std::size_t dots = word.find("..");
    const int first = read_channel(word.substr(0, dots));
    const int last = dots == std::string_view::npos ? first : read_channel(word.substr(dots + 2));
    if (first == 0 || last < first)
      return Error{"'" + std::string(word) + "' is no channel (1..16) and no range such as 1..4",
                   exit_usage};
    for (int c = first; c <= last; ++c) channels.set(static_cast<std::size_t>(c - 1));
  }
  return channels;
}

} // namespace mm
