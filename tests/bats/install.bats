#!/usr/bin/env bats
# cmake --install: everything is where a distribution expects it, and works from there.

load helpers

setup() { cd "$BATS_TEST_TMPDIR" || exit; }

@test "an installation has all its parts, and finds its backends wherever it is moved" {
  run -0 cmake --install "$MM_BUILD_DIR" --prefix "$PWD/a"
  mv a b
  (cd b && find . -type f | sort) > got
  cat got
  for tool in mmsend mmrecv mmtcp; do
    grep -qx "./bin/$tool" got
    grep -qx "./share/man/man1/$tool.1" got
    grep -qx "./share/bash-completion/completions/$tool" got
    grep -qx "./share/zsh/site-functions/_$tool" got
    grep -qx "./share/fish/vendor_completions.d/$tool.fish" got
  done
  grep -qx './share/man/man5/mmevents.5' got
  grep -qx './share/man/man7/mmtools.7' got
  grep -qE '^\./lib/.*mmtools/alsa.so$' got
  grep -qE '^\./lib/.*mmtools/rtmidi.so$' got
  export JACK_DEFAULT_SERVER=mmtest-none-$$
  run --separate-stderr -1 b/bin/mmsend --backend rtmidi -l
  same "mmsend: JACK server '$JACK_DEFAULT_SERVER': not running" "$stderr"
}
