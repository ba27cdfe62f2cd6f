# The completions in a real zsh.

load shells

setup_file() { start_ports; }
teardown_file() { stop_ports; }

setup() {
  export MM_SHELL=zsh
  cd "$BATS_TEST_TMPDIR" || return
}

@test "zsh: all options are offered" { test_all_options; }
@test "zsh: an option is finished" { test_option_is_finished; }
@test "zsh: values of options are offered" { test_values; }
@test "zsh: all values that the tool takes" { test_values_are_all; }
@test "zsh: no words, and no files, where a value is free" { test_no_values; }
@test "zsh: kinds of events, and their groups" { test_kinds; }
@test "zsh: kinds of events in comma lists" { test_kinds_in_lists; }
@test "zsh: the first argument of mmsend is a kind" { test_first_argument; }
@test "zsh: the further ones are not" { test_further_arguments; }
@test "zsh: live ports, however the word was begun" { test_ports; }
@test "zsh: live ports with all that needs quotes in their names" { test_ports_of_odd_names; }
@test "zsh: silence where there is no MIDI system" { test_no_midi_system; }
@test "zsh: addresses for names that do not do" { test_addresses; }
@test "zsh: the ports of the backend that is chosen" { test_ports_of_the_backend; }
@test "zsh: commands are offered, and their own options" { test_commands; }
@test "zsh: values of options of commands" { test_values_of_commands; }
@test "zsh: arguments of commands: words, files" { test_arguments_of_commands; }
@test "zsh: live ports of JACK, sources and destinations" { test_jack_ports; }
@test "zsh: live ports of JACK, with odd names" { test_jack_ports_of_odd_names; }
@test "zsh: the ports of the server that is named" { test_ports_of_the_server; }
