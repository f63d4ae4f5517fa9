#!/usr/bin/env bash
# Fuzzes every target for SECONDS_EACH seconds (60 unless said otherwise), starting from the committed seeds.
#
#   fuzz/run.sh              all targets
#   fuzz/run.sh zip sealed   only these
#
# seeds/<target>/ is a small choice from vectors/; what the fuzzer finds beyond it grows in corpus/<target>/, an
# input that fails lies in artifacts/<target>/, and neither of the two is committed. Ends with 1 if any target failed.
set -euo pipefail
cd "$(dirname "$0")/.."

if ! cargo +nightly --version >/dev/null 2>&1; then
    echo "fuzzing needs a nightly compiler; install it with: rustup toolchain install nightly --profile minimal" >&2
    exit 2
fi
if ! cargo fuzz --version >/dev/null 2>&1; then
    cargo install cargo-fuzz --locked
fi

targets=("$@")
if [ ${#targets[@]} -eq 0 ]; then
    targets=(leaf note proof disclosure manifest zip sealed wacz warc import token ots beacon witness readable)
fi

failed=()
for target in "${targets[@]}"; do
    mkdir -p "fuzz/corpus/$target"
    cp fuzz/seeds/"$target"/* "fuzz/corpus/$target/"
    echo "== $target"
    cargo +nightly fuzz run "$target" "fuzz/corpus/$target" -- \
        -max_total_time="${SECONDS_EACH:-60}" -rss_limit_mb=2048 -timeout=10 -print_final_stats=1 \
        || failed+=("$target")
done

if [ ${#failed[@]} -gt 0 ]; then
    echo "failed: ${failed[*]}; the inputs are in fuzz/artifacts/" >&2
    exit 1
fi
