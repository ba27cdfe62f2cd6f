// Which events pass: --only, --not and --channel.
#pragma once

#include "event/event.hpp"
#include "event/result.hpp"

#include <bitset>
#include <string_view>

namespace mm {

using KindSet = std::bitset<kind_count>;
using ChannelSet = std::bitset<16>;

// The names of groups of kinds that stand beside those of the kinds themselves.
inline constexpr std::string_view kind_groups[] = {"note", "voice", "common", "realtime", "meta"};

// "note-on,cc,realtime": kinds, their aliases, and groups: note (note-on, note-off), voice (all
// channel messages, and cc14, rpn, nrpn), common (sysex ... tune-request), realtime, meta.
Result<KindSet> parse_kinds(std::string_view list);

// "1,3..5": channels and ranges of them.
Result<ChannelSet> parse_channels(std::string_view list);

class EventFilter {
 public:
  EventFilter() {
    kinds_.set();
    channels_.set();
  }

  // Only these kinds. What is said about the stream (meta events) passes nevertheless.
  void only(const KindSet& kinds) {
    kinds_ &= kinds;
    kinds_.set(static_cast<std::size_t>(Kind::meta));
  }
  void without(const KindSet& kinds) { kinds_ &= ~kinds; }
  // Only messages of these channels; messages that have no channel do not pass.
  void channels(const ChannelSet& channels) {
    channels_ = channels;
    any_channel_ = false;
  }

  [[nodiscard]] bool passes(const Event& event) const {
    if (!kinds_.test(static_cast<std::size_t>(event.kind))) return false;
    if (any_channel_ || event.kind == Kind::meta) return true;
    return info(event.kind).has_channel() &&
           channels_.test(static_cast<std::size_t>(event.channel() - 1));
  }

 private:
  KindSet kinds_;
  ChannelSet channels_;
  bool any_channel_ = true;
};

} // namespace mm
