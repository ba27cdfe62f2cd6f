# The completions in a real bash.

load shells

setup_file() { start_ports; }
teardown_file() { stop_ports; }

setup() {
  export MM_SHELL=bash
  cd "$BATS_TEST_TMPDIR" || return
}

@test "bash: all options are offered" { test_all_options; }
@test "bash: an option is finished" { test_option_is_finished; }
@test "bash: values of options are offered" { test_values; }
@test "bash: all values that the tool takes" { test_values_are_all; }
@test "bash: no words, and no files, where a value is free" { test_no_values; }
@test "bash: kinds of events, and their groups" { test_kinds; }
@test "bash: kinds of events in comma lists" { test_kinds_in_lists; }
@test "bash: the first argument of mmsend is a kind" { test_first_argument; }
@test "bash: the further ones are not" { test_further_arguments; }
@test "bash: live ports, however the word was begun" { test_ports; }
@test "bash: live ports with all that needs quotes in their names" { test_ports_of_odd_names; }
@test "bash: silence where there is no MIDI system" { test_no_midi_system; }
@test "bash: addresses for names that do not do" { test_addresses; }
@test "bash: the ports of the backend that is chosen" { test_ports_of_the_backend; }
@test "bash: commands are offered, and their own options" { test_commands; }
@test "bash: values of options of commands" { test_values_of_commands; }
@test "bash: arguments of commands: words, files" { test_arguments_of_commands; }
@test "bash: live ports of JACK, sources and destinations" { test_jack_ports; }
@test "bash: live ports of JACK, with odd names" { test_jack_ports_of_odd_names; }
@test "bash: the ports of the server that is named" { test_ports_of_the_server; }

@test "bash: bash-completion finds the file by itself" {
  # As --install puts it, in a directory of the user's.
  mkdir -p user
  ln -s "$MM_COMPLETIONS_DIR/bash" user/completions
  export BASH_COMPLETION_USER_DIR=$PWD/user
  local setup='source /usr/share/bash-completion/bash_completion'
  MM_SHELL_SETUP=$setup typed $'mmrecv --note-n\t' | is 'mmrecv --note-names '
}

@test "bash: live ports where a colon does not part words" {
  # shellcheck disable=SC2016 # the other bash expands it
  local setup='COMP_WORDBREAKS=${COMP_WORDBREAKS//:}; source "$MM_COMPLETIONS_DIR/bash/mmsend"'
  MM_SHELL_SETUP=$setup arguments $'mmsend --backend rtmidi -p mmrecv:\t' |
    is '<--backend><rtmidi><-p><mmrecv:my port>'
}

@test "bash: the files are clean under shellcheck" {
  shellcheck -s bash "$MM_COMPLETIONS_DIR"/bash/*
}
