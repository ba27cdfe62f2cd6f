# Each option that a tool, or a command of one, declares stands in its --help, in the tool's man
# page and in the completions, and the man page tells of no other.

load shells

setup() { cd "$BATS_TEST_TMPDIR" || return; }

# in_shell SHELL: fails for the mode that does not offer each of its options there, or offers
# another one.
in_shell() {
  export MM_SHELL=$1
  local mode
  while read -r mode <&9; do
    echo "$mode"
    { offers "$mode -"; offers "$mode --"; } | sort -u | is "$(options "$mode" | sort)"
  done 9< <(modes)
}

# The names that the heads of a list of options have, which begin with a blank and a '-'.
names_in_heads() {
  sed -nE 's/^ +(-.*)/\1/p' | grep -oE '(^|[ ,])--?[a-zA-Z][a-z0-9-]*' | tr -d ' ,' | sort -u
}

@test "every tool has completions" {
  local path
  for path in "$MM_BIN_DIR"/mm*; do tools | grep -x "${path##*/}"; done
}

@test "every command is in --help" {
  local tool
  for tool in $(tools); do
    echo "$tool"
    "$MM_BIN_DIR/$tool" --help | sed -n '/^Commands:/,/^$/s/^  \([^ ]*\) .*/\1/p' |
      is "$("$MM_COMPLETIONS_DIR/generate" --commands "$tool")"
  done
}

@test "every option is in --help" {
  local mode words
  while read -r mode <&9; do
    echo "$mode"
    read -ra words <<< "$mode"
    "$MM_BIN_DIR/${words[0]}" "${words[@]:1}" --help | names_in_heads |
      is "$(options "$mode" | sort)"
  done 9< <(modes)
}

@test "every option is in the man page" {
  local tool mode
  for tool in $(tools); do
    echo "$tool"
    mandoc -T ascii "$MM_MAN_DIR/$tool.1" | col -b | names_in_heads |
      is "$(modes | grep -E "^$tool( |$)" | while read -r mode; do options "$mode"; done | sort -u)"
  done
}

@test "every option is completed by bash" { in_shell bash; }

@test "every option is completed by zsh" { in_shell zsh; }

@test "every option is completed by fish" { in_shell fish; }
