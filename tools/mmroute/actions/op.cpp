#include "actions/op.hpp"

#include "actions/ops.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace mm::route {

namespace {

class DropIt final : public Op {
 public:
  bool apply(unsigned /*copy*/, Message& /*message*/, Sender& /*sender*/) override { return false; }
  [[nodiscard]] bool is_drop() const override { return true; }
};

class ToPort final : public Op {
 public:
  ToPort(const ToPorts& to, World& world) : world_(world) {
    for (const std::string& port : to.ports) ports_.push_back(world.ports().number(port));
  }

  [[nodiscard]] unsigned copies() const override { return static_cast<unsigned>(ports_.size()); }
  bool apply(unsigned copy, Message& message, Sender& /*sender*/) override {
    const PortId port = ports_[copy];
    message.is_changed |= message.port != port;
    message.port = port;
    message.event.port = world_.ports().name(port);
    return true;
  }

 private:
  World& world_;
  std::vector<PortId> ports_;
};

// What changes something beside the event, which passes.
class Act : public Op {
 public:
  bool apply(unsigned /*copy*/, Message& message, Sender& /*sender*/) override {
    act(message);
    return true;
  }
  [[nodiscard]] bool acts() const override { return true; }

 private:
  virtual void act(const Message& message) = 0;
};

class Assign final : public Act {
 public:
  Assign(const SetVariable& set, World& world) : set_(set), world_(world) {}

 private:
  void act(const Message& message) override {
    std::int64_t to = evaluate(set_.to, world_.scope(message));
    if (set_.is_relative) to += world_.variables()[set_.variable];
    constexpr std::int64_t most = 1'000'000'000;
    world_.set_variable(set_.variable, static_cast<std::int32_t>(std::clamp(to, -most, most)));
  }

  const SetVariable& set_;
  World& world_;
};

class CountUp final : public Act {
 public:
  CountUp(const Count& count, World& world) : count_(count), world_(world) {}

 private:
  void act(const Message& /*message*/) override {
    const std::int32_t value = world_.variables()[count_.variable];
    const bool is_within = value >= count_.first && value < count_.last;
    world_.set_variable(count_.variable, has_begun_ && is_within ? value + 1 : count_.first);
    has_begun_ = true;
  }

  const Count& count_;
  World& world_;
  bool has_begun_ = false;
};

class GoToScene final : public Act {
 public:
  GoToScene(const ChooseScene& choose, World& world, Control& control)
      : choose_(choose), world_(world), control_(control) {}

 private:
  void act(const Message& message) override {
    const std::uint32_t count = control_.scene_count();
    if (count == 0) return;
    const std::uint32_t now = control_.scene();
    switch (choose_.which) {
    case ChooseScene::Which::scene: return control_.choose_scene(choose_.scene);
    case ChooseScene::Which::next: return control_.choose_scene((now + 1) % count);
    case ChooseScene::Which::previous: return control_.choose_scene((now + count - 1) % count);
    case ChooseScene::Which::number: break;
    }
    const std::int32_t number = evaluate(choose_.number, world_.scope(message));
    if (number >= 1 && static_cast<std::uint32_t>(number) <= count)
      control_.choose_scene(static_cast<std::uint32_t>(number) - 1);
  }

  const ChooseScene& choose_;
  World& world_;
  Control& control_;
};

class TapTempo final : public Act {
 public:
  explicit TapTempo(World& world) : world_(world) {}

 private:
  void act(const Message& /*message*/) override { world_.tempo().tap(world_.now()); }

  World& world_;
};

class PanicNow final : public Act {
 public:
  explicit PanicNow(Control& control) : control_(control) {}

 private:
  void act(const Message& /*message*/) override { control_.panic(); }

  Control& control_;
};

struct Maker {
  World& world;
  Control& control;
  bool for_releases;

  std::unique_ptr<Op> operator()(const Pass& /*pass*/) const { return {}; }
  std::unique_ptr<Op> operator()(const Drop& /*drop*/) const { return std::make_unique<DropIt>(); }
  std::unique_ptr<Op> operator()(const ToPorts& to) const {
    return std::make_unique<ToPort>(to, world);
  }
  std::unique_ptr<Op> operator()(const Put& put) const { return make_op(put, world); }
  std::unique_ptr<Op> operator()(const Map& map) const { return make_op(map); }
  std::unique_ptr<Op> operator()(const Transpose& by) const { return make_op(by, world); }
  std::unique_ptr<Op> operator()(const Snap& snap) const { return make_op(snap); }
  std::unique_ptr<Op> operator()(const Chord& chord) const { return make_op(chord); }
  std::unique_ptr<Op> operator()(const Shape& shape) const {
    return make_op(shape, world, for_releases);
  }
  std::unique_ptr<Op> operator()(const BendRange& range) const { return make_op(range); }
  std::unique_ptr<Op> operator()(const Convert& convert) const { return make_op(convert, world); }
  std::unique_ptr<Op> operator()(const Send& send) const { return make_op(send, world); }
  std::unique_ptr<Op> operator()(const SetVariable& set) const {
    return std::make_unique<Assign>(set, world);
  }
  std::unique_ptr<Op> operator()(const Count& count) const {
    return std::make_unique<CountUp>(count, world);
  }
  std::unique_ptr<Op> operator()(const ChooseScene& choose) const {
    return std::make_unique<GoToScene>(choose, world, control);
  }
  std::unique_ptr<Op> operator()(const Tap& /*tap*/) const {
    return std::make_unique<TapTempo>(world);
  }
  std::unique_ptr<Op> operator()(const Panic& /*panic*/) const {
    return std::make_unique<PanicNow>(control);
  }
  template <class Node> std::unique_ptr<Op> operator()(const Node& /*node*/) const { return {}; }
};

} // namespace

std::unique_ptr<Op> make_op(const Action& action, World& world, Control& control,
                            bool for_releases) {
  return std::visit(Maker{world, control, for_releases}, action.form);
}

} // namespace mm::route
