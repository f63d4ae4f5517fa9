#!/usr/bin/env bash
# Measures the long guard: a simulated year of watched pages, the plan of many reminders, and what a desk at rest takes.
#
#   BENCH_PAGES=200  pages that are watched     BENCH_REST=120  seconds the desk is left alone
#   BENCH_OUT=FILE   where the results go (bench/WATCH.md)
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
top=$(dirname "$here")
out=${BENCH_OUT:-$here/WATCH.md} rest=${BENCH_REST:-120}
target=${CARGO_TARGET_DIR:-$top/target}/release
build() { cargo build --quiet --release --manifest-path "$top/Cargo.toml" "$@"; }
build -p sigu-server --example bench_watch
build -p sigu-case --example bench_remind
build --bin sigu
work=$(mktemp -d)
trap 'kill "${desk:-}" 2>/dev/null || true; rm -rf "$work"' EXIT

# A desk with clocks that run and two pages on watch, left alone after its first minute.
export SIGU_VAULT=$work/vault SIGU_STATE_DIR=$work/state LC_ALL=C.UTF-8
"$target/sigu" init --no-passphrase > /dev/null
paid=$(TZ=Asia/Shanghai date -d '1 hour ago' +%FT%T+08:00)
for number in $(seq 20); do
  "$target/sigu" order new "B$number" --goods point-card --title 点卡 --paid "$paid" > /dev/null
done
"$target/sigu" desk --background > "$work/desk.log" 2>&1 &
desk=$!
ticks() { awk '{ print $14 + $15 }' "/proc/$desk/stat"; }
sleep 60
begun=$(ticks)
sleep "$rest"
idle=$(($(ticks) - begun))
{
  "$target/examples/bench_watch" "${BENCH_PAGES:-200}" 24
  echo
  echo "## Reminders, and a desk at rest"
  echo
  echo "Written by \`bench/watch.sh\` on $(nproc) cores; medians of 5 runs for the plan, $rest seconds of rest for the desk."
  echo
  echo "| what | measured | aim |"
  echo "|---|---|---|"
  "$target/examples/bench_remind"
  awk -v ticks="$idle" -v hertz="$(getconf CLK_TCK)" -v rest="$rest" \
    'BEGIN { printf "| processor time of a desk at rest, with 20 orders | %.3f %% | 0.1 %% |\n", 100 * ticks / hertz / rest }'
} > "$out.new"
mv "$out.new" "$out"
cat "$out"
