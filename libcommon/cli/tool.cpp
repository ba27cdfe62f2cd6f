#include "cli/tool.hpp"

#include "event/kind.hpp"
#include "io/signals.hpp"

#include <CLI/CLI.hpp>
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <forward_list>
#include <memory>
#include <span>

namespace mm {

namespace {

constexpr std::size_t left_column = 27;
constexpr const char* last_group = "Other";

// The help on one screen: usage, what the tool is, the options by group, examples.
class HelpFormatter final : public CLI::Formatter {
 public:
  explicit HelpFormatter(ToolText text) : text_(std::move(text)) {}

  std::string make_help(const CLI::App* app, std::string /*name*/,
                        CLI::AppFormatMode /*mode*/) const override {
    // Strings, not streams: these would be a third of what --help takes.
    std::string out;
    const char* lead = "Usage: ";
    for (const std::string& line : lines(text_.usage)) {
      out += lead + line + '\n';
      lead = "       ";
    }
    out += text_.summary + '\n';
    if (!text_.commands.empty()) out += "\nCommands:\n";
    for (const auto& [name, summary] : text_.commands) out += in_columns("  " + name, summary);
    std::vector<std::string> groups = app->get_groups();
    std::stable_partition(groups.begin(), groups.end(),
                          [](const std::string& group) { return group != last_group; });
    for (const std::string& group : groups) {
      if (group.empty()) continue;
      out += '\n' + group + ":\n";
      for (const CLI::Option* option : app->get_options())
        if (option->get_group() == group && !option->get_positional()) put_option(out, *option);
    }
    out += "\nExamples:\n";
    for (const std::string& example : text_.examples) out += "  " + example + '\n';
    return out;
  }

 private:
  static std::vector<std::string> lines(std::string_view text) {
    std::vector<std::string> found;
    std::size_t end = 0;
    while ((end = text.find('\n')) != std::string_view::npos) {
      found.emplace_back(text.substr(0, end));
      text.remove_prefix(end + 1);
    }
    found.emplace_back(text);
    return found;
  }

  static void put_option(std::string& out, const CLI::Option& option) {
    std::string left = "  ";
    left += option.get_snames().empty() ? "    " : "-" + option.get_snames().front() + ", ";
    left += "--" + option.get_lnames().front();
    const std::string value = option.get_type_name();
    if (!value.empty()) left += value.starts_with('[') ? value : " " + value;
    out += in_columns(std::move(left), option.get_description());
  }

  static std::string in_columns(std::string left, const std::string& right) {
    if (left.size() < left_column)
      left.append(left_column - left.size(), ' ');
    else
      left += "  ";
    return left + right + '\n';
  }

  ToolText text_;
};

// What is wrong with an argument that no option takes.
std::string unknown_argument(const CLI::App& app) {
  const auto extras = app.remaining();
  const std::string word = extras.empty() ? "" : extras.front();
  if (!word.starts_with('-')) return "unexpected argument '" + word + "'";
  const std::string typed = word.substr(0, word.find('='));
  std::vector<std::string> names;
  for (const CLI::Option* option : app.get_options())
    for (const std::string& name : option->get_lnames()) names.push_back(name);
  const std::vector<std::string_view> views(names.begin(), names.end());
  std::string what = "unknown option '" + typed + "'";
  const std::string_view near =
      typed.starts_with("--") ? nearest(std::string_view(typed).substr(2), views) : "";
  if (!near.empty()) what += "; did you mean '--" + std::string(near) + "'?";
  return what;
}

// CLI11 takes --flag=false and --flag=3; ours are there or not, but for those that say [=VALUE].
Outcome refuse_values_of_flags(const CLI::App& app, int argc, const char* const* argv) {
  for (int i = 1; i < argc && std::strcmp(argv[i], "--") != 0; ++i) {
    const std::string word = argv[i];
    const std::size_t equals = word.find('=');
    if (!word.starts_with("--") || equals == std::string::npos) continue;
    const CLI::Option* const option = app.get_option_no_throw(word.substr(0, equals));
    if (option != nullptr && option->get_items_expected_max() == 0 &&
        option->get_type_name().empty())
      return Error{word.substr(0, equals) + " takes no value", exit_usage};
  }
  return done();
}

Outcome parse(CLI::App& app, int argc, const char* const* argv) {
  if (const auto fine = refuse_values_of_flags(app, argc, argv); !fine) return fine;
  try {
    app.parse(argc, argv);
  } catch (const CLI::ExtrasError&) {
    return Error{unknown_argument(app), exit_usage};
  } catch (const CLI::ArgumentMismatch& error) {
    const std::string what = error.what(); // "--from: At Most 1 required but received 2"
    const bool too_many = what.find("At Most") != std::string::npos;
    return Error{what.substr(0, what.find(':')) +
                     (too_many ? " can be given only once" : " needs a value"),
                 exit_usage};
  } catch (const CLI::ValidationError& error) {
    std::string what = error.what(); // "--count: '0': it is ..."
    return Error{what.erase(what.find(':'), 1), exit_usage};
  } catch (const CLI::ConversionError& error) {
    // Numbers were checked before, so this is a flag: "Could not convert: --strict = maybe".
    const std::string what = error.what();
    const std::string flag = what.substr(std::min(what.find('-'), what.size()));
    return Error{flag.substr(0, flag.find(' ')) + " takes no value", exit_usage};
  } catch (const CLI::ParseError& error) {
    return Error{error.what(), exit_usage};
  }
  return done();
}

} // namespace

CLI::App& make_app(const ToolText& text) {
  static auto& apps = *new std::forward_list<CLI::App>; // never deleted
  CLI::App& app = apps.emplace_front(text.summary, text.name);
  app.formatter(std::make_shared<HelpFormatter>(text));
  // Plain flags: CLI11's own ones throw, which takes as long as all the rest.
  app.set_help_flag();
  const auto add = [&](const char* names, const std::string& description) {
    app.add_flag(names, description)->group(last_group);
  };
  add("-h,--help", "print this help");
  add("--version", "print the version");
  return app;
}

Outcome parse_arguments(CLI::App& app, int argc, const char* const* argv) {
  auto parsed = parse(app, argc, argv);
  if (app.count("--help") > 0) return Error{app.help(), exit_done};
  if (app.count("--version") > 0)
    return Error{app.get_name() + " (mmtools) " MMTOOLS_VERSION "\n", exit_done};
  return parsed;
}

std::string count_of(std::uint64_t count, std::string_view what) {
  return std::to_string(count) + ' ' + std::string(what) + (count == 1 ? "" : "s");
}

std::string dropped(std::uint64_t bytes, std::string_view keeper) {
  return "dropped " + count_of(bytes, "byte") + ": no MIDI, or of a sysex over --max-sysex (" +
         std::string(keeper) + ")";
}

void complain(std::string_view tool, std::string_view what) {
  std::string line(tool);
  line += ": ";
  line += what;
  for (char& c : line) // names of ports may hold anything; nothing is to steer the terminal
    if ((static_cast<unsigned char>(c) < ' ' && c != '\n' && c != '\t') || c == 0x7f) c = '?';
  line += '\n';
  std::fwrite(line.data(), 1, line.size(), stderr);
}

Ended print(std::string_view tool, std::string_view text) {
  while (!text.empty()) {
    const ssize_t got = ::write(STDOUT_FILENO, text.data(), text.size());
    pollfd ready{STDOUT_FILENO, POLLOUT, 0};
    if (got < 0 && errno == EAGAIN) ::poll(&ready, 1, -1); // somebody made it non-blocking
    if (got < 0 && errno == EPIPE) return {exit_done, SIGPIPE};
    if (got < 0 && errno != EINTR && errno != EAGAIN) {
      complain(tool, std::string("stdout: ") + std::strerror(errno));
      return {exit_failed, 0};
    }
    text.remove_prefix(got > 0 ? static_cast<std::size_t>(got) : 0);
  }
  return {};
}

int refuse_arguments(const std::string& tool, const Error& error) {
  if (error.status == exit_done) {
    if (std::fputs(error.what.c_str(), stdout) >= 0 && std::fflush(stdout) == 0) return exit_done;
    complain(tool, std::string("stdout: ") + std::strerror(errno));
    return exit_failed;
  }
  complain(tool, error.what);
  std::fprintf(stderr, "Try '%s --help'.\n", tool.c_str());
  return error.status;
}

void guard_standard_descriptors() {
  for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
    if (::fcntl(fd, F_GETFD) < 0) // the lowest free number is this one
        [[maybe_unused]]
      const int opened = ::open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
}

int end_tool(const Ended& ended) {
  if (ended.signal != 0) die_of(ended.signal);
  return ended.status;
}

} // namespace mm
