#include "outlets.hpp"

#include "event/expand.hpp"
#include "text/text.hpp"
#include "wire/encoder.hpp"

#include <algorithm>

namespace mm::jack {

namespace {

constexpr std::size_t most_messages = 4;  // that one event stands for; raw bytes may be more
constexpr std::size_t worth_keeping = 64; // bytes

} // namespace

Outlets::Outlets(Engine& engine, const std::vector<std::string>& names) : engine_(engine) {
  for (const std::string& name : names) outlets_.push_back({make_tag(name), {}, Decoder()});
}

// What ends it all has its place beside what is on its way.
bool Outlets::has_room() const {
  return engine_.waiting() + most_messages * outlets_.size() < Engine::most_waiting / 2;
}

Outcome Outlets::send(const Event& event, Frame frame) {
  const auto named = std::find_if(outlets_.begin(), outlets_.end(),
                                  [&](const Outlet& outlet) { return outlet.tag == event.port; });
  if (named != outlets_.end())
    return send_to(static_cast<std::uint32_t>(named - outlets_.begin()), event, frame);
  if (!event.port.empty() && outlets_.size() > 1 && !std::exchange(has_told_tag_, true))
    unknown_tag_ = event.port;
  Outcome sent = done();
  for (std::uint32_t i = 0; i < outlets_.size(); ++i)
    if (auto one = send_to(i, event, frame); !one) sent = std::move(one);
  return sent;
}

Outcome Outlets::send_to(std::uint32_t port, const Event& event, Frame frame) {
  Decoder& raw = outlets_[port].raw;
  Outcome sent = done();
  const auto send_one = [&](const Event& message) {
    if (auto one = send_message(port, message, frame); !one) sent = std::move(one);
  };
  Event message;
  if (event.kind == Kind::raw) {
    std::string_view bytes = event.data;
    while (raw.next(bytes, message) || raw.finish_junk(message)) send_one(message);
    return sent;
  }
  // A message that raw bytes began and this event cuts off goes out as it is.
  if (event.kind != Kind::meta && !is_realtime(event.kind) && raw.finish(message))
    send_one(message);
  for_each_message(event, send_one);
  return sent;
}

Outcome Outlets::send_message(std::uint32_t port, const Event& message, Frame frame) {
  const Message encoded(message);
  const std::string_view bytes = encoded.bytes();
  if (bytes.empty()) return done();
  if (bytes.size() > engine_.longest())
    return Error{"a " + std::string(info(message.kind).name) + " of " +
                 std::to_string(bytes.size()) + " bytes is longer than " +
                 std::to_string(engine_.longest()) + ", the most that a JACK port holds; not sent"};
  if (engine_.waiting() >= Engine::most_waiting)
    return Error{"too many messages in one line; not sent"};
  auto outgoing = make();
  outgoing->frame = frame;
  outgoing->port = port;
  outgoing->bytes.assign(bytes);
  engine_.send(std::move(outgoing));
  return done();
}

std::unique_ptr<Outgoing> Outlets::make() {
  if (spare_.empty()) return std::make_unique<Outgoing>();
  auto message = std::move(spare_.back());
  spare_.pop_back();
  return message;
}

void Outlets::take_back() {
  constexpr std::size_t most_spare = 1024;
  while (auto message = engine_.take_back()) {
    if (message->fate == Outgoing::Fate::late) ++late_;
    if (message->fate == Outgoing::Fate::cancelled) {
      ++cancelled_;
    } else {
      Event event;
      std::string_view bytes = message->bytes;
      while (played_.next(bytes, event)) outlets_[message->port].sounding.follow(event);
      played_.finish(event);
    }
    if (spare_.size() < most_spare && message->bytes.capacity() <= worth_keeping)
      spare_.push_back(std::move(message));
  }
}

Outcome Outlets::finish() {
  Outcome sent = done();
  for (std::uint32_t i = 0; i < outlets_.size(); ++i) {
    Event message;
    if (!outlets_[i].raw.finish(message)) continue;
    if (auto one = send_message(i, message, 0); !one) sent = std::move(one);
  }
  return sent;
}

bool Outlets::any_sounding() const {
  return std::any_of(outlets_.begin(), outlets_.end(),
                     [](const Outlet& outlet) { return outlet.sounding.any(); });
}

void Outlets::release() {
  for (std::uint32_t i = 0; i < outlets_.size(); ++i)
    outlets_[i].sounding.release(
        [&](const Event& event) { static_cast<void>(send_message(i, event, 0)); });
}

void Outlets::forget() {
  for (Outlet& outlet : outlets_) outlet.sounding = {};
}

} // namespace mm::jack
