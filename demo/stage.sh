# What both ways of the demo share: the stage, how a step is shown, and the end: a paper, the package, its verification.
top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
out=$top/demo-out
rm -rf "$out" && mkdir -p "$out"
export PATH="$top/target/debug:$top/target/debug/examples:$top/.venv/bin:$PATH"
export SIGU_VAULT=$out/vault SIGU_STATE_DIR=$out/state SIGU_OFFLINE=1
cd "$out"

say() { printf '\n\033[1m── %s\033[0m\n' "$*"; }
run() { printf '\033[36m$ %s\033[0m\n' "$*"; eval "$*"; }
field() { python3 -c 'import json,sys; print(json.load(sys.stdin)'"$1"')'; }

# paper STEP ORDER
paper() {
  say "$1  证据目录：每件证据一节，页码、时间、校验值 · the catalogue of evidence as PDF/A"
  run "sigu doc catalogue --order $2"
}

# hand_over STEP ORDER [EXPORT OPTION…]: the package, and what we and others say of it.
hand_over() {
  local step=$1 order=$2; shift 2
  say "$step  检查保险库，导出证据包：卡密保留 · check; a package, the card withheld"
  run "sigu check --read-data"
  run "sigu export --order $order $* --out $order.zip"
  root=$(sigu log --json | field '["logs"][-1]["fingerprint"]')
  run "sigu verify $order.zip --root $root"

  say "$((step + 1))  不用我们的工具 · without us: sha256sum, bagit, wacz, openssl"
  run "unzip -q $order.zip -d unpacked"
  bag=$(echo unpacked/*)
  run "(cd $bag && sha256sum --quiet -c manifest-sha256.txt && echo OK manifest)"
  run "bagit.py --quiet --validate $bag && echo OK bagit"
  for archive in "$bag"/data/items/*.wacz; do
    [ ! -e "$archive" ] || { wacz validate -f "$archive" >/dev/null && echo "OK wacz ${archive##*/}"; }
  done
  sed -n '/^```sh/,/^```/p' "$bag/trust/VERIFY.md" | sed -e 's/^```sh/(/' -e 's/^```/)/' > recipe.sh
  run "(cd $bag && bash -e ../../recipe.sh)"

  say "完成 · done"
  cat <<TXT
文书 / the paper: demo-out/catalogue-$order.pdf
证据包 / the package: demo-out/$order.zip
陌生人这样核对 / a stranger types:
  unzip $order.zip && cd sigu-*/ && less trust/VERIFY.md      # 只用 openssl 和 coreutils / openssl and coreutils only
  sigu verify $order.zip --root $root
TXT
}

# desk STEP: leaves the case open in the browser; without a terminal the pages come up, show their link and go.
desk() {
  say "$1  在浏览器里打开 · the case on the desk"
  if [ -t 0 ] && [ -t 1 ]; then
    run "sigu desk"
  else
    run "sigu desk --no-browser --until-stdin-closes < /dev/null"
  fi
}
