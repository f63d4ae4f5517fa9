#!/usr/bin/env bash
# The main job, end to end. With a browser: a card is bought in the practice shop, all four are fixed, the reveal is
# recorded, and the verified package stands at the end. Without one: the same on files made on the spot.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
for name in chromium google-chrome-stable google-chrome microsoft-edge-stable microsoft-edge; do
  if command -v "$name" >/dev/null; then
    exec "$here/browser.sh"
  fi
done
cat <<'TXT'
没有找到 Chromium、Chrome 或 Edge；装一个就能看到完整的演示（Debian/Ubuntu：apt install chromium）。
No Chromium, Chrome or Edge was found; with one the whole demo runs (Debian/Ubuntu: apt install chromium).
先用文件演示。· Now the way with files.
TXT
exec "$here/files.sh"
