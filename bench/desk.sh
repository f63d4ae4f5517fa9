#!/usr/bin/env bash
# Measures the pages of the desk and the search over a vault with many orders; writes bench/DESK.md.
#
#   BENCH_ORDERS=10000 BENCH_ITEMS=200000   what the vault holds        BENCH_RUNS=50   requests of each page
#   BENCH_PROFILE=release|dev               which build is measured     BENCH_KEEP=1    keep the vault for another run
#   BENCH_BEFORE='SIGU FOLDER'              an earlier build, and a vault it filled alike, to stand beside
#   BENCH_OUT=FILE                          where the results go (bench/DESK.md)
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
top=$(dirname "$here")
work=$here/work/desk out=${BENCH_OUT:-$here/DESK.md} profile=${BENCH_PROFILE:-release}
orders=${BENCH_ORDERS:-10000} items=${BENCH_ITEMS:-200000}
target=${CARGO_TARGET_DIR:-$top/target}
if [ "$profile" = release ]; then flag=--release built=$target/release; else flag='' built=$target/debug; fi
# shellcheck disable=SC2086  # no flag is no argument
cargo build --quiet $flag --manifest-path "$top/Cargo.toml" --workspace --bin sigu --example bench_orders --example bench_reads
if [ ! -e "$work/$orders-$items/filled.json" ]; then
  rm -rf "$work" && mkdir -p "$work/$orders-$items"
  "$built/examples/bench_orders" "$work/$orders-$items" "$orders" "$items" > "$work/filled.json"
  mv "$work/filled.json" "$work/$orders-$items/filled.json"
fi
vault=$work/$orders-$items
# shellcheck disable=SC2086  # two words
PYTHONDONTWRITEBYTECODE=1 python3 "$here/desk.py" "$built/sigu" "$vault" "$vault/filled.json" "$profile" "${BENCH_RUNS:-50}" ${BENCH_BEFORE:-} > "$work/desk.md"
PYTHONDONTWRITEBYTECODE=1 python3 "$here/desk_steps.py" "$built/examples/bench_reads" "$vault" "${BENCH_RUNS:-50}" >> "$work/desk.md"
mkdir -p "$work/large"
PYTHONDONTWRITEBYTECODE=1 python3 "$here/desk_large.py" "$built/sigu" "$work/large" "$profile" >> "$work/desk.md"
rm -rf "$work/large"
mv "$work/desk.md" "$out"
[ "${BENCH_KEEP:-0}" = 1 ] || rm -rf "$work"
sed -n '/^## Aims/,/^## Pages/p' "$out" | sed '$d'
