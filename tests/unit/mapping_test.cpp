// MIDIMonster's mappings: what is read, what is refused and where.
#include "events.hpp"
#include "mmpy/mapping.hpp"

#include <gtest/gtest.h>

namespace mm::py {
namespace {

using Type = MidiChannel::Type;
using Lines = std::vector<std::string>;

Lines lines_of(const std::vector<Mapping>& mappings) {
  Lines lines;
  for (const Mapping& mapping : mappings)
    lines.push_back(to_string(mapping.from) + " > " + to_string(mapping.to));
  return lines;
}

// The mappings, or the one error.
Lines read(std::string_view text) {
  const auto mappings = parse_mapping(text, "--map");
  if (mappings) return lines_of(mappings.value());
  EXPECT_EQ(mappings.error().status, exit_usage);
  return {mappings.error().what};
}

// What is wrong with it: "COLUMN: what". The two lines below it have to be the text and a caret
// there.
std::string fault(std::string_view text) {
  const Lines lines = test::split(read(text).at(0));
  const std::string begin = "--map:1:";
  if (lines.size() != 3 || !lines[0].starts_with(begin) || lines[1] != text)
    return "not as it should be: " + read(text).at(0);
  const std::string what = lines[0].substr(begin.size());
  EXPECT_EQ(lines[2], std::string(std::stoul(what) - 1, ' ') + '^') << text;
  return what;
}

// --- one mapping ---

TEST(Mapping, goes_the_way_of_its_arrow) {
  EXPECT_EQ(read("ch0.cc7 > py.level"), Lines{"ch0.cc7 > py.level"});
  EXPECT_EQ(read("ch0.cc7 < py.level"), Lines{"py.level > ch0.cc7"});
  const Lines both{"ch0.cc7 > py.level", "py.level > ch0.cc7"};
  EXPECT_EQ(read("ch0.cc7 <> py.level"), both);
  EXPECT_EQ(read("ch0.cc7 >< py.level"), both) << "MIDIMonster takes it as well";
  EXPECT_EQ(read("  ch0.cc7>py.level\t\r"), Lines{"ch0.cc7 > py.level"});
}

TEST(Mapping, joins_channels_of_any_two_kinds) {
  EXPECT_EQ(read("ch0.cc7 > ch1.note60"), Lines{"ch0.cc7 > ch1.note60"});
  EXPECT_EQ(read("py1.my_handlers.in1 < py1.foo"), Lines{"py.foo > py.my_handlers.in1"});
  EXPECT_EQ(read("py1.out1 > py2.module.handler"), Lines{"py.out1 > py.module.handler"});
  EXPECT_EQ(read("ch0.cc7 <> ch0.cc7"), (Lines{"ch0.cc7 > ch0.cc7", "ch0.cc7 > ch0.cc7"}));
}

End named(std::string_view text) {
  return parse_mapping(std::string(text) + " > py.x", "").value().at(0).from;
}

TEST(Mapping, names_midi_channels) {
  EXPECT_EQ(named("ch0.cc7"), End(MidiChannel{"", 1, Type::control, 7}));
  EXPECT_EQ(named("channel15.cc127"), End(MidiChannel{"", 16, Type::control, 127}));
  EXPECT_EQ(named("ch1.note0"), End(MidiChannel{"", 2, Type::note, 0}));
  EXPECT_EQ(named("ch2.pressure60"), End(MidiChannel{"", 3, Type::pressure, 60}));
  EXPECT_EQ(named("ch3.aftertouch"), End(MidiChannel{"", 4, Type::aftertouch, 0}));
  EXPECT_EQ(named("ch4.pitch"), End(MidiChannel{"", 5, Type::pitch, 0}));
  EXPECT_EQ(named("ch5.program"), End(MidiChannel{"", 6, Type::program, 0}));
  EXPECT_EQ(named("ch6.rpn0"), End(MidiChannel{"", 7, Type::rpn, 0}));
  EXPECT_EQ(named("ch7.nrpn16383"), End(MidiChannel{"", 8, Type::nrpn, 16383}));
  EXPECT_EQ(named("ch08.cc007"), End(MidiChannel{"", 9, Type::control, 7}));
}

TEST(Mapping, names_ports) {
  EXPECT_EQ(named("keys.ch0.cc7"), End(MidiChannel{"keys", 1, Type::control, 7}));
  EXPECT_EQ(named("keys.channel9.note36"), End(MidiChannel{"keys", 10, Type::note, 36}));
  EXPECT_EQ(named("ch0.ch0.cc7"), End(MidiChannel{"ch0", 1, Type::control, 7}));
  EXPECT_EQ(named("jack1.midi_in.ch0.pitch"), End(MidiChannel{"jack1.midi_in", 1, Type::pitch, 0}));
  EXPECT_EQ(named("peer/10.0.0.1:5004.ch0.cc7"),
            End(MidiChannel{"peer/10.0.0.1:5004", 1, Type::control, 7}));
  EXPECT_EQ(named("[::1]-b.ch0.cc7"), End(MidiChannel{"[::1]-b", 1, Type::control, 7}));
}

TEST(Mapping, names_python_channels) {
  EXPECT_EQ(named("py.level"), End(PythonChannel{"level"}));
  EXPECT_EQ(named("py.my_handlers.in1"), End(PythonChannel{"my_handlers.in1"}));
  EXPECT_EQ(named("py.a.b.c"), End(PythonChannel{"a.b.c"}));
  EXPECT_EQ(named("any-word+1._x9"), End(PythonChannel{"_x9"}));
  EXPECT_EQ(named("py.note60"), End(PythonChannel{"note60"}));
  EXPECT_EQ(named("py.ch0"), End(PythonChannel{"ch0"}));
  EXPECT_EQ(named("py.channels.x"), End(PythonChannel{"channels.x"}));
  EXPECT_EQ(named("py.chx.cc7"), End(PythonChannel{"chx.cc7"}));
  EXPECT_EQ(named("py.h\xc3\xb6he"), End(PythonChannel{"h\xc3\xb6he"}));
}

TEST(Mapping, is_written_as_it_is_read) {
  for (const std::string text :
       {"ch0.cc7", "ch15.note127", "ch0.pressure0", "ch0.aftertouch", "ch0.pitch", "ch0.program",
        "ch0.rpn0", "ch0.nrpn16383", "keys.ch0.cc7", "a.b.ch9.pitch", "py.level", "py.m.f"})
    EXPECT_EQ(to_string(named(text)), text);
  EXPECT_EQ(to_string(named("channel0.cc7")), "ch0.cc7");
  EXPECT_EQ(to_string(named("mine.level")), "py.level") << "the instance is not kept";
}

// --- ranges ---

TEST(Ranges, stand_for_one_channel_after_the_other) {
  EXPECT_EQ(read("ch0.cc{1..3} > py.a{1..3}"),
            (Lines{"ch0.cc1 > py.a1", "ch0.cc2 > py.a2", "ch0.cc3 > py.a3"}));
  EXPECT_EQ(read("ch0.cc{3..1} > py.a{1..3}"),
            (Lines{"ch0.cc3 > py.a1", "ch0.cc2 > py.a2", "ch0.cc1 > py.a3"}));
  EXPECT_EQ(read("py.{red,green} < ch{0..1}.pitch"),
            (Lines{"ch0.pitch > py.red", "ch1.pitch > py.green"}));
  EXPECT_EQ(read("{a,b}.ch0.cc1 > ch0.{cc1,note2}"),
            (Lines{"a.ch0.cc1 > ch0.cc1", "b.ch0.cc1 > ch0.note2"}));
  EXPECT_EQ(read("ch0.cc{ 1 .. 2 , 7} > py.{a , b, c}"),
            (Lines{"ch0.cc1 > py.a", "ch0.cc2 > py.b", "ch0.cc7 > py.c"}));
  EXPECT_EQ(read("ch0.cc{7} > py.a{1..1}"), Lines{"ch0.cc7 > py.a1"});
}

TEST(Ranges, count_the_last_one_fastest) {
  EXPECT_EQ(read("ch{0..1}.cc{1..2} > py.{a,b}{2..1}"),
            (Lines{"ch0.cc1 > py.a2", "ch0.cc2 > py.a1", "ch1.cc1 > py.b2", "ch1.cc2 > py.b1"}));
  const auto mappings = parse_mapping("p{1..2}.ch{0..15}.cc{0..127} > py.x", "").value();
  ASSERT_EQ(mappings.size(), 2U * 16 * 128);
  EXPECT_EQ(to_string(mappings.at(2048 + 3 * 128 + 5).from), "p2.ch3.cc5");
}

TEST(Ranges, of_one_side_join_the_one_of_the_other) {
  EXPECT_EQ(read("ch0.cc7 > py.a{1..2}"), (Lines{"ch0.cc7 > py.a1", "ch0.cc7 > py.a2"}));
  EXPECT_EQ(read("ch0.cc{1..2} > py.a"), (Lines{"ch0.cc1 > py.a", "ch0.cc2 > py.a"}));
  EXPECT_EQ(read("ch0.cc{1..2} <> py.a{5..6}"),
            (Lines{"ch0.cc1 > py.a5", "ch0.cc2 > py.a6", "py.a5 > ch0.cc1", "py.a6 > ch0.cc2"}));
}

TEST(Ranges, are_bounded) {
  EXPECT_EQ(parse_mapping("ch{0..3}.nrpn{0..16383} <> py.x", "").value().size(),
            2U * most_channels);
  const std::string more = "this stands for more than 65536 channels";
  EXPECT_EQ(fault("ch0.cc1 > py.x{0..65536}"), "16: " + more);
  EXPECT_EQ(fault("ch0.cc1 > py.x{999999999..0}"), "16: " + more);
  EXPECT_EQ(fault("ch0.cc1 > py.x{0..60000,0..60000}"), "16: " + more);
  EXPECT_EQ(fault("ch{0..4}.nrpn{0..16383} > py.x"), "1: " + more);
  EXPECT_EQ(fault("py.a{1..999}b{1..999}{1..999}{1..999}{1..999}{1..999}{1..999} > py.x"),
            "1: " + more);
}

TEST(Ranges, stand_for_names_that_are_bounded) {
  const std::string name(252, 'x');
  EXPECT_EQ(read("ch0.cc7 > py." + name), Lines{"ch0.cc7 > py." + name});
  EXPECT_EQ(read("ch0.cc7 > py.{a,x" + name + "}").at(0).substr(0, 51),
            "--map:1:11: this name is longer than 255 bytes\nch0.");
}

// --- what is wrong ---

TEST(MappingFault, shows_the_text_and_a_caret) {
  EXPECT_EQ(read("keys.ch16.cc7 > py.level"),
            Lines{"--map:1:6: 'keys.ch16.cc7': the channel is in 0..15\n"
                  "keys.ch16.cc7 > py.level\n"
                  "     ^"});
}

TEST(MappingFault, in_the_mapping) {
  const std::string none = "this is no mapping: it is A > B, A < B or A <> B";
  EXPECT_EQ(fault(""), "1: " + none);
  EXPECT_EQ(fault("  ch0.cc7"), "3: " + none);
  EXPECT_EQ(fault("ch0.cc7 > py.a > py.b"), "16: there is an arrow already");
  EXPECT_EQ(fault("ch0.cc7 << py.a"), "10: there is an arrow already");
  EXPECT_EQ(fault("ch0.cc7 <>> py.a"), "11: there is an arrow already");
  EXPECT_EQ(fault(" > py.a"), "2: a channel is missing here");
  EXPECT_EQ(fault("ch0.cc7 >"), "10: a channel is missing here");
  EXPECT_EQ(
      fault("ch0.cc{1..3} > py.a{1..2}"),
      "16: 3 channels on the left and 2 here: it takes as many on both sides, or one on either");
}

TEST(MappingFault, in_a_midi_channel) {
  EXPECT_EQ(fault("py.a < ch16.cc7"), "8: 'ch16.cc7': the channel is in 0..15");
  EXPECT_EQ(fault("ch99999999999999999999.cc7 > py.a"),
            "1: 'ch99999999999999999999.cc7': the channel is in 0..15");
  EXPECT_EQ(fault("ch0.cc128 > py.a"), "7: 'ch0.cc128': the number of cc is in 0..127");
  EXPECT_EQ(fault("ch0.cc > py.a"), "7: 'ch0.cc': the number of cc is in 0..127");
  EXPECT_EQ(fault("ch0.cc7x > py.a"), "7: 'ch0.cc7x': the number of cc is in 0..127");
  EXPECT_EQ(fault("a.ch0.note128 > py.a"), "11: 'a.ch0.note128': the number of note is in 0..127");
  EXPECT_EQ(fault("ch0.pressure128 > py.a"),
            "13: 'ch0.pressure128': the number of pressure is in 0..127");
  EXPECT_EQ(fault("ch0.rpn16384 > py.a"), "8: 'ch0.rpn16384': the number of rpn is in 0..16383");
  EXPECT_EQ(fault("ch0.nrpn16384 > py.a"), "9: 'ch0.nrpn16384': the number of nrpn is in 0..16383");
  EXPECT_EQ(fault("ch0.pitch0 > py.a"), "10: 'ch0.pitch0': pitch has no number");
  const std::string types = ": the type of a MIDI channel is one of cc, note, pressure, "
                            "aftertouch, pitch, program, rpn, nrpn";
  EXPECT_EQ(fault("ch0.bend > py.a"), "5: 'ch0.bend'" + types);
  EXPECT_EQ(fault("py.ch0.level > py.a"), "8: 'py.ch0.level'" + types);
  EXPECT_EQ(fault("ch0. > py.a"), "5: 'ch0.'" + types);
  EXPECT_EQ(fault("ch0.7 > py.a"), "5: 'ch0.7'" + types);
}

TEST(MappingFault, in_a_port) {
  EXPECT_EQ(fault(".ch0.cc7 > py.a"), "1: the name of a port is missing here");
  EXPECT_EQ(fault("a+b.ch0.cc7 > py.a"),
            "2: 'a+b' is no port: a tag has only A-Z a-z 0-9 _ . - / : [ ]");
  EXPECT_EQ(fault("a b.ch0.cc7 > py.a"),
            "2: 'a b' is no port: a tag has only A-Z a-z 0-9 _ . - / : [ ]");
}

TEST(MappingFault, in_a_python_channel) {
  const std::string none = " is no channel: channels are such as py.level and ch0.cc7";
  EXPECT_EQ(fault("ch0.cc7 > level"), "11: 'level'" + none);
  EXPECT_EQ(fault("ch0.cc7 > .level"), "11: '.level'" + none);
  EXPECT_EQ(fault("ch0.cc7 > my py.level"), "11: 'my py.level'" + none);
  EXPECT_EQ(fault("ch0.cc7 > ch0"), "11: 'ch0'" + none);
  EXPECT_EQ(fault("ch0.cc7 > py."), "14: a name is missing here");
  EXPECT_EQ(fault("ch0.cc7 > py.m..f"), "16: a name is missing here");
  EXPECT_EQ(fault("ch0.cc7 > py.1"), "14: '1' is no name in Python");
  EXPECT_EQ(fault("ch0.cc7 > py.m.lua-input"), "16: 'lua-input' is no name in Python");
  EXPECT_EQ(fault("ch0.cc7 > keys.cc0.7"), "20: '7' is no name in Python");
  EXPECT_EQ(fault("ch0.cc7 > py.a b"), "14: 'a b' is no name in Python");
  EXPECT_EQ(read("ch0.cc7 > py.\xff"), Lines{"--map:1:14: '?' is no name in Python\n"
                                             "ch0.cc7 > py.?\n"
                                             "             ^"});
}

TEST(MappingFault, in_a_range) {
  EXPECT_EQ(fault("ch0.cc{1..3 > py.a"), "7: this '{' has no '}'");
  EXPECT_EQ(fault("ch0.cc1..3} > py.a"), "11: this '}' has no '{'");
  EXPECT_EQ(fault("ch0.cc{1{2}} > py.a"), "7: this '{' has no '}'");
  EXPECT_EQ(fault("ch0.cc{} > py.a"), "8: a word is missing in this range");
  EXPECT_EQ(fault("ch0.cc{1,} > py.a"), "10: a word is missing in this range");
  EXPECT_EQ(fault("ch0.cc{1, ,2} > py.a"), "11: a word is missing in this range");
  EXPECT_EQ(fault("ch0.cc{1..} > py.a"), "11: '' is no number: a range is such as 1..16");
  EXPECT_EQ(fault("ch0.cc{-1..3} > py.a"), "8: '-1' is no number: a range is such as 1..16");
  EXPECT_EQ(fault("ch0.cc{1..b} > py.a"), "11: 'b' is no number: a range is such as 1..16");
  EXPECT_EQ(fault("ch0.cc{0..1000000000} > py.a"),
            "11: '1000000000' is no number: a range is such as 1..16");
  EXPECT_EQ(fault("py.a < ch0.cc{126..128}"), "8: 'ch0.cc128': the number of cc is in 0..127")
      << "what it stands for is at fault: the caret is under all of it";
}

// --- files ---

// What a file says, or its error.
Lines read_file(std::string_view text) {
  const auto file = parse_map_file(text, "show.cfg");
  if (!file) {
    EXPECT_EQ(file.error().status, exit_usage);
    return {file.error().what};
  }
  Lines lines = lines_of(file.value().mappings);
  for (const std::string& module : file.value().modules) lines.push_back("module " + module);
  if (!file.value().default_handler.empty())
    lines.push_back("default " + file.value().default_handler);
  return lines;
}

TEST(MapFile, is_a_mapping_a_line) {
  EXPECT_EQ(read_file("; faders\n"
                      "ch0.cc7 > py.level\n"
                      "\n"
                      "  # and back\r\n"
                      " ch0.cc7 < py.level\r\n"
                      "[a].ch0.cc1 > py.x"),
            (Lines{"ch0.cc7 > py.level", "py.level > ch0.cc7", "[a].ch0.cc1 > py.x"}));
  EXPECT_EQ(read_file(""), Lines{});
  EXPECT_EQ(read_file("\n\n"), Lines{});
}

TEST(MapFile, is_a_configuration_of_midimonster) {
  EXPECT_EQ(read_file("; as MIDIMonster reads it\n"
                      "[backend midi]\n"
                      "name = MIDIMonster\n"
                      "[backend python]\n"
                      "\n"
                      "[midi keys]\n"
                      "read = 20:0\n"
                      "anything at all > here\n"
                      "[python py1]\n"
                      "module = my_handlers.py\n"
                      "module=pads\n"
                      "default-handler = my_handlers.rest\n"
                      "[lua lua1]\n"
                      "script = print.lua\n"
                      "[map]\n"
                      "keys.ch0.cc{1..2} > py1.fader{1..2}\n"
                      "[python py2]\n"
                      "module = three.py\n"
                      "[map]\n"
                      "py1.my_handlers.in1 < keys.ch0.pitch\n"
                      "py2.x > ch0.cc1\n"),
            (Lines{"keys.ch0.cc1 > py.fader1", "keys.ch0.cc2 > py.fader2",
                   "keys.ch0.pitch > py.my_handlers.in1", "py.x > ch0.cc1", "module my_handlers.py",
                   "module pads", "module three.py", "default my_handlers.rest"}));
}

TEST(MapFile, says_where_it_is_wrong) {
  EXPECT_EQ(read_file("ch0.cc7 > py.a\n\nch0.cc128 > py.a\r\nmore"),
            Lines{"show.cfg:3:7: 'ch0.cc128': the number of cc is in 0..127\n"
                  "ch0.cc128 > py.a\n"
                  "      ^"});
  EXPECT_EQ(read_file("\tlevel"),
            Lines{"show.cfg:1:2: this is no mapping: it is A > B, A < B or A <> B\n"
                  "\tlevel\n"
                  "\t^"});
  EXPECT_EQ(read_file("[map\n"),
            Lines{"show.cfg:1:1: this is no mapping: it is A > B, A < B or A <> B\n"
                  "[map\n"
                  "^"});
  EXPECT_EQ(read_file("[python py]\nmodul = a.py\n"),
            Lines{"show.cfg:2:1: 'modul' is no option of python: it is module or default-handler\n"
                  "modul = a.py\n"
                  "^"});
  EXPECT_EQ(read_file("[python py]\nmodule a.py\n"),
            Lines{"show.cfg:2:1: this is no OPTION = VALUE\n"
                  "module a.py\n"
                  "^"});
  EXPECT_EQ(read_file("[python py]\nmodule =\n"),
            Lines{"show.cfg:2:9: a module's file is missing here\n"
                  "module =\n"
                  "        ^"});
  EXPECT_EQ(read_file("[python py]\ndefault-handler = f\n"),
            Lines{"show.cfg:2:19: 'f' is no handler: it is MODULE.FUNCTION\n"
                  "default-handler = f\n"
                  "                  ^"});
  EXPECT_EQ(read_file("[python a]\ndefault-handler = m.f\n[python b]\ndefault-handler = m.g\n"),
            Lines{"show.cfg:4:19: the default handler is m.f already\n"
                  "default-handler = m.g\n"
                  "                  ^"});
  EXPECT_EQ(read_file("[include more.cfg]\n"),
            Lines{"show.cfg:1:2: other files are not read from here: give them with --map as well\n"
                  "[include more.cfg]\n"
                  " ^"});
  EXPECT_EQ(read_file("[midi a]\n[python a]\n"),
            Lines{"show.cfg:2:9: 'a' is the name of another instance\n"
                  "[python a]\n"
                  "        ^"});
}

TEST(MapFile, keeps_in_mind_what_instances_are) {
  const std::string file = "[midi keys]\n[jack j]\n[python py]\n[artnet net]\n[map]\n";
  EXPECT_EQ(read_file(file + "net.{1..16} < keys.ch0.cc{1..16}\n"),
            Lines{"show.cfg:6:1: 'net' is an instance of artnet: there are MIDI and Python alone "
                  "here\n"
                  "net.{1..16} < keys.ch0.cc{1..16}\n"
                  "^"});
  EXPECT_EQ(read_file(file + "keys.level > py.a\n"),
            Lines{"show.cfg:6:1: 'keys' is an instance of midi: its channels are written as "
                  "ch0.cc7\n"
                  "keys.level > py.a\n"
                  "^"});
  EXPECT_EQ(read_file(file + "py.a > py.ch0.cc7\n"),
            Lines{"show.cfg:6:8: 'py' is an instance of python, and what follows is a MIDI "
                  "channel\n"
                  "py.a > py.ch0.cc7\n"
                  "       ^"});
  EXPECT_EQ(read_file(file + "j.out.ch0.cc7 < other.a\nch0.cc1 > no.ch0.cc1"),
            (Lines{"py.a > j.out.ch0.cc7", "ch0.cc1 > no.ch0.cc1"}))
      << "without a port, and what no section declares, as everywhere";
}

TEST(MapFile, takes_any_name_for_an_instance) {
  EXPECT_EQ(read_file("[backend rtpmidi]\n[rtpmidi rtpmidi]\n[winmidi w]\n[lua ch0]\n[map]\n"
                      "rtpmidi.ch0.cc1 > w.ch0.cc2\n"
                      "ch0.cc3 > py.a\n"),
            (Lines{"rtpmidi.ch0.cc1 > w.ch0.cc2", "ch0.cc3 > py.a"}));
}

TEST(MapFile, is_bounded) {
  std::string text;
  for (int i = 0; i < 4; ++i) text += "ch0.cc1 > py.x{1..65536}\n";
  EXPECT_EQ(parse_map_file(text, "").value().mappings.size(), most_mappings);
  EXPECT_EQ(read_file(text + "\n ch0.cc1 > py.a"),
            Lines{"show.cfg:6:2: with this there are more than 262144 mappings\n"
                  " ch0.cc1 > py.a\n"
                  " ^"});
}

TEST(IsMapping, tells_a_mapping_from_a_file) {
  EXPECT_TRUE(is_mapping("a<b"));
  EXPECT_TRUE(is_mapping("ch0.cc7 > py.level"));
  EXPECT_FALSE(is_mapping("show.cfg"));
}

TEST(IsPythonName, is_words_joined_by_dots) {
  for (const std::string_view name : {"f", "m.f", "_a1.B2.c", "h\xc3\xb6he"})
    EXPECT_TRUE(is_python_name(name)) << name;
  for (const std::string_view name :
       {"", ".", "f.", ".f", "m..f", "1a", "a-b", "a b", "\xff", "a\n"})
    EXPECT_FALSE(is_python_name(name)) << name;
}

} // namespace
} // namespace mm::py
