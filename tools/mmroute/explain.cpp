#include "explain.hpp"

#include "engine/router.hpp"
#include "text/chars.hpp"
#include "text/text.hpp"

#include <array>
#include <string>
#include <utility>
#include <vector>

namespace mm::route {

namespace {

std::string line_of(const Event& event) {
  Event plain = event;
  plain.time_form = TimeForm::none;
  const TextPrinter printer;
  std::string line(printer.bound(plain), '\0');
  const char* const end = printer.print(line.data(), plain);
  line.resize(static_cast<std::size_t>(end - line.data()));
  if (line.ends_with('\n')) line.pop_back();
  return line;
}

class Story final : public Tracer, public Sink {
 public:
  explicit Story(Nanoseconds& now) : now_(now) {}

  void start(const Event& event) {
    text_ += line_of(event) + '\n';
    is_taken_ = false;
    start_ = now_;
  }
  // What was put before the first event came of "enter".
  void name_start() {
    if (!text_.empty()) text_ = "enter\n" + text_;
  }
  void say(const std::string& what) { text_ += "  " + what + '\n'; }
  [[nodiscard]] bool is_taken() const { return is_taken_; }
  [[nodiscard]] const std::string& text() const { return text_; }

  void rule(std::string_view rule, const Message& /*message*/) override {
    is_taken_ = true;
    text_ += "  rule: " + std::string(rule) + '\n';
  }
  void action(std::string_view action, const Message& message) override {
    text_ += "    " + std::string(action) + ": " + shown(message.event) + '\n';
  }
  void end(std::string_view why) override {
    text_ += "    " + std::string(why) + ": it ends here\n";
  }

  void begin(Nanoseconds time, bool /*is_timed*/) override {
    if (time == now_) return;
    now_ = time;
    std::array<char, chars::seconds_bound + 4> span{};
    char* const end = chars::put_seconds(span.data(), time - start_);
    text_ +=
        "  after " + std::string(span.data(), static_cast<std::size_t>(end - span.data())) + " s\n";
  }
  void put(Event& event, bool /*is_changed*/) override {
    text_ += "  out: " + line_of(event) + '\n';
  }
  void silence() override { text_ += "  all that sounds is released\n"; }

 private:
  static std::string shown(const Event& event) {
    return event.kind == Kind::meta && event.data.empty() ? "no event" : line_of(event);
  }

  std::string text_;
  Nanoseconds& now_;
  Nanoseconds start_ = 0;
  bool is_taken_ = false;
};

} // namespace

Ended explain(const Options& options, Script script) {
  TextParser parser(options.input.format.notes);
  Nanoseconds now = 0;
  Story story(now);
  World world(options.tempo ? Tempo(*options.tempo, true) : Tempo(), options.seed);
  Router router(world, story);
  world.set_tracer(&story);
  router.use(router.compile(std::move(script)), options.scene);
  world.set_tracer(nullptr); // "enter" is no story of an event
  router.enter();
  story.name_start();
  world.set_tracer(&story);
  std::string scene(router.scene_name());
  const auto tell_scene = [&] {
    if (router.scene_name() == scene) return;
    scene = router.scene_name();
    story.say("scene: " + scene);
  };
  constexpr int most_due = 100; // of what repeats for ever
  const auto run_due = [&](Nanoseconds until) {
    int left = most_due;
    router.run_due(until, [&] {
      tell_scene();
      return left-- == 0;
    });
    tell_scene();
  };
  for (const std::string& line : options.explain) {
    Event event;
    if (parser.parse(line, event) != Parsed::event) {
      const std::string what = parser.fault().what.empty() ? "it is no event" : parser.fault().what;
      complain(text().name, "--explain '" + line + "': " + what);
      return {exit_usage, 0};
    }
    if (event.time_form == TimeForm::relative) event.time = later(now, event.time);
    const Nanoseconds time = event.time_form == TimeForm::none ? now : std::max(now, event.time);
    run_due(time);
    now = time;
    story.start(event);
    Message message{event, 0, false};
    router.take(message, now, now, true);
    if (!story.is_taken()) story.say("no rule takes it: it passes");
    tell_scene();
  }
  // What comes later, but not what goes on for ever.
  for (int left = most_due; left > 0 && router.is_waiting(); --left) run_due(*router.next());
  return print(text().name, story.text());
}

} // namespace mm::route
