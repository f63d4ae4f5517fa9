#!/usr/bin/env bash
# The main job, end to end, on files made on the spot: an order like a real one, four fixations, one of them late,
# a package with the card secret withheld, and its verification by sigu and by tools that are not ours.
set -euo pipefail
# shellcheck source=demo/stage.sh
source "$(dirname "${BASH_SOURCE[0]}")/stage.sh"
mkdir files

at() { TZ=Asia/Shanghai date -d "$1" '+%F %T'; }

say "0  买到的东西和看到的页面（现场生成）· the files, made on the spot"
ffmpeg -loglevel error -f lavfi -i "testsrc2=size=1080x2400:rate=1:duration=1" -frames:v 1 files/order-page.png
ffmpeg -loglevel error -f lavfi -i "smptebars=size=1080x1920:rate=1:duration=1" -frames:v 1 files/product-page.png
ffmpeg -loglevel error -f lavfi -i "testsrc2=size=640x360:rate=15:duration=4" -c:v libvpx -b:v 400k files/REC_C03.webm
cat > files/delivery.eml <<MAIL
From: notice@yunzhan.test
To: buyer@example.test
Subject: =?UTF-8?B?5Y2h5a+G5bey5Y+R6LSn?=
Date: $(LC_ALL=C TZ=Asia/Shanghai date -R -d '40 hours ago')
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8

订单 Y2609211430129f3c07be 已发货，请到订单页查看。
MAIL
cat > files/chat.txt <<CHAT
14:50 我：依据《云栈寄售平台售后规则》第三条，无效卡密应补发或退款，请于18:50前处理
16:05 商家：加v yz_shop_01 微信给你换一张
16:07 我：请在平台内处理，我不添加外部联系方式
18:20 商家：卡没问题，不退
CHAT
printf '卡号：YST0093821    卡密：7QKD-ZT4M-90XA' > files/card.txt
printf '支付凭证 微信支付 45.00 收款方 小栈数码\n' > files/voucher.txt
ls -l files

say "1  建保险库 · a vault"
run "sigu init --no-passphrase --recovery-out recovery-key.txt"

say "2  一个订单：付款 2 小时前 · an order, paid two hours ago"
run "sigu order new C03 --title 云视听季卡CDK --goods membership --no Y2609211430129f3c07be --amount 45 --merchant 小栈数码 --platform yunzhan.test --paid '$(at '2 hours ago')' >/dev/null"

say "3  四固定 · the four fixations"
run "sigu fix files/order-page.png files/delivery.eml --order C03 --as transaction"
run "sigu fix files/voucher.txt --order C03 --as voucher"
run "sigu fix files/product-page.png --order C03 --as description"
run "sigu fix files/chat.txt --order C03 --as chat"
run "sigu fix files/card.txt --order C03 --as delivery --note 已被使用"
run "sigu message add --order C03 --at '$(at '10 minutes ago')' --from-them --via platform '卡没问题，不退'"

say "4  更正：其实 40 小时前就发货了，录屏迟了 · it was delivered 40 hours ago: what comes now is late"
run "sigu order set C03 --paid '$(at '41 hours ago')' --delivered '$(at '40 hours ago')' >/dev/null"
run "sigu fix files/REC_C03.webm --order C03 --as recording"
run "sigu order show C03"

say "5  备份 · back up"
run "sigu backup backup"

paper 6 C03
hand_over 7 C03 --withhold order.platform
if grep -qa 'ZT4M' C03.zip; then echo "the card secret is in the package" >&2; exit 1; fi
desk 9
