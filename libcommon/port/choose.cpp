#include "port/choose.hpp"

#include "text/chars.hpp"
#include "text/text.hpp"

#include <regex.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <functional>
#include <optional>
#include <utility>

namespace mm {

namespace {

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return result;
}

using Fits = std::function<bool(const PortInfo&)>;

std::vector<PortInfo> filter(std::span<const PortInfo> ports, const Fits& fits) {
  std::vector<PortInfo> found;
  std::copy_if(ports.begin(), ports.end(), std::back_inserter(found), fits);
  return found;
}

Result<std::vector<PortInfo>> find_by_regex(std::span<const PortInfo> ports,
                                            const std::string& expression) {
  regex_t regex;
  const int fault = ::regcomp(&regex, expression.c_str(), REG_EXTENDED | REG_NOSUB);
  if (fault != 0) {
    std::array<char, 128> why{};
    ::regerror(fault, &regex, why.data(), why.size());
    return Error{"port '/" + expression + "/': " + why.data(), exit_usage};
  }
  auto found = filter(ports, [&](const PortInfo& port) {
    return ::regexec(&regex, port.full_name().c_str(), 0, nullptr, 0) == 0;
  });
  ::regfree(&regex);
  return found;
}

// What stands between two slashes.
std::optional<std::string> expression_of(std::string_view pattern) {
  if (pattern.size() <= 2 || !pattern.starts_with('/') || !pattern.ends_with('/')) return {};
  return std::string(pattern.substr(1, pattern.size() - 2));
}

std::string describe_all(std::span<const PortInfo> ports) {
  std::size_t width = 0;
  for (const PortInfo& port : ports) width = std::max(width, port.address.size());
  std::string text;
  for (const PortInfo& port : ports) text += "\n  " + describe(port, width);
  return text;
}

} // namespace

Result<PortRequest> parse_port_request(std::string_view argument) {
  PortRequest request{std::string(argument), {}};
  const std::size_t equals = argument.rfind('=');
  if (equals != std::string_view::npos) {
    request = {std::string(argument.substr(0, equals)), std::string(argument.substr(equals + 1))};
    if (request.tag.empty() ||
        !std::all_of(request.tag.begin(), request.tag.end(), chars::is_port_char))
      return Error{"port '" + std::string(argument) + "': '" + request.tag +
                       "' is no tag; a tag is one word of A-Z a-z 0-9 _ . - / : [ ]",
                   exit_usage};
  }
  if (const auto regex = expression_of(request.pattern))
    if (const auto found = find_by_regex({}, *regex); !found) return found.error();
  if (request.pattern.empty()) return Error{"port '" + std::string(argument) + "': no name", 2};
  return request;
}

Result<std::vector<PortInfo>> find_ports(std::span<const PortInfo> ports,
                                         std::string_view pattern) {
  auto exact = filter(ports, [&](const PortInfo& port) {
    return port.full_name() == pattern || port.name == pattern || port.client == pattern;
  });
  if (!exact.empty()) return exact;

  auto addressed = filter(ports, [&](const PortInfo& port) { return port.address == pattern; });
  if (!addressed.empty()) return addressed;

  if (const auto regex = expression_of(pattern)) return find_by_regex(ports, *regex);

  const std::string part = lower(pattern);
  return filter(ports, [&](const PortInfo& port) {
    return lower(port.full_name()).find(part) != std::string::npos;
  });
}

Result<PortInfo> choose_port(std::span<const PortInfo> ports, std::string_view pattern,
                             Direction direction) {
  auto found = find_ports(ports, pattern);
  if (!found) return found.error();
  const auto& matches = found.value();
  if (matches.size() == 1) return matches.front();

  const std::string what = "port '" + std::string(pattern) + "': ";
  if (!matches.empty())
    return Error{what + "more than one fits; say which by its full name or its address:" +
                 describe_all(matches)};
  const std::string kind = direction == Direction::input ? "input" : "output";
  if (ports.empty())
    return Error{what + "there is no " + kind + " port (--wait waits until it comes)"};
  return Error{what + "there is no such " + kind + " port (--wait waits until it comes); there " +
               (ports.size() == 1 ? "is:" : "are:") + describe_all(ports)};
}

std::string default_tag(const PortInfo& port) {
  return make_tag(port.name.starts_with(port.client) ? port.name : port.full_name());
}

namespace {

// A name may hold anything; what would steer a terminal is shown as '?'.
std::string shown(std::string text) {
  for (char& c : text)
    if (static_cast<unsigned char>(c) < ' ' || c == 0x7f) c = '?';
  return text;
}

} // namespace

std::string describe(const PortInfo& port, std::size_t address_width) {
  std::string line = port.backend;
  line += port.direction == Direction::input ? "  in   " : "  out  ";
  if (!port.address.empty() && port.address != port.full_name()) {
    line += port.address;
    line.append(address_width - std::min(address_width, port.address.size()) + 2, ' ');
  }
  line += port.full_name();
  if (port.connected) line += "  (connected)";
  return shown(std::move(line));
}

} // namespace mm
