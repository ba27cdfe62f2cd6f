#include "patch.hpp"

#include "io/descriptor.hpp"
#include "io/reader.hpp"
#include "words.hpp"

#include <CLI/CLI.hpp>
#include <fcntl.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

namespace mm::jack {

namespace {

constexpr std::array<std::string_view, 2> types{"midi", "audio"};

// Does each of them, and says which of them cannot be done.
template <class Act> Ended for_each(const std::vector<Connection>& connections, Act&& act) {
  Ended ended;
  for (const Connection& connection : connections) {
    const auto acted = act(connection);
    if (acted) continue;
    complain(tool, acted.error().what);
    ended.status = exit_failed;
  }
  return ended;
}

Ended fail(const Error& error) {
  complain(tool, error.what);
  return {error.status, 0};
}

} // namespace

// --- ls ---

const ToolText& Ls::text() {
  static const ToolText text{"mmjack ls",
                             "List the ports of a JACK server.",
                             "mmjack ls [PATTERN] [OPTION]...",
                             {"mmjack ls --type midi", "mmjack ls /capture/ --connections"}};
  return text;
}

CLI::App& Ls::declare() {
  CLI::App& app = make_app(text());
  const char* const group = "Ports";
  app.add_option("pattern", pattern_)->type_name("PORT")->group("");
  app.add_option("--type", type_, "only those of this type")->type_name("midi|audio")->group(group);
  app.add_flag("--in", in_, "only those that take something: inputs of their clients")
      ->group(group);
  app.add_flag("--out", out_, "only those that give something: outputs")->group(group);
  app.add_flag("--physical", physical_, "only those of hardware")->group(group);
  app.add_flag("-c,--connections", connections_, "print what they are connected with")
      ->group(group);
  app.add_flag("--json", json_, "print all that is known, one object a line")->group(group);
  declare_where(app, where_);
  return app;
}

Outcome Ls::check() {
  if (type_.empty()) return done();
  const auto known = find_name("--type", type_, types);
  return known ? done() : Outcome(known.error());
}

bool Ls::shows(const Port& port) const {
  return (type_.empty() || port.is_midi == (type_ == "midi")) &&
         (in_ == out_ || port.is_output == out_) && (!physical_ || port.is_physical);
}

namespace {

std::string to_json(const Port& port) {
  const nlohmann::ordered_json object{
      {"name", port.name},
      {"type", port.is_midi ? "midi" : "audio"},
      {"direction", port.is_output ? "out" : "in"},
      {"physical", port.is_physical},
      {"terminal", port.is_terminal},
      {"can_monitor", port.can_monitor},
      {"aliases", port.aliases},
      {"latency", {port.latency.min, port.latency.max}},
      {"connections", port.connections},
  };
  return object.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

std::string to_line(const Port& port, bool with_connections) {
  std::string line = std::string(port.is_midi ? "midi " : "audio") +
                     (port.is_output ? " out " : " in  ") + port.name;
  if (with_connections)
    for (const std::string& other : port.connections)
      line += std::string("\n          ") + (port.is_output ? "-> " : "<- ") + other;
  return line;
}

} // namespace

Ended Ls::run() const {
  const auto client = join(where_);
  if (!client) return {exit_failed, 0};
  auto ports = list_ports(client.get());
  if (!pattern_.empty()) {
    const auto found = find_ports(ports, pattern_, {});
    if (!found) return fail(found.error());
    ports = found.value();
  }
  std::string text;
  for (const Port& port : ports)
    if (shows(port)) text += (json_ ? to_json(port) : to_line(port, connections_)) + '\n';
  return print(tool, text);
}

// --- connect, disconnect ---

const ToolText& Connect::text() {
  static const ToolText text{
      "mmjack connect",
      "Connect JACK ports: an output with an input, or as many outputs with as many inputs.",
      "mmjack connect SRC DST [OPTION]...",
      {"mmjack connect keys:out synth:in", "mmjack connect /^system:capture/ recorder"}};
  return text;
}

CLI::App& Connect::declare() {
  CLI::App& app = make_app(text());
  app.add_option("ports", ports_)->type_name("SRC DST")->group("");
  declare_where(app, where_);
  return app;
}

Outcome Connect::check() {
  if (ports_.size() == 2) return done();
  return Error{"two ports: SRC, where something comes from, and DST, where it goes to", exit_usage};
}

Ended Connect::run() const {
  const auto client = join(where_);
  if (!client) return {exit_failed, 0};
  const auto found = find_connections(list_ports(client.get()), ports_[0], ports_[1]);
  if (!found) return fail(found.error());
  return for_each(found.value(), [&](const Connection& one) { return connect(client.get(), one); });
}

const ToolText& Disconnect::text() {
  static const ToolText text{"mmjack disconnect",
                             "Disconnect JACK ports.",
                             "mmjack disconnect SRC DST [OPTION]...\nmmjack disconnect PORT\n"
                             "mmjack disconnect --all",
                             {"mmjack disconnect keys:out synth:in", "mmjack disconnect synth"}};
  return text;
}

CLI::App& Disconnect::declare() {
  CLI::App& app = make_app(text());
  app.add_option("ports", ports_)->type_name("PORT DST")->group("");
  app.add_flag("--all", all_, "cut all connections that there are")->group("Ports");
  declare_where(app, where_);
  return app;
}

Outcome Disconnect::check() {
  if (all_ && !ports_.empty()) return Error{"--all goes without ports", exit_usage};
  if (all_ || ports_.size() == 1 || ports_.size() == 2) return done();
  return Error{"two ports, SRC and DST, or one, to cut all that it has, or --all", exit_usage};
}

Result<std::vector<Connection>> Disconnect::chosen(const std::vector<Port>& ports) const {
  if (all_) return list_connections(ports);
  if (ports_.size() == 2) return find_connections(ports, ports_[0], ports_[1]);
  const auto found = find_ports(ports, ports_[0], {});
  if (!found) return found.error();
  std::vector<Connection> connections;
  for (const Port& port : found.value())
    for (const std::string& other : port.connections)
      connections.push_back(port.is_output ? Connection(port.name, other)
                                           : Connection(other, port.name));
  return connections;
}

Ended Disconnect::run() const {
  const auto client = join(where_);
  if (!client) return {exit_failed, 0};
  const auto connections = chosen(list_ports(client.get()));
  if (!connections) return fail(connections.error());
  return for_each(connections.value(),
                  [&](const Connection& one) { return disconnect(client.get(), one); });
}

// --- rename ---

const ToolText& Rename::text() {
  static const ToolText text{"mmjack rename",
                             "Give a JACK port another name.",
                             "mmjack rename PORT NAME [OPTION]...",
                             {"mmjack rename synth:input_1 left"}};
  return text;
}

CLI::App& Rename::declare() {
  CLI::App& app = make_app(text());
  app.add_option("names", names_)->type_name("PORT")->group("");
  declare_where(app, where_);
  return app;
}

Outcome Rename::check() {
  if (names_.size() != 2 || names_[1].empty()) return Error{"a port, and its new name", exit_usage};
  return check_name(names_[1]);
}

Ended Rename::run() const {
  const auto client = join(where_);
  if (!client) return {exit_failed, 0};
  const auto found = find_ports(list_ports(client.get()), names_[0], {});
  if (!found) return fail(found.error());
  if (found.value().size() > 1) return fail({"'" + names_[0] + "' fits several ports"});
  const std::string from = found.value().front().name;
  std::string name = names_[1];
  const std::string owner = from.substr(0, from.find(':') + 1);
  if (name.starts_with(owner)) name.erase(0, owner.size());
  if (name.find(':') != std::string::npos)
    return fail({"'" + names_[1] + "': a port's name has no ':', and stays with its client"});
  const std::string to = owner + name;
  if (to == from) return {};
  if (jack_port_by_name(client.get(), to.c_str()) != nullptr)
    return fail({"there is a port '" + to + "' already"});
  jack_port_rename(client.get(), jack_port_by_name(client.get(), from.c_str()), name.c_str());
  if (jack_port_by_name(client.get(), to.c_str()) == nullptr)
    return fail({"JACK does not rename '" + from + "' to '" + name + "'"});
  return {};
}

// --- save, restore ---

const ToolText& Save::text() {
  static const ToolText text{
      "mmjack save",
      "Print the connections of a JACK server, as lines that restore and control take.",
      "mmjack save [OPTION]...",
      {"mmjack save > stage.connections"}};
  return text;
}

CLI::App& Save::declare() {
  CLI::App& app = make_app(text());
  declare_where(app, where_);
  return app;
}

Ended Save::run() const {
  const auto client = join(where_);
  if (!client) return {exit_failed, 0};
  std::string lines;
  for (const Connection& connection : list_connections(list_ports(client.get())))
    lines += ":connect " + to_string(connection) + '\n';
  return print(tool, lines);
}

const ToolText& Restore::text() {
  static const ToolText text{"mmjack restore",
                             "Make the connections that save has printed.",
                             "mmjack restore [FILE] [OPTION]...",
                             {"mmjack restore stage.connections --exact"}};
  return text;
}

CLI::App& Restore::declare() {
  CLI::App& app = make_app(text());
  app.add_option("file", file_)->type_name("FILE")->group("");
  app.add_flag("--exact", exact_, "cut all connections that are not in it")->group("Ports");
  declare_where(app, where_);
  return app;
}

namespace {

// The connections that the lines of a file name.
Result<std::vector<Connection>> read_connections(int fd, const std::string& name) {
  EventReader reader(fd, name, {});
  std::vector<Connection> found;
  Event event;
  while (true) {
    switch (reader.next(event)) {
    case EventReader::Next::event: {
      const auto words = split_words(event.data);
      if (event.kind != Kind::meta || !words || words.value().size() != 3 ||
          words.value().front() != ":connect")
        return Error{name + ": a line that is no ':connect SRC DST'"};
      found.emplace_back(words.value()[1], words.value()[2]);
      break;
    }
    case EventReader::Next::fault: return Error{reader.fault()};
    case EventReader::Next::empty:
      if (const auto filled = reader.fill(); !filled) return filled.error();
      break;
    case EventReader::Next::end: return found;
    }
  }
}

} // namespace

Ended Restore::run() const {
  Descriptor file;
  if (!file_.empty()) {
    file = Descriptor(::open(file_.c_str(), O_RDONLY | O_CLOEXEC));
    if (!file) return fail({file_ + ": " + std::strerror(errno)});
  }
  const auto wanted =
      read_connections(file_.empty() ? STDIN_FILENO : file.get(), file_.empty() ? "stdin" : file_);
  if (!wanted) return fail(wanted.error());
  const auto client = join(where_);
  if (!client) return {exit_failed, 0};
  Ended ended =
      for_each(wanted.value(), [&](const Connection& one) { return connect(client.get(), one); });
  if (!exact_) return ended;
  auto there = list_connections(list_ports(client.get()));
  std::erase_if(there, [&](const Connection& one) {
    return std::find(wanted.value().begin(), wanted.value().end(), one) != wanted.value().end();
  });
  const Ended cut =
      for_each(there, [&](const Connection& one) { return disconnect(client.get(), one); });
  return cut.status == exit_done ? ended : cut;
}

} // namespace mm::jack
