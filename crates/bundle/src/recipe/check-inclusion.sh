#!/usr/bin/env bash
# check-inclusion.sh LEAF PROOF NOTE
# Folds one c2sp.org/tlog-proof@v1 file as RFC 9162 section 2.1.3.2 says and compares the result with the
# root in the checkpoint NOTE. Needs bash, coreutils and sed. It does not check the signature of NOTE.
set -euo pipefail
export LC_ALL=C
leaf=$1 proof=$2 note=$3

fail() { echo "FAILED $leaf: $1" >&2; exit 1; }
# One line of base64 on stdin, lower-case hexadecimal out.
to_hex() { base64 -d | od -An -v -tx1 | tr -d ' \n'; }
# SHA-256 of 0x01 and two hashes, all in hexadecimal.
node() {
  local hex=01$1$2 escaped= i
  for ((i = 0; i < ${#hex}; i += 2)); do escaped+="\\x${hex:i:2}"; done
  printf "$escaped" | sha256sum | cut -c1-64
}

[ "$(sed -n 1p "$proof")" = "c2sp.org/tlog-proof@v1" ] || fail "not a tlog-proof"
index=$(sed -n 2p "$proof" | sed -n 's/^index \(0\|[1-9][0-9]\{0,17\}\)$/\1/p')
[ -n "$index" ] || fail "no index in the proof"
[ "$index" = "$(basename "$leaf" .json)" ] || fail "the proof is about leaf $index"
# After the first empty line of the proof stands the checkpoint, byte for byte.
sed '1,/^$/d' "$proof" | cmp -s - "$note" || fail "the proof leads to another checkpoint"
size=$(sed -n 2p "$note")
[[ $size =~ ^[1-9][0-9]{0,17}$ ]] && [ "$index" -lt "$size" ] || fail "leaf $index is outside a log of size $size"
root=$(sed -n 3p "$note" | to_hex)

hash=$( (printf '\x00'; cat "$leaf") | sha256sum | cut -c1-64)
fn=$index sn=$((size - 1))
while read -r line; do
  sibling=$(printf %s "$line" | to_hex)
  [ "${#sibling}" = 64 ] && [ "$sn" != 0 ] || fail "the proof has a wrong step"
  if ((fn % 2 == 1 || fn == sn)); then
    hash=$(node "$sibling" "$hash")
    while ((fn % 2 == 0 && fn != 0)); do fn=$((fn / 2)) sn=$((sn / 2)); done
  else
    hash=$(node "$hash" "$sibling")
  fi
  fn=$((fn / 2)) sn=$((sn / 2))
done < <(sed -n '3,/^$/p' "$proof" | sed '/^$/d')
[ "$sn" = 0 ] && [ "$hash" = "$root" ] || fail "not under the checkpoint"
echo "OK leaf $index is under the checkpoint of size $size"
