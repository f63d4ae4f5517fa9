#!/usr/bin/env bash
# A purchase in the practice shop, through a real browser: product page, payment, order, dialogue, reveal and
# redemption are fixed as they happen; the package withholds the card; strangers' tools confirm it.
set -euo pipefail
# shellcheck source=demo/stage.sh
source "$(dirname "${BASH_SOURCE[0]}")/stage.sh"
profile=$out/state/browser
shop_pid='' browse_pid=''
finish() {
  [ -z "$browse_pid" ] || { kill -TERM "$browse_pid" 2>/dev/null && wait "$browse_pid" 2>/dev/null; } || true
  [ -z "$shop_pid" ] || kill "$shop_pid" 2>/dev/null || true
}
trap finish EXIT

say "1  练习店铺开张：卖家会拒绝售后，卡密是用过的 · the practice shop opens; its merchant refuses, its card is used"
practice-shop --skin qs --knob card=used --knob merchant=refusing > shop.txt &
shop_pid=$!
for _ in $(seq 200); do [ -s shop.txt ] && break; sleep 0.05; done
shop=$(head -1 shop.txt); shop=${shop%/}
echo "$shop"

say "2  建保险库，开一个订单 · a vault, an order"
run "sigu init --no-passphrase --recovery-out recovery-key.txt"
run "sigu order new P1 --goods point-card --platform practice.test >/dev/null"

say "3  打开取证浏览器 · the evidence browser"
sandbox=$([ "$(id -u)" = 0 ] && echo --no-sandbox || true)
window=$([ -z "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ] && echo --headless || true)
echo "\$ sigu browse $shop --order P1 $window"
# shellcheck disable=SC2086  # each of the two is one flag or none
sigu browse "$shop/links/1" --order P1 $window $sandbox --browser-flag=--remote-debugging-port=0 2> browse.txt &
browse_pid=$!
buyer() { command buyer "$profile" "$@"; }
buyer 'wait .goods-name'

say "4  固定商品页；下单、付款；固定付款凭证 · the product page; order and pay; the voucher"
run "sigu capture --as description"
number=$(buyer 'fill input[name=contact] 12345678' 'click form.qs-panel button.btn-primary' 'say .cashier dd:nth-of-type(2)')
buyer 'click a.qr' 'click #pay' 'wait #transaction_id'
run "sigu capture --as voucher"

say "5  固定订单页和聊天 · the order page and the dialogue"
buyer "goto $shop/order?orderId=$number" 'wait .trade-no'
run "sigu capture --as transaction"

say "6  录制揭示：先固定未揭示的页面，再一镜到底 · the reveal, in one take"
run "sigu record start"
buyer 'rest 1500' 'click button[data-toggle]' 'keep CARD #copyText' 'cut CARD ：' 'rest 2000' "goto $shop/issuer/" \
  'fill input[name=login] demo_buyer' 'fill input[name=code] $CARD' 'rest 1000' 'click button.btn-primary' \
  'wait .result-title' 'rest 1500' 'say .result-title'
run "sigu record note '兑换页显示的结果'"
run "sigu record stop"
run "sigu capture --as delivery"

say "7  与商家沟通，固定对话 · the merchant says no; the dialogue"
buyer "goto $shop/kefu" "fill textarea[name=content] 订单 $number 的卡密显示已被使用，请补发或退款" 'click .chat-form button' 'wait .chat-line.buyer'
run "sigu capture --as chat"
finish; browse_pid=''; shop_pid=''
cat browse.txt | tail -1

say "8  四固定齐了吗，下一步是什么 · are all four fixed, and what next"
run "sigu observe P1 used --seen-at issuer >/dev/null"
run "sigu order show P1 | head -30"
run "sigu next P1"

paper 9 P1
hand_over 10 P1
desk 12
