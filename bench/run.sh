#!/usr/bin/env bash
# Measures sigu against tools that do parts of the same, and writes bench/RESULTS.md.
#
#   BENCH_MB=1024 BENCH_FILES=10000   sizes        BENCH_RUNS=3   runs of each contender, in alternation
#   BENCH_LEAVES=1000000              leaves to append in batches, for at most BENCH_SECONDS=30
#   BENCH_HUGE=1|0                    fix a sparse file of 10 GiB: always | never (else if it is quick enough)
#   BENCH_RAM=DIR                     a folder in memory for the second round (/dev/shm); empty: none
#   BENCH_OUT=FILE                    where the results go (bench/RESULTS.md)
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
top=$(dirname "$here")
mb=${BENCH_MB:-1024} files=${BENCH_FILES:-10000} runs=${BENCH_RUNS:-3}
leaves=${BENCH_LEAVES:-1000000} seconds=${BENCH_SECONDS:-30}
work=$here/work out=${BENCH_OUT:-$here/RESULTS.md}
export PATH="$top/target/release:$top/.venv/bin:$PATH"
export LC_ALL=C.UTF-8 RESTIC_PASSWORD=bench BORG_PASSPHRASE=bench BORG_BASE_DIR=$work/borg-home
export BORG_UNKNOWN_UNENCRYPTED_REPO_ACCESS_IS_OK=yes BORG_RELOCATED_REPO_ACCESS_IS_OK=yes RESTIC_PROGRESS_FPS=0.01
begun=$SECONDS load=$(cut -d' ' -f1 /proc/loadavg)

need_mb=$((mb * 6 + files / 4 + 1024))
free_mb=$(df -m --output=avail "$here" | tail -1)
[ "$free_mb" -gt "$need_mb" ] || { echo "bench: $need_mb MiB are needed, $free_mb are free" >&2; exit 1; }
cargo build --quiet --release --manifest-path "$top/Cargo.toml" -p sigu-vault --example bench_append

# ── data, made once ──
data=$work/data-$mb-$files
if [ ! -e "$data/complete" ]; then
  rm -rf "$work"/data-* && mkdir -p "$data/many"
  head -c "${mb}M" /dev/urandom > "$data/big.bin"
  python3 - "$data/many" "$files" <<'PY'
import os, sys
for number in range(int(sys.argv[2])):
    with open(f"{sys.argv[1]}/{number:05}.bin", "wb") as file:
        file.write(os.urandom(50_000))
PY
  touch "$data/complete"
fi
big=$data/big.bin many=$data/many
cat "$big" "$many"/* > /dev/null   # into the page cache
times=$work/times.jsonl
rm -f "$times" "$work"/append.json
age-keygen 2>/dev/null > "$work/age.key"
recipient=$(age-keygen -y "$work/age.key")

measure() { python3 "$here/measure.py" "$times" "$@"; }
# Before each run: nothing of the last one is left, neither as files nor as writes still under way.
fresh() { rm -rf "$place"; mkdir -p "$place"; sync; }

# ── fix ──
fix_sigu() { # SET SOURCE
  fresh
  export SIGU_VAULT=$place/vault SIGU_STATE_DIR=$place/state
  sigu init --no-passphrase >/dev/null
  sigu order new B >/dev/null
  measure "$1" sigu -- sigu fix "$2" --order B --as other
}
fix_age() {
  fresh
  if [ -d "$2" ]; then
    measure "$1" "openssl + age" -- bash -c 'set -e; openssl dgst -sha256 "$1"/*; for file in "$1"/*; do age -r "$2" -o "$3/${file##*/}.age" "$file"; done' \
      - "$2" "$recipient" "$place"
  else
    measure "$1" "openssl + age" -- bash -c 'set -e; openssl dgst -sha256 "$1"; age -r "$2" -o "$3/out.age" "$1"' - "$2" "$recipient" "$place"
  fi
  measure "$1" "then sync" -- sync -f "$place"
}
fix_restic() { # SET SOURCE NAME OPTION…
  fresh
  local group=$1 source=$2 name=$3; shift 3
  restic init -q -r "$place/restic" >/dev/null
  measure "$group" "$name" -- restic backup -q -r "$place/restic" --no-cache "$@" "$source"
}
fix_borg() {
  fresh
  borg init -e repokey-blake2 "$place/borg" 2>/dev/null
  measure "$1" borg -- borg create --compression none "$place/borg::a" "$2"
}
knows_compression() { restic backup --help | grep -- --compression >/dev/null; }

fix_all() { # MEDIUM
  local run
  for run in $(seq "$runs"); do
    fix_sigu "big $1" "$big"
    fix_age "big $1" "$big"
    fix_restics "big $1" "$big"
    fix_borg "big $1" "$big"
  done
  for run in $(seq "$runs"); do
    fix_sigu "many $1" "$many"
    # A process a file takes about a minute: once is enough to see the distance.
    if [ "$run" = 1 ] && [ "$1" = disk ]; then fix_age "many $1" "$many"; fi
    fix_restics "many $1" "$many"
    fix_borg "many $1" "$many"
  done
  rm -rf "$place"
}
# On random bytes restic is fastest without compression; as it comes it is measured once more, where runs are short.
fix_restics() {
  if knows_compression; then fix_restic "$1" "$2" "restic, uncompressed" --compression off; fi
  if ! knows_compression || [ "$1" = "big memory" ]; then fix_restic "$1" "$2" restic; fi
}

echo "── fix, on disk ──"
place=$work/place
fix_all disk
ram=${BENCH_RAM-/dev/shm}
if [ -n "$ram" ] && [ "$(df -m --output=avail "$ram" | tail -1)" -gt $((mb * 4 + files / 4)) ]; then
  echo "── fix, in memory ──"
  place=$ram/sigu-bench-$$
  trap 'rm -rf "$ram/sigu-bench-$$"' EXIT
  fix_all memory
fi

# ── verify ──
echo "── verify ──"
# In memory too where there is room: what is read lies in the page cache in any case.
place=${place%/*}/sigu-bench-$$
for kind in big many; do
  fresh
  export SIGU_VAULT=$place/vault SIGU_STATE_DIR=$place/state
  sigu init --no-passphrase >/dev/null
  sigu order new B >/dev/null
  sigu fix "${!kind}" --order B --as other >/dev/null
  sigu export --order B --out "$place/B.zip" >/dev/null
  rm -rf "$place/vault"
  unzip -q "$place/B.zip" -d "$place/unpacked"
  sync
  cat "$place/B.zip" > /dev/null; find "$place/unpacked" -type f -exec cat {} + > /dev/null
  for run in $(seq "$runs"); do
    measure "verify $kind" sigu -- sigu verify "$place/B.zip"
    measure "verify $kind" "openssl dgst" -- openssl dgst -sha256 "$place/B.zip"
    measure "verify $kind" bagit.py -- bagit.py --quiet --validate "$place"/unpacked/*
    measure "verify $kind" "bagit.py, all cores" -- bagit.py --quiet --processes "$(nproc)" --validate "$place"/unpacked/*
  done
  stat -c %s "$place/B.zip" > "$work/verify-$kind.bytes"
  rm -rf "$place"
done

# ── a sparse file of 10 GiB: memory does not grow ──
place=$work/place
huge=${BENCH_HUGE:-auto}
if [ "$huge" = auto ]; then
  huge=$(python3 "$here/report.py" "$times" --huge-fits "$mb")
fi
if [ "$huge" = 1 ]; then
  echo "── 10 GiB ──"
  truncate -s 10G "$work/huge.bin"
  fix_sigu "huge" "$work/huge.bin"
  rm -rf "$place" "$work/huge.bin"
fi

# ── log ──
echo "── log ──"
rm -rf "$work/log"; sync
"$top/target/release/examples/bench_append" "$work/log" "$leaves" "$seconds" 2000 > "$work/append.json"
rm -rf "$work/log"
cat "$work/append.json"

python3 "$here/report.py" "$times" --append "$work/append.json" --mb "$mb" --files "$files" \
  --bytes "$(cat "$work/verify-big.bytes")" "$(cat "$work/verify-many.bytes")" --took $((SECONDS - begun)) --load "$load" > "$out"
echo
sed -n '/^## Aims/,/^## /p' "$out" | sed '$d'
echo "→ $out"
