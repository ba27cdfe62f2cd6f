# shellcheck shell=bash
# The Debian packages that mmtools needs, and how to install those that are missing.

# To build and to run.
# shellcheck disable=SC2034 # for those who source this
build_packages=(g++ cmake ninja-build pkg-config libboost-dev libcli11-dev nlohmann-json3-dev
  libasound2-dev librtmidi-dev libjack-jackd2-dev libssl-dev libpython3-dev)

# To run the main job where there is no sound hardware.
# shellcheck disable=SC2034
run_packages=(jackd2)

# To run all tests.
# shellcheck disable=SC2034
test_packages=(jackd2 bats jq socat netcat-openbsd openssl mawk python3 python3-mido python3-rtmidi python3-jack-client
  python3-pytest python3-venv libpython3-dbg mypy
  pipewire pipewire-jack alsa-utils
  libgtest-dev libgmock-dev libbenchmark-dev clang clang-tidy clang-format libclang-rt-14-dev
  shellcheck mandoc man-db groff bash-completion zsh fish qemu-system-x86 busybox-static xz-utils
  time xxd strace bsdextrautils procps iproute2 systemd git)

# install_packages NAME...: those that are not there yet, as root or through sudo.
install_packages() {
  local name missing=()
  for name in "$@"; do
    dpkg-query -W -f '${Status}' "$name" 2> /dev/null | grep -q 'ok installed' || missing+=("$name")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  command -v apt-get > /dev/null || {
    echo "These are needed, and there is no apt-get to install them: ${missing[*]}" >&2
    return 1
  }
  local as_root=()
  [ "$(id -u)" = 0 ] || as_root=(sudo)
  echo "Installing: ${missing[*]}" >&2
  "${as_root[@]}" apt-get update -qq
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends \
    "${missing[@]}" < /dev/null > /dev/null
}
