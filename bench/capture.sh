#!/usr/bin/env bash
# Measures how long it takes from the click until a page is durable evidence, and what is kept of it, beside
# single-file-cli and monolith on the same pages of the practice shop; writes bench/CAPTURE.md.
#
#   BENCH_RUNS=7         runs of each contender, in alternation; 0 writes what is kept, and no times
#   BENCH_PAGES="acg heavy"   only these: dj-unicorn, redirect, qs, rbw, acg, heavy
#   BENCH_OUT=FILE       where the results go (bench/CAPTURE.md)
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
top=$(dirname "$here")
runs=${BENCH_RUNS:-7} out=${BENCH_OUT:-$here/CAPTURE.md}
# single-file-cli is under the AGPL-3.0 and monolith under CC0: both are only run here.
single_file=2.0.83 monolith=2.12.0
tools=$here/work/tools
work=$here/work/capture
target=${CARGO_TARGET_DIR:-$top/target}
export PATH="$target/release:$PATH" LC_ALL=C.UTF-8
export PYTHONDONTWRITEBYTECODE=1

if [ "$(cat "$tools/single-file" 2>/dev/null)" != "$single_file" ]; then
  mkdir -p "$tools"
  npm install --silent --no-audit --no-fund --ignore-scripts --prefix "$tools" "single-file-cli@$single_file"
  echo "$single_file" > "$tools/single-file"
fi
if [ "$(cat "$tools/monolith" 2>/dev/null)" != "$monolith" ]; then
  cargo install --quiet --locked --root "$tools" "monolith@$monolith"
  echo "$monolith" > "$tools/monolith"
fi
cargo build --quiet --release --manifest-path "$top/Cargo.toml" -p sigu-cli -p sigu-practice-shop

rm -rf "$work" && mkdir -p "$work"
"$top/.venv/bin/python" "$here/capture.py" "$tools" "$work" "$runs" "$here/work/capture.json"
"$top/.venv/bin/python" "$here/capture_report.py" "$here/work/capture.json" "$single_file" "$monolith" > "$out"
rm -rf "$work"
echo
sed -n '/^## Aims/,/^## /p' "$out" | sed '$d'
echo "→ $out"
