// Which port a person means.
#include "port/choose.hpp"

#include <gmock/gmock.h>

namespace mm {
namespace {

using Ports = std::vector<PortInfo>;

PortInfo port(std::string client, std::string name, std::string address) {
  return {"alsa", Direction::input, std::move(client), std::move(name), std::move(address), false};
}

// What stands in a studio, with names that are parts of others.
const Ports studio{
    port("Midi Through", "Midi Through Port-0", "14:0"),
    port("KeyStation 49", "KeyStation 49 MIDI 1", "20:0"),
    port("KeyStation 49", "KeyStation 49 MIDI 2", "20:1"),
    port("Synth", "in", "128:0"),
    port("Synth Pro", "in", "129:0"),
    port("desk", "Synth", "130:0"),
    port("14:0", "odd", "131:0"),
};

// The addresses of the ports that `pattern` means, or what is wrong with it.
std::string found(std::string_view pattern, const Ports& ports = studio) {
  const auto found = find_ports(ports, pattern);
  if (!found) return std::to_string(found.error().status) + ": " + found.error().what;
  std::string addresses;
  for (const PortInfo& each : found.value())
    addresses += (addresses.empty() ? "" : " ") + each.address;
  return addresses;
}

// The address of the one port that it means, or what is wrong.
std::string chosen(std::string_view pattern, const Ports& ports = studio,
                   Direction direction = Direction::input) {
  const auto chosen = choose_port(ports, pattern, direction);
  if (!chosen) return std::to_string(chosen.error().status) + ": " + chosen.error().what;
  return chosen.value().address;
}

TEST(FindPorts, first_the_exact_name_of_the_port_the_client_or_both) {
  EXPECT_EQ(found("Midi Through Port-0"), "14:0");
  EXPECT_EQ(found("Midi Through"), "14:0");
  EXPECT_EQ(found("Midi Through:Midi Through Port-0"), "14:0");
  EXPECT_EQ(found("KeyStation 49"), "20:0 20:1");
  EXPECT_EQ(found("Synth"), "128:0 130:0") << "a client and a port; Synth Pro has more to it";
  EXPECT_EQ(found("Synth:in"), "128:0");
  EXPECT_EQ(found("in"), "128:0 129:0");
  EXPECT_EQ(found("14:0"), "131:0") << "a name goes before an address";
}

TEST(FindPorts, then_the_address) {
  EXPECT_EQ(found("20:1"), "20:1");
  EXPECT_EQ(found("128:0"), "128:0");
  EXPECT_EQ(found("8:0"), "") << "the whole of it";
}

TEST(FindPorts, then_an_extended_regular_expression_in_client_and_port) {
  EXPECT_EQ(found("/^KeyStation.*MIDI [12]$/"), "20:0 20:1");
  EXPECT_EQ(found("/^Synth( Pro)?:in$/"), "128:0 129:0");
  EXPECT_EQ(found("/49:Key/"), "20:0 20:1");
  EXPECT_EQ(found("/synth/"), "") << "the case counts";
  EXPECT_EQ(found("/20:0/"), "") << "not in addresses";
  EXPECT_EQ(found("/./"), "14:0 20:0 20:1 128:0 129:0 130:0 131:0");
  EXPECT_EQ(found("//"), "") << "that is a part of a name";
}

TEST(FindPorts, then_a_part_of_client_and_port_whatever_its_case) {
  EXPECT_EQ(found("keystation"), "20:0 20:1");
  EXPECT_EQ(found("MIDI 2"), "20:1");
  EXPECT_EQ(found("PRO:I"), "129:0");
  EXPECT_EQ(found("synth"), "128:0 129:0 130:0");
  EXPECT_EQ(found("organ"), "");
  EXPECT_EQ(found("organ", {}), "");
}

TEST(FindPorts, a_name_with_slashes_is_found_by_its_exact_name) {
  const Ports ports{port("a", "/dev/", "1:0"), port("b", "dev", "2:0")};
  EXPECT_EQ(found("/dev/", ports), "1:0");
  EXPECT_EQ(found("/de./", ports), "1:0 2:0");
}

TEST(FindPorts, an_expression_that_is_none_is_wrong_usage) {
  EXPECT_EQ(found("/(/"), "2: port '/(/': Unmatched ( or \\(");
  EXPECT_EQ(found("/[a/"), "2: port '/[a/': Unmatched [, [^, [:, [., or [=");
  EXPECT_EQ(chosen("/*{/", {}).substr(0, 15), "2: port '/*{/':");
}

TEST(ChoosePort, takes_the_one_that_fits) {
  EXPECT_EQ(chosen("Synth:in"), "128:0");
  EXPECT_EQ(chosen("pro"), "129:0");
  EXPECT_EQ(chosen("/2$/"), "20:1");
}

TEST(ChoosePort, several_are_an_error_that_lists_them) {
  EXPECT_EQ(chosen("Synth"),
            "1: port 'Synth': more than one fits; say which by its full name or its address:\n"
            "  alsa  in   128:0  Synth:in\n"
            "  alsa  in   130:0  desk:Synth");
  EXPECT_EQ(chosen("/o/"),
            "1: port '/o/': more than one fits; say which by its full name or its address:\n"
            "  alsa  in   14:0   Midi Through:Midi Through Port-0\n"
            "  alsa  in   20:0   KeyStation 49:KeyStation 49 MIDI 1\n"
            "  alsa  in   20:1   KeyStation 49:KeyStation 49 MIDI 2\n"
            "  alsa  in   129:0  Synth Pro:in\n"
            "  alsa  in   131:0  14:0:odd");
}

TEST(ChoosePort, none_is_an_error_that_lists_what_there_is) {
  const Ports two{studio[0], studio[3]};
  EXPECT_EQ(chosen("organ", two),
            "1: port 'organ': there is no such input port (--wait waits until it comes); there "
            "are:\n"
            "  alsa  in   14:0   Midi Through:Midi Through Port-0\n"
            "  alsa  in   128:0  Synth:in");
  EXPECT_EQ(chosen("organ", {studio[0]}, Direction::output),
            "1: port 'organ': there is no such output port (--wait waits until it comes); there "
            "is:\n"
            "  alsa  in   14:0  Midi Through:Midi Through Port-0");
  EXPECT_EQ(chosen("organ", {}, Direction::output),
            "1: port 'organ': there is no output port (--wait waits until it comes)");
  EXPECT_EQ(chosen("organ", {}, Direction::input),
            "1: port 'organ': there is no input port (--wait waits until it comes)");
}

// --- NAME=TAG ---

std::string request(std::string_view argument) {
  const auto request = parse_port_request(argument);
  if (!request) return std::to_string(request.error().status) + ": " + request.error().what;
  return request.value().pattern + " | " + request.value().tag;
}

TEST(ParsePortRequest, takes_a_name_and_a_tag) {
  EXPECT_EQ(request("keys"), "keys | ");
  EXPECT_EQ(request("KeyStation 49=keys"), "KeyStation 49 | keys");
  EXPECT_EQ(request("20:0=k"), "20:0 | k");
  EXPECT_EQ(request("/^Key/=k"), "/^Key/ | k");
  EXPECT_EQ(request("x=AZaz09_.-/:[]"), "x | AZaz09_.-/:[]");
}

TEST(ParsePortRequest, the_last_equals_sign_divides_them) {
  EXPECT_EQ(request("a=b=c"), "a=b | c");
  EXPECT_EQ(request("=="), "2: port '==': '' is no tag; a tag is one word of A-Z a-z 0-9 _ . - / : "
                           "[ ]");
  EXPECT_EQ(request("==t"), "= | t");
}

TEST(ParsePortRequest, a_tag_that_is_none_and_no_name_are_wrong_usage) {
  const std::string rule = " is no tag; a tag is one word of A-Z a-z 0-9 _ . - / : [ ]";
  EXPECT_EQ(request("keys="), "2: port 'keys=': ''" + rule);
  EXPECT_EQ(request("keys=my keys"), "2: port 'keys=my keys': 'my keys'" + rule);
  EXPECT_EQ(request("keys=@k"), "2: port 'keys=@k': '@k'" + rule);
  EXPECT_EQ(request("keys=\xc3\xa4"), "2: port 'keys=\xc3\xa4': '\xc3\xa4'" + rule);
  EXPECT_EQ(request(""), "2: port '': no name");
  EXPECT_EQ(request("=k"), "2: port '=k': no name");
}

// --- how ports are shown ---

TEST(DefaultTag, is_the_name_after_that_of_its_client_unless_it_has_it) {
  EXPECT_EQ(default_tag(port("KeyStation 49", "KeyStation 49 MIDI 1", "20:0")),
            "KeyStation_49_MIDI_1");
  EXPECT_EQ(default_tag(port("Synth", "in", "128:0")), "Synth:in");
  EXPECT_EQ(default_tag(port("a b", "c=d (e)", "1:0")), "a_b:c_d__e_");
  EXPECT_EQ(default_tag(port("x", "\xc3\xa4", "1:0")), "x:__");
  EXPECT_EQ(default_tag(port("in", "in", "1:0")), "in");
}

TEST(Describe, is_a_line_with_the_addresses_in_a_column) {
  EXPECT_EQ(describe(port("Synth", "in", "14:0"), 5), "alsa  in   14:0   Synth:in");
  EXPECT_EQ(describe(port("Synth", "in", "128:0"), 5), "alsa  in   128:0  Synth:in");
  EXPECT_EQ(describe(port("Synth", "in", "128:0"), 0), "alsa  in   128:0  Synth:in");
  EXPECT_EQ(describe({"alsa", Direction::output, "a", "b", "1:0", true}, 3),
            "alsa  out  1:0  a:b  (connected)");
}

TEST(Describe, an_address_that_is_the_name_is_left_out) {
  EXPECT_EQ(describe({"jack", Direction::input, "synth", "in", "synth:in", false}, 8),
            "jack  in   synth:in");
  EXPECT_EQ(describe({"jack", Direction::output, "a", "b", "", true}, 8),
            "jack  out  a:b  (connected)");
}

} // namespace
} // namespace mm
