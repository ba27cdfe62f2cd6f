#!/bin/bash
# Installs what the tests need (Debian 12), builds, and runs all tests. About fifteen minutes on
# two cores; `ctest --preset release -L unit` alone takes seconds.
#
#   tests/run.sh           everything
#   tests/run.sh --no-apt  without installing anything
set -eu
cd "$(dirname "$0")/.."
jobs=$(nproc)

# shellcheck source=examples/packages.sh
. examples/packages.sh
[ "${1:-}" = --no-apt ] || install_packages "${build_packages[@]}" "${test_packages[@]}"

step() { printf '\n=== %s\n' "$*"; }

step "release: build"
cmake --preset release
cmake --build --preset release -j "$jobs"
step "release: all tests"
ctest --preset release -j "$jobs" --no-tests=error

step "dev (ASan, UBSan): build"
cmake --preset dev
cmake --build --preset dev -j "$jobs"
step "dev: unit tests, and the tools on real ports"
ctest --preset dev -j "$jobs" --no-tests=error -L 'unit|bats'

step "tsan: the ring"
cmake --preset tsan
cmake --build --preset tsan -j "$jobs"
build/tsan/tests/unit/mm_ring_test

step "fuzz: a short run of each"
cmake --preset fuzz
cmake --build --preset fuzz -j "$jobs"
ctest --preset fuzz -j "$jobs" --no-tests=error -L fuzz
