#!/usr/bin/env bash
# Measures the case engine: a history of many orders is imported, then asked what is due and what comes next.
#
#   BENCH_ORDERS=10000   orders, ten leaves each        BENCH_OUT=FILE   where the results go (bench/CASES.md)
#   BENCH_RUNS=5         runs of each question
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
top=$(dirname "$here")
orders=${BENCH_ORDERS:-10000} runs=${BENCH_RUNS:-5} out=${BENCH_OUT:-$here/CASES.md}
work=$here/work/cases
rm -rf "$work" && mkdir -p "$work"
export SIGU_VAULT=$work/vault SIGU_STATE_DIR=$work/state LC_ALL=C.UTF-8 PATH="$top/target/release:$PATH"
load=$(cut -d' ' -f1 /proc/loadavg)

python3 - "$work/history.yaml" "$orders" <<'PY'
import datetime, random, sys
random.seed(1)
path, count = sys.argv[1], int(sys.argv[2])
today = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=8)
with open(path, "w") as file:
    for number in range(count):
        # Over the last three days, so that clocks run.
        at = (today - datetime.timedelta(minutes=60 + number % 4200)).replace(microsecond=0, tzinfo=None)
        then = lambda minutes: (at + datetime.timedelta(minutes=minutes)).isoformat()
        system = random.choice(["QS", "ACG", "DJ", "RBW"])
        file.write(f"""- id: K{number}
  shop: {{name: 店{number % 300}, host: s{number % 300}.test, system: {system}}}
  goods: {{kind: GamePointCard, name: 点卡 {number}, qty: 1, unit: 30.00}}
  order: {{no: "ABCDEFGH{number:08}", created: {then(0)}, paid: {then(0)}, delivered: {then(1)}, amount: 30.00}}
  promise: [自动发货]
  delivery: {{redeem_try: {then(9)}, issuer_message: 该卡密无效}}
  chat:
    - {{at: {then(19)}, dir: out, ch: platform, text: "依据《规则》第三条，无效卡密应补发或退款，请于4小时内处理"}}
    - {{at: {then(24)}, dir: in, ch: platform, text: "您好，第 {number} 单请稍等"}}
    - {{at: {then(25)}, dir: in, ch: platform, text: "第 {number} 单卡没问题，不退"}}
  events:
    - {{at: {then(26)}, what: platform_complaint, form_type: 卡密无效}}
    - {{at: {then(27)}, what: platform_answered}}
    - {{at: {then(28)}, what: discovered}}
""")
PY

# Milliseconds of one run.
took() {
  local begun ended
  begun=$(date +%s%N); "$@" > "$work/answer.txt"; ended=$(date +%s%N)
  echo $(((ended - begun) / 1000000))
}
median() { sort -n | awk '{ all[NR] = $1 } END { print all[int((NR + 1) / 2)] }'; }
many() { for _ in $(seq "$runs"); do took "$@"; done | median; }

sigu init --no-passphrase >/dev/null
import=$(took sigu case import "$work/history.yaml")
start=$(many sigu --version) due=$(many sigu due) next=$(many sigu next)
{
  echo "# The case engine with many orders"
  echo
  echo "Made by \`bench/cases.sh\` on $(nproc) cores, load $load when it began; medians of $runs runs."
  echo
  echo "| what | ms | aim |"
  echo "|---|---|---|"
  echo "| import of $orders orders, $((orders * 10)) leaves, one commit | $import | 10000 |"
  echo "| start of the program alone | $start | – |"
  echo "| \`sigu due\` over all of them | $due | start + 100 |"
  echo "| \`sigu next\` over all of them | $next | start + 100 |"
} > "$out"
cat "$out"
rm -rf "$work"
