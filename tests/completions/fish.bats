# The completions in a real fish.

load shells

setup_file() { start_ports; }
teardown_file() { stop_ports; }

setup() {
  export MM_SHELL=fish
  cd "$BATS_TEST_TMPDIR" || return
}

@test "fish: all options are offered" { test_all_options; }
@test "fish: an option is finished" { test_option_is_finished; }
@test "fish: values of options are offered" { test_values; }
@test "fish: all values that the tool takes" { test_values_are_all; }
@test "fish: no words, and no files, where a value is free" { test_no_values; }
@test "fish: kinds of events, and their groups" { test_kinds; }
@test "fish: kinds of events in comma lists" { test_kinds_in_lists; }
@test "fish: the first argument of mmsend is a kind" { test_first_argument; }
@test "fish: the further ones are not" { test_further_arguments; }
@test "fish: live ports, however the word was begun" { test_ports; }
@test "fish: live ports with all that needs quotes in their names" { test_ports_of_odd_names; }
@test "fish: silence where there is no MIDI system" { test_no_midi_system; }
@test "fish: addresses for names that do not do" { test_addresses; }
@test "fish: the ports of the backend that is chosen" { test_ports_of_the_backend; }
@test "fish: commands are offered, and their own options" { test_commands; }
@test "fish: values of options of commands" { test_values_of_commands; }
@test "fish: arguments of commands: words, files" { test_arguments_of_commands; }
@test "fish: live ports of JACK, sources and destinations" { test_jack_ports; }
@test "fish: live ports of JACK, with odd names" { test_jack_ports_of_odd_names; }
@test "fish: the ports of the server that is named" { test_ports_of_the_server; }
