// What mmpy makes of its arguments, and what it says about wrong ones.
#include "mmpy/options.hpp"
#include "option_words.hpp"

#include <gmock/gmock.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace mm::py {
namespace {

using test::Lines;

std::string describe(const Options& options) {
  test::Words words;
  for (const std::string& file : options.files) words.add(true, "file " + file);
  words.add(!options.module.empty(), "module " + options.module);
  for (const std::string& line : test::split(options.expression)) words.add(true, "run " + line);
  for (const std::string& argument : options.arguments) words.add(true, "argument " + argument);
  words.add(options.reload, "reload");
  words.add(options.midimonster, "midimonster");
  for (const Mapping& mapping : options.map.mappings)
    words.add(true, to_string(mapping.from) + " > " + to_string(mapping.to));
  for (const std::string& module : options.map.modules) words.add(true, "its module " + module);
  words.add(!options.map.default_handler.empty(), "default " + options.map.default_handler);
  words.add(options.virtual_clock, "virtual");
  test::add_clock(words, options.clock);
  words.add(options.input.format.format != Format::text,
            "from " +
                std::string(format_names[static_cast<std::size_t>(options.input.format.format)]));
  words.add(options.input.format.notes.middle_c != 4,
            "middle c in " + std::to_string(options.input.format.notes.middle_c));
  words.add(options.input.format.max_sysex != default_max_sysex,
            "max in " + std::to_string(options.input.format.max_sysex));
  words.add(options.input.keep_raw, "keep raw");
  words.add(options.input.strict, "strict");
  test::add_format(words, options.output);
  words.add(options.keep_open, "keep open");
  words.add(!options.release, "no release");
  words.add(options.ready_fd != -1, "ready " + std::to_string(options.ready_fd));
  return words.text();
}

std::string py(const Lines& arguments) {
  return test::parsed(parse_options, describe, "mmpy", arguments);
}

// The same with a script before them.
std::string with(Lines more) {
  more.insert(more.begin(), "f.py");
  const std::string all = py(more);
  const std::string always = "file f.py, ";
  return all.starts_with(always) ? all.substr(always.size()) : all;
}

// A folder that is gone at the end, with a file in it.
class Folder {
 public:
  explicit Folder(const std::string& text) {
    std::filesystem::create_directory(path_);
    std::ofstream(file()) << text;
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() { std::filesystem::remove_all(path_); }
  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] std::string file() const { return path_ + "/show.cfg"; }

 private:
  std::string path_ = testing::TempDir() + "mm-mmpy-" + std::to_string(::getpid());
};

// --- what is run ---

TEST(PyOptions, one_of_files_a_module_and_code_is_run) {
  EXPECT_EQ(py({"f.py"}), "file f.py");
  EXPECT_EQ(py({"b.py", "a.py", "b.py"}), "file b.py, file a.py, file b.py") << "in this order";
  EXPECT_EQ(py({"-m", "latch"}), "module latch");
  EXPECT_EQ(py({"--module=a.b"}), "module a.b");
  EXPECT_EQ(py({"-e", "e.note += 12"}), "run e.note += 12");
  EXPECT_EQ(py({"-e", "if e.note > 60:", "--expression=  drop()"}),
            "run if e.note > 60:, run   drop()")
      << "the lines of one program";
}

TEST(PyOptions, what_follows_two_dashes_is_the_scripts) {
  EXPECT_EQ(py({"f.py", "--", "C", "minor"}), "file f.py, argument C, argument minor");
  EXPECT_EQ(py({"-m", "pytest", "--", "-q", "--", "--help"}),
            "module pytest, argument -q, argument --, argument --help");
  EXPECT_EQ(py({"-e", "x = 1", "--"}), "run x = 1");
  EXPECT_EQ(py({"f.py", "--", ""}), "file f.py, argument ");
}

TEST(PyOptions, options_may_stand_behind_the_script) {
  EXPECT_EQ(py({"a.py", "--strict", "b.py", "-m"}), "2: --module needs a value");
  EXPECT_EQ(py({"a.py", "--strict", "b.py"}), "file a.py, file b.py, strict");
  EXPECT_EQ(py({"-e", "drop()", "a.py"}), "2: FILE, -m and -e exclude each other")
      << "a code is one word";
}

TEST(PyOptions, nothing_or_too_much_to_run) {
  const std::string nothing = "2: nothing to run: say FILE, -m MODULE or -e CODE";
  EXPECT_EQ(py({}), nothing);
  EXPECT_EQ(py({"--", "f.py"}), nothing);
  EXPECT_EQ(py({"--strict"}), nothing);
  EXPECT_EQ(py({"--midimonster"}), nothing);
  const std::string several = "2: FILE, -m and -e exclude each other";
  EXPECT_EQ(py({"f.py", "-m", "m"}), several);
  EXPECT_EQ(py({"f.py", "-e", "1"}), several);
  EXPECT_EQ(py({"-m", "m", "-e", "1"}), several);
}

// --- options ---

TEST(PyOptions, each_does_one_thing) {
  EXPECT_EQ(with({"--reload"}), "reload");
  EXPECT_EQ(with({"--virtual-clock"}), "virtual");
  EXPECT_EQ(with({"--clock", "realtime"}), "clock realtime");
  EXPECT_EQ(with({"--clock", "start"}), "clock start");
  EXPECT_EQ(with({"--clock", "monotonic"}), "file f.py");
  EXPECT_EQ(with({"--keep-raw", "--from", "raw"}), "from raw, keep raw");
  EXPECT_EQ(with({"--strict"}), "strict");
  EXPECT_EQ(with({"--to", "json"}), "json");
  EXPECT_EQ(with({"--from", "mido", "--to", "raw"}), "from mido, raw");
  EXPECT_EQ(with({"--note-names"}), "note names");
  EXPECT_EQ(with({"--middle-c", "3"}), "middle c in 3, middle c 3") << "of both";
  EXPECT_EQ(with({"--max-sysex", "99"}), "max in 99, max 99");
  EXPECT_EQ(with({"--keep-open"}), "keep open");
  EXPECT_EQ(with({"--no-release"}), "no release");
  EXPECT_EQ(with({"--ready-fd", "2"}), "ready 2");
}

TEST(PyOptions, what_does_not_go_together) {
  EXPECT_EQ(with({"--virtual-clock", "--keep-open"}),
            "2: --virtual-clock and --keep-open exclude each other: time ends with the events");
  EXPECT_EQ(py({"-e", "1", "--reload"}), "2: --reload goes with FILE");
  EXPECT_EQ(py({"-m", "m", "--reload"}), "2: --reload goes with FILE");
  EXPECT_EQ(with({"--map", "ch0.cc7 > py.a"}),
            "2: --map and --default-handler go with --midimonster");
  EXPECT_EQ(with({"--default-handler", "m.f"}),
            "2: --map and --default-handler go with --midimonster");
}

TEST(PyOptions, wrong_values) {
  EXPECT_EQ(with({"--clock", "wall"}), "2: --clock 'wall': it is one of monotonic realtime start");
  EXPECT_EQ(with({"--from", "jason"}), "2: --from 'jason': it is one of text json raw mido");
  EXPECT_EQ(with({"--to", "jason"}), "2: --to 'jason': it is one of text json raw mido");
  EXPECT_EQ(with({"--modul", "x"}), "2: unknown option '--modul'; did you mean '--module'?");
  EXPECT_EQ(py({"-e"}), "2: --expression needs a value");
}

// --- MIDIMonster ---

std::string monster(Lines more) {
  more.insert(more.begin(), "--midimonster");
  const std::string all = with(more);
  const std::string always = "midimonster, ";
  return all.starts_with(always) ? all.substr(always.size()) : all;
}

TEST(PyOptions, midimonster_takes_mappings) {
  EXPECT_EQ(monster({"--map", "ch0.cc{1..2} > py.a", "--map", "ch1.pitch < py.b"}),
            "ch0.cc1 > py.a, ch0.cc2 > py.a, py.b > ch1.pitch");
  EXPECT_EQ(monster({"--map", "ch0.cc1 > py.a", "--default-handler", "m.f"}),
            "ch0.cc1 > py.a, default m.f");
  EXPECT_EQ(py({"--midimonster", "--map", "ch0.cc1 > ch0.cc2"}), "midimonster, ch0.cc1 > ch0.cc2")
      << "without a module";
}

TEST(PyOptions, midimonster_takes_files_of_mappings) {
  const Folder folder("[python py1]\n"
                      "module = a.py\n"
                      "module = sub/b.py\n"
                      "module = name.of.one\n"
                      "default-handler = a.rest\n"
                      "[map]\n"
                      "ch0.cc1 > py1.x\n");
  const std::string here = "its module " + folder.path() + '/';
  const std::string modules = here + "a.py, " + here + "sub/b.py, " + here + "name.of.one";
  EXPECT_EQ(monster({"--map", folder.file()}), "ch0.cc1 > py.x, " + modules + ", default a.rest");
  EXPECT_EQ(monster({"--map", folder.file(), "--default-handler", "b.f"}),
            "ch0.cc1 > py.x, " + modules + ", default b.f")
      << "what is typed goes before what a file says";
  EXPECT_EQ(py({"--midimonster", "--map", "ch0.cc2 > py.y", "--map", folder.file()}),
            "midimonster, ch0.cc2 > py.y, ch0.cc1 > py.x, " + modules + ", default a.rest");
}

TEST(PyOptions, midimonster_and_what_does_not_go_with_it) {
  EXPECT_EQ(monster({}), "2: --midimonster needs a --map: nothing would reach its modules");
  EXPECT_EQ(monster({"--map", "ch0.cc1 > py.a", "--reload"}),
            "2: --reload and --midimonster exclude each other");
  EXPECT_EQ(py({"-e", "1", "--midimonster", "--map", "ch0.cc1 > py.a"}),
            "2: --midimonster goes with FILE");
  EXPECT_EQ(py({"-m", "m", "--midimonster", "--map", "ch0.cc1 > py.a"}),
            "2: --midimonster goes with FILE");
}

TEST(PyOptions, a_mapping_that_is_wrong_is_shown) {
  EXPECT_EQ(monster({"--map", "ch0.cc1 > py.a", "--map", "ch0.cc128 > py.a"}),
            "2: --map:1:7: 'ch0.cc128': the number of cc is in 0..127\n"
            "ch0.cc128 > py.a\n"
            "      ^");
  const Folder folder("; faders\nch0.cc1 > py.a > py.b\n");
  EXPECT_EQ(monster({"--map", folder.file()}), "2: " + folder.file() +
                                                   ":2:16: there is an arrow already\n"
                                                   "ch0.cc1 > py.a > py.b\n"
                                                   "               ^");
}

TEST(PyOptions, a_file_of_mappings_that_cannot_be_read) {
  EXPECT_EQ(monster({"--map", "no.cfg"}), "2: --map no.cfg: No such file or directory");
  EXPECT_EQ(monster({"--map", ""}), "2: --map : No such file or directory");
  const Folder folder("");
  EXPECT_EQ(monster({"--map", folder.path()}), "2: --map " + folder.path() + ": Is a directory");
  EXPECT_EQ(monster({"--map", folder.file() + "/x"}),
            "2: --map " + folder.file() + "/x: Not a directory");
}

TEST(PyOptions, a_default_handler_is_a_function_of_a_module) {
  const auto wrong = [](const std::string& name) {
    return monster({"--map", "ch0.cc1 > py.a", "--default-handler", name});
  };
  EXPECT_EQ(wrong("f"), "2: --default-handler 'f': it is MODULE.FUNCTION");
  EXPECT_EQ(wrong("m.f x"), "2: --default-handler 'm.f x': it is MODULE.FUNCTION");
}

} // namespace
} // namespace mm::py
