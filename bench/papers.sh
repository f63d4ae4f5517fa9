#!/usr/bin/env bash
# Measures how long a paper takes and how much memory, beside LibreOffice and Chromium printing the same words and
# pictures; writes bench/PAPERS.md.
#
#   BENCH_RUNS=5     runs of each contender, in alternation
#   BENCH_OUT=FILE   where the results go (bench/PAPERS.md)
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
top=$(dirname "$here")
work=$here/work/papers
target=${CARGO_TARGET_DIR:-$top/target}
export PATH="$target/release:$PATH" LC_ALL=C.UTF-8 PYTHONDONTWRITEBYTECODE=1
cargo build --quiet --release --manifest-path "$top/Cargo.toml" -p sigu-cli
rm -rf "$work" && mkdir -p "$work"
python3 "$here/papers.py" "$work" "${BENCH_RUNS:-5}" > "$work/papers.md"
mv "$work/papers.md" "${BENCH_OUT:-$here/PAPERS.md}"
rm -rf "$work"
echo
sed -n '/^## Aims/,/^## /p' "${BENCH_OUT:-$here/PAPERS.md}" | sed '$d'
