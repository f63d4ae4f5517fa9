#!/usr/bin/env bash
# Measures how soon after a click two timestamp services vouch, beside what they take themselves; writes bench/STAMPS.md.
#
#   BENCH_RUNS=20    pieces that are fixed
#   BENCH_OUT=FILE   where the results go (bench/STAMPS.md)
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
top=$(dirname "$here")
out=${BENCH_OUT:-$here/STAMPS.md}
cargo build --quiet --release --manifest-path "$top/Cargo.toml" -p sigu-server --example bench_stamps
"${CARGO_TARGET_DIR:-$top/target}/release/examples/bench_stamps" "${BENCH_RUNS:-20}" > "$out.new"
mv "$out.new" "$out"
cat "$out"
