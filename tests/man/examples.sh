#!/bin/bash
# Runs each example with its own ports, and compares what it prints.
#
#     tests/man/examples.sh BIN_DIR EXAMPLES_DIR
#
# EXAMPLES_DIR/expected/NAME.out is what NAME.sh has to print. Files that cannot be executed are
# no examples; quickstart.sh, which builds the project, is tested elsewhere. A MIDI system has to be there: ALSA's sequencer, or the JACK server
# of JACK_DEFAULT_SERVER. Prints TAP.
set -u
unset MM_INPUT MM_OUTPUT

[ $# -eq 2 ] || {
    echo "usage: $0 BIN_DIR EXAMPLES_DIR" >&2
    exit 2
}
PATH=$(realpath "$1"):$PATH
cd "$2" || exit 2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Runs the example of that name; what failed goes to $work/why.
passes() {
    [ -e "expected/$1.out" ] || {
        echo "there is no expected/$1.out" > "$work/why"
        return 1
    }
    timeout -k 5 "${MM_TEST_TIMEOUT:-60}" "./$1.sh" > "$work/out" 2> "$work/err" < /dev/null
    local status=$?
    diff -u "expected/$1.out" "$work/out" > "$work/why" && [ $status -eq 0 ] && return
    echo "exit status $status; stderr:" >> "$work/why"
    cat "$work/err" >> "$work/why"
    return 1
}

scripts=()
for script in *.sh; do
    [ ! -x "$script" ] || [ "$script" = quickstart.sh ] || scripts+=("${script%.sh}")
done
echo "1..${#scripts[@]}"
number=0 failures=0
for name in "${scripts[@]}"; do
    number=$((number + 1))
    if [ "$name" = json-stats ] && ! command -v jq > /dev/null; then
        echo "ok $number - $name # SKIP there is no jq"
    elif passes "$name"; then
        echo "ok $number - $name"
    else
        echo "not ok $number - $name"
        sed 's/^/# /' "$work/why"
        failures=$((failures + 1))
    fi
done
[ $failures -eq 0 ]
