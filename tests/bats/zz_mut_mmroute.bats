#!/usr/bin/env bats
# mmroute as a stage of a pipeline: how rules are given, what passes, faults, signals, reloading.
# What each rule does is in mmroute_rules.bats.

load helpers

setup() { cd "$BATS_TEST_TMPDIR" || exit; }
teardown() { stop_all; }

# rules [NAME]: a file of rules, from stdin.
rules() { cat > "${1:-a.rules}"; }

# live NAME ARG...: mmroute in the background; $NAME.in is a FIFO, which is open as 8.
live() {
  mkfifo "$1.in"
  exec 8<> "$1.in"
  start "$1" mmroute "${@:2}"
}

# play LINE...: into it.
play() { printf '%s\n' "$@" >&8; }

# hang_up NAME: the end of its input.
hang_up() {
  exec 8>&-
  finish "$1"
}

# route STATUS ARG...: mmroute, with $output and $stderr apart; its input is that of this function.
route() { run --separate-stderr "-$1" mmroute "${@:2}"; }

# gives INPUT EXPECTED ARG...: mmroute with these arguments; the lines have '; ' between them.
gives() {
  route 0 "${@:3}" <<< "${1//; /$'\n'}"
  same "${2//; /$'\n'}" "$output"
  same "" "$stderr"
}

# faulty RULE MESSAGE: with its place and the line; the caret stands under the column.
faulty() {
  local column=${2%%:*} caret
  printf -v caret '%*s' "$column" '^'
  route 2 --check -- "$1" < /dev/null
  same "mmroute: rule 1:1:$2
$1
$caret" "$stderr"
  same "" "$output"
}

# --- what passes ---

settle() {
  local io=/proc/${PID[$1]}/io now='' before
  until [ "$now" ] && [ "$now" = "$before" ]; do
    before=$now
    command sleep 0.2
    now=$(cat "$io")
  done
}
@test "--reload: a faulty file is reported, and the old rules stay" {
  rules <<< 'cc -> ch 2'
  live a --reload -f a.rules
  rules <<< 'cc -> chh 3'
  await a.err '^mmroute: not reloaded'
  play 'cc 1 1 1'
  await a.out '^control-change 2 1 2$'
  rm a.rules
  kill -HUP "${PID[a]}"
  await a.err 'No such file'
  play 'cc 1 1 2'
  await a.out '^control-change 2 1 2$'
  rules <<< 'cc -> ch 3'
  await a.err '^mmroute: reloaded$'
  play 'cc 1 1 3'
  await a.out '^control-change 3 1 3$'
  hang_up a
  [ "$status" -eq 0 ]
  same "mmroute: a.rules:1:7: unknown action 'chh'; did you mean 'ch'?
cc -> chh 3
      ^
mmroute: not reloaded; the rules that were there go on" "$(head -n 4 a.err)"
}
