# Each option that a tool declares stands in its --help, in its man page and in its completions,
# and the man page tells of no other.

load shells

setup() { cd "$BATS_TEST_TMPDIR" || return; }

# in_shell SHELL: fails for the tool that does not offer each of its options there.
in_shell() {
  export MM_SHELL=$1
  local tool
  for tool in $(tools); do
    echo "$tool"
    { offers "$tool -"; offers "$tool --"; } | sort -u | is "$(options "$tool" | sort)"
  done
}

# The names that the heads of a list of options have, which begin with a blank and a '-'.
names_in_heads() {
  sed -nE 's/^ +(-.*)/\1/p' | grep -oE '(^|[ ,])--?[a-zA-Z][a-z0-9-]*' | tr -d ' ,' | sort -u
}

@test "every tool has completions" {
  local path
  for path in "$MM_BIN_DIR"/mm*; do tools | grep -x "${path##*/}"; done
}

@test "every option is in --help" {
  local tool
  for tool in $(tools); do
    echo "$tool"
    "$MM_BIN_DIR/$tool" --help | names_in_heads | is "$(options "$tool" | sort)"
  done
}

@test "every option is in the man page" {
  local tool
  for tool in $(tools); do
    echo "$tool"
    mandoc -T ascii "$MM_MAN_DIR/$tool.1" | col -b | names_in_heads | is "$(options "$tool" | sort)"
  done
}

@test "every option is completed by bash" { in_shell bash; }

@test "every option is completed by zsh" { in_shell zsh; }

@test "every option is completed by fish" { in_shell fish; }
