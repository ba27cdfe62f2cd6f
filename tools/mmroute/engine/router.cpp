#include "engine/router.hpp"

#include "text/chars.hpp"

#include <algorithm>
#include <cstdlib>
#include <string>
#include <utility>

namespace mm::route {

class Router::Exit final : public Taker {
 public:
  explicit Exit(Sink& sink) : sink_(sink) {}
  void take(Message& message) override { sink_.put(message.event, message.is_changed); }

 private:
  Sink& sink_;
};

namespace {

// The first word behind the name of a meta event.
std::string_view word_of(std::string_view meta, std::string_view name) {
  if (!meta.starts_with(name) || meta.size() <= name.size() || meta[name.size()] != ' ') return {};
  std::string_view word = meta.substr(name.size() + 1);
  return word.substr(0, word.find(' '));
}

} // namespace

Router::Router(World& world, Sink& sink)
    : world_(world), sink_(sink), exit_(std::make_unique<Exit>(sink)) {}

Router::~Router() = default;

std::unique_ptr<Program> Router::compile(Script script) {
  Control& control = *this;
  return std::make_unique<Program>(std::move(script), world_, control, *exit_);
}

std::uint32_t Router::scene() const { return scene_; }
std::uint32_t Router::scene_count() const {
  return static_cast<std::uint32_t>(program_->script().scenes.size());
}

std::string_view Router::scene_name() const {
  return scene_ < scene_count() ? program_->script().scenes[scene_] : std::string_view();
}

void Router::use(std::unique_ptr<Program> program, std::string_view scene) {
  std::string name(scene);
  if (program_) {
    hold_straight_keys();
    if (name.empty()) name = scene_name();
    leave();
    retired_.push_back(std::move(program_));
    is_unsettled_ = true;
  }
  program_ = std::move(program);
  first_ = &program_->first();
  const std::vector<std::string>& names = program_->script().scenes;
  const auto at = std::find(names.begin(), names.end(), name);
  scene_ = at == names.end() ? 0 : static_cast<std::uint32_t>(at - names.begin());
  program_->choose_scene(scene_);
  drop_retired();
  choose_straight();
}

void Router::enter() {
  program_->run(Rule::On::enter, {});
  if (scene_count() > 0) program_->run(Rule::On::enter, scene_);
  settle();
}

void Router::leave() {
  if (scene_count() > 0) program_->run(Rule::On::leave, scene_);
  program_->run(Rule::On::leave, {});
  settle();
  program_->let_go();
  settle();
}

void Router::end_of_input() {
  for (const auto& program : retired_) program->let_go();
  program_->let_go();
  settle();
}

// What has a port, or means something to all rules, or may be for rules that have gone.
void Router::take_carefully(Message& message) {
  Event& event = message.event;
  if (!event.port.empty()) {
    message.port = world_.ports().number(event.port);
    event.port = world_.ports().name(message.port);
  }
  follow_clock(event.kind);
  if (event.kind == Kind::meta) take_meta(message);
  if (event.kind == Kind::control_change) pedals_[message.port].follow(event);
  // A note ends where it began; a key that was pressed again meanwhile, in all places.
  if (!retired_.empty() && has_key(event.kind) && !is_note_on(message)) {
    bool is_held = false;
    for (const auto& one : retired_) {
      if (!one->holds(message)) continue;
      is_held = true;
      Message copy = message;
      one->first().take(copy);
    }
    if (is_held && !program_->holds(message)) return;
  }
  first_->take(message);
}

// Keys whose notes went straight on are held by the rules, which from now on have to do with them.
void Router::hold_straight_keys() {
  straight_keys_.release([this](const Event& up) {
    if (up.kind == Kind::note_off) program_->first().hold(up);
  });
}

// Which kinds go straight on. As long as rules hold keys, or old ones are left, settle() asks again
// after each event.
void Router::choose_straight() {
  goes_straight_ = {};
  const bool rules_hold = program_->first().held_without_port() > 0;
  is_unsettled_ = !retired_.empty() || (rules_hold && program_->passes(Kind::note_on));
  if (is_unsettled_) return hold_straight_keys();
  for (std::size_t i = 0; i < kind_count; ++i)
    goes_straight_[i] =
        static_cast<Kind>(i) != Kind::meta && program_->passes(static_cast<Kind>(i));
}

void Router::follow_clock(Kind kind) {
  Tempo& tempo = world_.tempo();
  switch (kind) {
  case Kind::clock: return tempo.clock(world_.now());
  case Kind::start: return tempo.start(world_.now());
  case Kind::stop: return tempo.stop();
  default: return;
  }
}

// What is said about the stream.
void Router::take_meta(const Message& message) {
  const std::string_view data = message.event.data;
  if (data == ":disconnected" && message.port != 0) {
    release_port(message.port);
  } else if (const auto name = word_of(data, ":scene"); !name.empty()) {
    const std::vector<std::string>& names = program_->script().scenes;
    const auto at = std::find(names.begin(), names.end(), name);
    if (at != names.end()) choose_scene(static_cast<std::uint32_t>(at - names.begin()));
  } else if (const auto beats = word_of(data, ":tempo"); !beats.empty()) {
    const double number = std::strtod(std::string(beats).c_str(), nullptr);
    if (number > 0) world_.tempo().follow(number);
  }
}

// Its keys are up, and so are its pedals.
void Router::release_port(PortId port) {
  for (const auto& program : retired_) program->release_port(port);
  program_->release_port(port);
  const auto at = pedals_.find(port);
  if (at == pedals_.end()) return;
  Sounding pedals = at->second;
  pedals_.erase(at);
  pedals.release([&](const Event& up) {
    Message message{up, port, true};
    message.event.port = world_.ports().name(port);
    first_->take(message);
  });
}

// What rules have asked for that concerns all of them; and what the first and last rules of scenes
// ask for then.
void Router::settle() {
  is_unsettled_ = false;
  for (std::uint32_t left = scene_count() + 1; left > 0 && (wants_panic_ || wanted_scene_);
       --left) {
    if (wants_panic_) silence();
    if (wanted_scene_) change_scene(*std::exchange(wanted_scene_, {}));
  }
  wanted_scene_.reset(); // scenes that choose each other for ever
  if (wants_panic_) silence();
  drop_retired();
  choose_straight();
}

void Router::change_scene(std::uint32_t scene) {
  if (scene == scene_) return;
  program_->run(Rule::On::leave, scene_);
  program_->rest(scene_);
  scene_ = scene;
  program_->choose_scene(scene);
  program_->run(Rule::On::enter, scene);
}

void Router::silence() {
  wants_panic_ = false;
  hold_straight_keys();
  world_.forget_all();
  for (const auto& program : retired_) program->forget();
  program_->forget();
  sink_.silence();
}

// Rules that have gone, once nothing of theirs sounds or waits.
void Router::drop_retired() {
  std::erase_if(retired_, [](const auto& program) { return program->is_idle(); });
}

} // namespace mm::route
