#include "dot.hpp"

#include <set>
#include <vector>

namespace mm::route {

namespace {

std::string in_quotes(std::string_view text) {
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') result += '\\';
    result += c;
  }
  return result + '"';
}

// The ports that a pattern asks for.
void find_ports(const Pattern& pattern, std::set<std::string>& ports) {
  if (pattern.op == Pattern::Op::not_) return;
  if (pattern.op == Pattern::Op::port)
    ports.insert('@' + pattern.text + (pattern.is_prefix ? "*" : ""));
  for (const Pattern& one : pattern.of) find_ports(one, ports);
}

bool drops(const Rule& rule) {
  for (const Action& action : rule.actions)
    if (std::holds_alternative<Drop>(action.form)) return true;
  return false;
}

class Graph {
 public:
  std::string draw(const Script& script) {
    text_ = "digraph mmroute {\n  rankdir=LR;\n  node [shape=box, fontname=\"monospace\"];\n";
    scenes_ = script.scenes;
    for_each_rule(script, [this](const Rule& rule) { find_chosen(rule); });
    for (std::size_t i = 0; i < script.groups.size(); ++i) {
      const bool is_last = i + 1 == script.groups.size();
      in_ = i == 0 ? "in" : "then " + std::to_string(i);
      out_ = is_last ? "out" : "then " + std::to_string(i + 1);
      add_point(in_);
      add_point(out_);
      add_group(script.groups[i], i);
    }
    return text_ + "}\n";
  }

 private:
  void line(const std::string& what) { text_ += "  " + what + ";\n"; }

  // A port, or where groups meet.
  std::string add_point(const std::string& name) {
    if (points_.insert(name).second)
      line(in_quotes(name) + (name.starts_with('@') ? " [shape=ellipse]" : " [shape=diamond]"));
    return in_quotes(name);
  }

  void add_group(const Group& group, std::size_t number) {
    for (const Rule& rule : group.rules) add_rule(rule);
    for (const Scene& scene : group.scenes) {
      text_ += "  subgraph \"cluster " + std::to_string(number) + ' ' + std::to_string(scene.name) +
               "\" {\n  label=" + scene_point(scene.name) + ";\n";
      std::vector<std::string> names;
      // A scene may have rules in several groups; what is an arrow's end stands in the first one.
      if (chosen_.erase(scene.name) > 0) line(scene_point(scene.name) + " [shape=plaintext]");
      for (const Rule& rule : scene.rules) names.push_back(add_box(rule));
      text_ += "  }\n";
      for (std::size_t i = 0; i < names.size(); ++i) add_ways(scene.rules[i], names[i]);
    }
    // What no rule takes.
    line(add_point(in_) + " -> " + add_point(out_) + " [style=dashed, label=\"else\"]");
  }

  // What an arrow to a scene points at.
  [[nodiscard]] std::string scene_point(std::uint32_t scene) const {
    return in_quotes("scene " + scenes_[scene]);
  }
  // The scenes that the action may lead to.
  [[nodiscard]] std::set<std::uint32_t> scenes_of(const Action& action) const {
    const auto* const choice = std::get_if<ChooseScene>(&action.form);
    if (choice == nullptr) return {};
    if (choice->which == ChooseScene::Which::scene) return {choice->scene};
    std::set<std::uint32_t> all;
    for (std::uint32_t scene = 0; scene < scenes_.size(); ++scene) all.insert(scene);
    return all;
  }
  void find_chosen(const Rule& rule) {
    for (const Action& action : rule.actions) chosen_.merge(scenes_of(action));
  }

  void add_rule(const Rule& rule) {
    const std::string name = add_box(rule);
    add_ways(rule, name);
  }

  std::string add_box(const Rule& rule) {
    std::string name = "rule " + std::to_string(++rules_);
    line(in_quotes(name) + " [label=" + in_quotes(rule.text) + "]");
    return in_quotes(name);
  }

  void add_ways(const Rule& rule, const std::string& box) {
    std::set<std::string> from;
    find_ports(rule.pattern, from);
    if (from.empty() && rule.on == Rule::On::event) from.insert(in_);
    for (const std::string& point : from) line(add_point(point) + " -> " + box);
    if (rule.goes_on) line(box + " -> " + add_point(in_) + " [style=dotted, label=\"also\"]");
    std::set<std::string> to;
    bool goes_to_ports = false;
    for (const Action& action : rule.actions) {
      if (const auto* const ports = std::get_if<ToPorts>(&action.form)) {
        goes_to_ports = true;
        for (const std::string& port : ports->ports) to.insert('@' + port);
      }
      if (const auto* const send = std::get_if<Send>(&action.form))
        to.insert(send->port.empty() ? out_ : '@' + send->port);
    }
    for (const Action& action : rule.actions)
      for (const std::uint32_t scene : scenes_of(action))
        line(box + " -> " + scene_point(scene) + " [style=bold]");
    const bool is_last = out_ == "out";
    if (!drops(rule) && rule.on == Rule::On::event && !(goes_to_ports && is_last)) to.insert(out_);
    for (const std::string& point : to) line(box + " -> " + add_point(point));
  }

  std::string text_;
  std::set<std::string> points_;
  std::string in_;
  std::string out_;
  int rules_ = 0;
  std::vector<std::string> scenes_;
  std::set<std::uint32_t> chosen_; // those that a rule leads to, and that are not drawn yet
};

} // namespace

std::string to_dot(const Script& script) { return Graph().draw(script); }

} // namespace mm::route
