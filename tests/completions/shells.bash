# What the tests of the completions share: ways to ask each of the real shells, and what is the
# same for all of them. A file of tests says which it is about in MM_SHELL.
#
# MM_BIN_DIR         where the tools are (build/release/bin)
# MM_COMPLETIONS_DIR where their completions are, and the program that writes them
#                    (build/release/completions)
# MM_MAN_DIR         where the man pages are (man)

load ../bats/helpers

MM_COMPLETIONS_DIR=${MM_COMPLETIONS_DIR:-$BATS_TEST_DIRNAME/../../build/release/completions}
MM_MAN_DIR=${MM_MAN_DIR:-$BATS_TEST_DIRNAME/../../man}
MM_COMPDUMP=$BATS_RUN_TMPDIR/compdump
export MM_BIN_DIR MM_COMPLETIONS_DIR MM_COMPDUMP
[ -x "$MM_COMPLETIONS_DIR/generate" ] || { echo "no completions in $MM_COMPLETIONS_DIR"; exit 1; }
export LC_ALL=C.UTF-8 # for names beyond ASCII, and one order in all of sort

tools() { "$MM_COMPLETIONS_DIR/generate" --tools; }

# What a command line may begin with, a line each: a tool, or a tool and one of its commands.
modes() {
  local tool
  for tool in $(tools); do
    echo "$tool"
    "$MM_COMPLETIONS_DIR/generate" --commands "$tool" | sed "s/^/$tool /"
  done
}

# options MODE: those that it declares, a line each.
options() {
  local words
  read -ra words <<< "$1"
  "$MM_COMPLETIONS_DIR/generate" --options "${words[@]}" | tr ' ' '\n'
}

# typed KEYS: the command line after they were typed. $'\t' asks for completion.
typed() { timeout 60 "$BATS_TEST_DIRNAME/type.py" "$MM_SHELL" "$1" | sed -n 1p; }

# stand_in TOOL: from now on the shell finds a script, which comes in at stdin, for the tool.
stand_in() {
  mkdir -p "$BATS_TEST_TMPDIR/stand-in"
  cat > "$BATS_TEST_TMPDIR/stand-in/$1"
  chmod +x "$BATS_TEST_TMPDIR/stand-in/$1"
  PATH=$BATS_TEST_TMPDIR/stand-in:$PATH
}

# arguments KEYS: types them, which begin with a tool, runs the command, and prints the arguments
# that the tool got, each as <ARGUMENT>.
arguments() {
  # The tool that is asked for ports is the real one. On a busy machine JACK refuses a client
  # now and then, which is not what is tested here.
  stand_in "${1%% *}" << 'END'
#!/bin/sh
case $* in
  *--json*)
    for try in 1 2 3 4 5; do "$MM_BIN_DIR/${0##*/}" "$@" && exit; done
    exit 1
    ;;
esac
{ printf '<%s>' "$@"; printf '\0'; } > "$MM_ANSWER"
END
  timeout 60 "$BATS_TEST_DIRNAME/type.py" "$MM_SHELL" "$1"$'\r'
}

# offers LINE: the words that are offered at the end of the line, sorted, a line each; of a comma
# list the last, of --option=value the value.
offers() { "offers_$MM_SHELL" "$1" | sed -E 's/^--[^=]*=//; s/^.*,//' | sort; }

offers_bash() {
  # shellcheck disable=SC2016 # the other bash expands it
  timeout 60 bash --norc -c '
    source "$MM_COMPLETIONS_DIR/bash/${1%% *}"
    read -ra COMP_WORDS <<< "$1"
    [[ $1 == *" " ]] && COMP_WORDS+=("")
    COMP_CWORD=$((${#COMP_WORDS[@]} - 1)) COMP_LINE=$1 COMP_POINT=${#1}
    "_${1%% *}"
    (("${#COMPREPLY[@]}" == 0)) || printf "%s\n" "${COMPREPLY[@]}"' bash "$1"
}

# From the second line on; each once, since zsh may ask for them more than once.
offers_zsh() { timeout 60 "$BATS_TEST_DIRNAME/type.py" zsh "$1"$'\t' | tail -n +2 | sort -u; }

offers_fish() {
  # shellcheck disable=SC2016 # fish expands it
  HOME=$BATS_TEST_TMPDIR timeout 60 fish --no-config -c '
    set -p fish_complete_path $MM_COMPLETIONS_DIR/fish
    complete -C "$argv[1]"' "$1" | cut -f 1
}

# is EXPECTED: compares it with what comes in.
is() { same "$1" "$(cat)"; }

# The words, sorted, a line each.
words() { printf '%s\n' "$@" | sort; }

# start_ports: a JACK server of our own, and ports for mmsend on it: "mmrecv:my port",
# "mmrecv-01:$ODD_NAME", "mmrecv-02:5'" and one that has a '=' in its name; ports where something
# comes from: "source:my port", "source:$ODD_NAME" and "source:5'".
# shellcheck disable=SC2016 # this is how it is to be
ODD_NAME='it'\''s "a" $b \c & é!"'
start_ports() {
  start_jack
  cd "$BATS_FILE_TMPDIR" || return
  start_in_tries ports mmrecv --backend rtmidi --virtual 'my port' --virtual "$ODD_NAME" \
    --virtual "5'" --virtual 'e=q=tag'
  start_in_tries sources mmjack --client source --out 'my port' --out "$ODD_NAME" --out "5'" \
    --keep-open
}

start_in_tries() {
  local try
  for try in 1 2 3; do start "$@" && return; done
  echo "no ports after $try tries"
  return 1
}

# A server whose clients were killed would take many seconds to end.
stop_ports() {
  [ -z "${PID[sources]:-}" ] || stop sources
  [ -z "${PID[ports]:-}" ] || stop ports
  stop_jack
}

# --- what holds in every shell ---

test_all_options() {
  local tool
  for tool in $(tools); do offers "$tool --" | is "$(options "$tool" | grep '^--' | sort)"; done
}

test_option_is_finished() {
  # zsh says by '=' that a value is to come.
  [[ $(typed $'mmrecv --note-n\t') == 'mmrecv --note-names ' ]]
  [[ $(typed $'true | MM_OUTPUT=x mmsend --stri\t') == 'true | MM_OUTPUT=x mmsend --strict ' ]]
  [[ $(typed $'mmrecv --clo\tstart') =~ ^'mmrecv --clock'[[:blank:]=]start$ ]]
}

test_values() {
  offers 'mmrecv --to ' | is "$(words text json raw mido)"
  offers 'mmsend --from=' | is "$(words text json raw mido)"
  offers 'mmrecv --backend ' | is "$(words alsa rtmidi)"
  offers 'mmrecv --clock ' | is "$(words monotonic realtime start)"
  [[ $(typed $'mmrecv --to=j\t') == 'mmrecv --to=json ' ]]
  [[ $(typed $'mmrecv --clock r\t') == 'mmrecv --clock realtime ' ]]
}

# What is offered is what the tool takes; it lists that when it refuses a value.
test_values_are_all() {
  local option
  for option in --to --backend --clock; do
    offers "mmrecv $option " |
      is "$(mmrecv -p x "$option" '?' 2>&1 | sed -n 's/.*it is one of //p' | tr ' ' '\n' | sort)"
  done
}

test_no_values() {
  offers 'mmrecv --count ' | is ''
  offers 'mmrecv -n ' | is ''
  offers 'mmsend --virtual ' | is ''
  touch file
  [[ $(typed $'mmsend --at fil\t') == 'mmsend --at fil' ]]
  [[ $(typed $'mmsend fil\t') == 'mmsend fil' ]]
}

# shellcheck disable=SC2154 # Bats sets status
test_kinds() {
  # Each word that is offered is one that the tool knows: this is no wrong usage.
  run mmrecv --backend alsa --list --only "$(offers 'mmrecv --only ' | paste -sd ,)"
  [ "$status" -ne 2 ]
  offers 'mmrecv --only ' | grep -xE 'note-on|pp|nrpn|realtime|meta' |
    is "$(words note-on pp nrpn realtime meta)"
  offers 'mmrecv --not=son' | is "$(words song-position song-select)"
  [[ $(typed $'mmrecv --only control-\t') =~ ^'mmrecv --only control-change'[[:blank:],]?$ ]]
}

test_kinds_in_lists() {
  offers 'mmrecv --only note-on,c' |
    is "$(words cc cc14 channel-pressure clock common continue control-change cp)"
  offers 'mmrecv --not=meta,cc,song-s' | is song-select
  # What is there already is not offered again.
  offers 'mmrecv --only cp,c' |
    is "$(words cc cc14 channel-pressure clock common continue control-change)"
  [[ $(typed $'mmrecv --only=on,control-\t') =~ ^'mmrecv --only=on,control-change'[[:blank:],]?$ ]]
}

test_first_argument() {
  offers 'mmsend so' | is "$(words song-position song-select)"
  offers 'mmsend -p x --timed=2 --at 14:00 --loop=2 -px so' |
    is "$(words song-position song-select)"
  offers 'mmsend ' | grep -xE 'note-off|on|cc14' | is "$(words cc14 note-off on)"
  # A group is no event.
  offers 'mmsend comm' | is ''
}

test_further_arguments() {
  offers 'mmsend -p x song-select so' | is ''
  offers 'mmsend song-select 1 --re' | is "$(words --ready-fd --reset)"
  offers 'mmsend -- song-s' | is song-select
  offers 'mmsend -- song-select --re' | is ''
}

test_ports() {
  local expected='<--backend><rtmidi><-p><mmrecv:my port>' begun
  for begun in "mmrecv:" 'mmrecv:my\ p' "'mmrecv:my p" '"mmrecv:my p' "'mmrecv:"; do
    echo "$begun"
    arguments "mmsend --backend rtmidi -p $begun"$'\t' | is "$expected"
  done
  for begun in mmrecv: "'mmrecv:m" mmrecv:my\\; do
    echo "--port=$begun"
    arguments "mmsend --backend rtmidi --port=$begun"$'\t' |
      is '<--backend><rtmidi><--port=mmrecv:my port>'
  done
  arguments $'mmsend --backend=rtmidi -pmmrecv:\t' | is '<--backend=rtmidi><-pmmrecv:my port>'
  arguments $'mmsend --backend=rtmidi -p mmrecv: -p mmrecv:\t' |
    is '<--backend=rtmidi><-p><mmrecv:><-p><mmrecv:my port>'
}

test_ports_of_odd_names() {
  local quote
  for quote in '' "'" '"'; do
    echo "in $quote"
    arguments "mmsend --backend rtmidi -p ${quote}mmrecv-01"$'\t' |
      is "<--backend><rtmidi><-p><mmrecv-01:$ODD_NAME>"
    arguments "mmsend --backend rtmidi -p ${quote}mmrecv-02"$'\t' |
      is "<--backend><rtmidi><-p><mmrecv-02:5'>"
  done
}

# No port: nothing is offered, and nothing is said.
test_no_midi_system() {
  export MM_SCREEN=$BATS_TEST_TMPDIR/screen
  JACK_DEFAULT_SERVER=mmtest-none-$$ typed $'mmsend --backend rtmidi -p m\t' |
    is 'mmsend --backend rtmidi -p m'
  run -1 grep -ai 'mmsend: \|jack' "$MM_SCREEN"
  JACK_DEFAULT_SERVER=mmtest-none-$$ typed $'mmjack connect m\t' | is 'mmjack connect m'
  run -1 grep -ai 'mmjack: \|server' "$MM_SCREEN"
  # And the tool does have something to say.
  JACK_DEFAULT_SERVER=mmtest-none-$$ mmsend --backend rtmidi --list 2>&1 | grep 'mmsend: .*JACK'
}

# A name that several ports have, or that -p would split at its '=', is of no use: their
# addresses are offered. What has neither is left out.
test_addresses() {
  stand_in mmsend << 'END'
#!/bin/sh
port='{"backend":"alsa","direction":"out","client":"%s","port":"%s","address":"%s",'
printf "$port"'"connected":false}\n' synth in 20:0 synth in 21:0 keys out 22:0 \
  a b=c 23:0 d e=f d:e=f 'g\th' i 24:0
END
  "offers_$MM_SHELL" 'mmsend -p ' | sort | is "$(words 20:0 21:0 23:0 keys:out)"
}

# The ports are those of the backend that the line chooses.
test_ports_of_the_backend() {
  stand_in mmsend << 'END'
#!/bin/sh
echo "$@" >> asked
END
  local option
  for option in '--backend alsa' --backend=alsa; do
    offers "mmsend -l $option -p " | is ''
    tr '=' ' ' < asked | sort -u | is '--list --backend alsa --json'
    rm asked
  done
}

# --- tools with commands ---

test_commands() {
  local commands
  commands=$("$MM_COMPLETIONS_DIR/generate" --commands mmjack | sort)
  offers 'mmjack ' | is "$commands"
  offers 'mmjack -' | grep -xE -- '--wait|--type' | is --wait
  [[ $(typed $'mmjack tr\t') == 'mmjack transport ' ]]
  # Only the first word is one.
  offers 'mmjack --wait l' | is ''
  offers 'mmjack info l' | is ''
  # An option of the tool's, and one of a command's.
  offers 'mmjack --exa' | is ''
  offers 'mmjack restore --exa' | is --exact
  offers 'mmjack restore --lat' | is ''
}

test_values_of_commands() {
  offers 'mmjack ls --type ' | is "$(words audio midi)"
  offers 'mmjack monitor --to=' | is "$(words text json raw mido)"
  offers 'mmjack --clock ' | is "$(words monotonic realtime start)"
  offers 'mmjack --not=song-p,song-s' | is song-select
  # A NAME that is no backend's.
  offers 'mmjack --in ' | is ''
  offers 'mmjack info --server ' | is ''
}

test_arguments_of_commands() {
  offers 'mmjack transport ' | is "$(words start stop locate state)"
  offers 'mmjack transport --client x --json st' | is "$(words start stop state)"
  offers 'mmjack transport locate st' | is ''
  # An option that takes one word or two.
  offers 'mmjack transport --master 120 4/4 st' | is "$(words start stop state)"
  offers 'mmjack transport --master 120 --js' | is --json
  touch 'my file'
  arguments $'mmjack restore --exact my\t' | is '<restore><--exact><my file>'
  [[ $(typed $'mmjack set-buffer-size my\t') == 'mmjack set-buffer-size my' ]]
}

test_jack_ports() {
  local begun
  for begun in source:m 'source:my\ p' "'source:my p" '"source:my p'; do
    echo "$begun"
    arguments "mmjack connect $begun"$'\t' | is '<connect><source:my port>'
    arguments "mmjack --in x --connect $begun"$'\t' | is '<--in><x><--connect><source:my port>'
  done
  arguments $'mmjack connect source: mmrecv:\t' | is '<connect><source:><mmrecv:my port>'
  arguments $'mmjack disconnect --client x source: mmrecv:\t' |
    is '<disconnect><--client><x><source:><mmrecv:my port>'
  arguments $'mmjack --connect a b --connect source: mmrecv:\t' |
    is '<--connect><a><b><--connect><source:><mmrecv:my port>'
  arguments $'mmjack --connect=source: mmrecv:\t' | is '<--connect=source:><mmrecv:my port>'
  arguments $'mmjack rename source:m\t' | is '<rename><source:my port>'
  arguments $'mmjack ls mmrecv:\t' | is '<ls><mmrecv:my port>'
  # Nothing comes from an input, nothing goes to an output; the new name is free.
  arguments $'mmjack connect mmrecv:\t' | is '<connect><mmrecv:>'
  arguments $'mmjack connect a source:\t' | is '<connect><a><source:>'
  arguments $'mmjack --connect a source:\t' | is '<--connect><a><source:>'
  arguments $'mmjack rename a source:\t' | is '<rename><a><source:>'
}

test_jack_ports_of_odd_names() {
  local quote
  for quote in '' "'" '"'; do
    echo "in $quote"
    arguments "mmjack connect ${quote}source:i"$'\t' | is "<connect><source:$ODD_NAME>"
    arguments "mmjack connect ${quote}source:5"$'\t' | is "<connect><source:5'>"
    arguments "mmjack connect a ${quote}mmrecv-01"$'\t' | is "<connect><a><mmrecv-01:$ODD_NAME>"
  done
}

# The ports are those of the server that the line names. One that has a control character in its
# name is left out.
test_ports_of_the_server() {
  stand_in mmjack << 'END'
#!/bin/sh
echo "$@" >> asked
printf '{"name":"%s","type":"midi"}\n' 'a\tb:c' 'd=e:f'
END
  local option
  for option in '--server x' --server=x; do
    "offers_$MM_SHELL" "mmjack connect $option " | is 'd=e:f'
    tr '=' ' ' < asked | sort -u | is 'ls --out --server x --json'
    rm asked
  done
}
