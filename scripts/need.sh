#!/usr/bin/env bash
# need.sh GROUP…: makes sure the tools of the groups are there (build, demo, test, bench, extension, checker).
# On Debian as root it installs what is missing; elsewhere it says exactly what to install and stops.
set -euo pipefail
top=$(cd "$(dirname "$0")/.." && pwd)

declare -A package=(
  [cc]=gcc [make]=make [ffmpeg]=ffmpeg [unzip]=unzip [openssl]=openssl [age]=age [age-keygen]=age
  [python3]=python3 [xxd]=xxd [restic]=restic [borg]=borgbackup [basenc]=coreutils [zbarimg]=zbar-tools
  [node]=nodejs [npm]=npm [chromium]=chromium
  [Xvfb]=xvfb [xdotool]=xdotool
  [ffprobe]=ffmpeg [tesseract]=tesseract-ocr [fc-list]=fontconfig
  [qpdf]=qpdf [pdftotext]=poppler-utils [soffice]=libreoffice-writer-nogui
)
build=(cc make node npm)
demo=(ffmpeg unzip openssl age python3 basenc)
test=(age age-keygen unzip openssl python3 basenc ffmpeg ffprobe tesseract fc-list node npm chromium Xvfb xdotool qpdf pdftotext)
bench=(restic borg age node npm chromium soffice pdftotext)
extension=(node npm)
checker=(node npm)
browser=(chromium)

missing=()
for group in "$@"; do
  declare -n tools=$group
  for tool in "${tools[@]}"; do
    command -v "$tool" >/dev/null || missing+=("${package[$tool]}")
  done
done
case " $* " in *" demo "*|*" test "*) python3 -c 'import ensurepip' 2>/dev/null || missing+=(python3-venv) ;; esac
# The OCR tests paint Chinese pages and read them.
case " $* " in *" test "*)
  tesseract --list-langs 2>/dev/null | grep -qx chi_sim || missing+=(tesseract-ocr-chi-sim)
  [ -n "$(fc-list 'Noto Sans CJK SC' 2>/dev/null)" ] || missing+=(fonts-noto-cjk) ;;
esac

if ! command -v cargo >/dev/null; then
  echo "需要 Rust 1.95 或更新 / Rust 1.95 or later is needed: https://rustup.rs" >&2
  exit 1
fi
if [ ${#missing[@]} -gt 0 ]; then
  mapfile -t missing < <(printf '%s\n' "${missing[@]}" | sort -u)
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "安装 / installing: ${missing[*]}" >&2
    DEBIAN_FRONTEND=noninteractive apt-get -qq update >/dev/null
    DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends "${missing[@]}" >/dev/null
  else
    echo "请先安装 / please install first: ${missing[*]}" >&2
    exit 1
  fi
fi

# The fonts that the build puts into the binary.
fonts=$top/crates/documents/fonts
case " $* " in *" build "*)
  if ! cmp -s "$fonts/package-lock.json" "$fonts/node_modules/lock"; then
    (cd "$fonts" && npm ci --ignore-scripts --no-audit --no-fund --silent)
    cp "$fonts/package-lock.json" "$fonts/node_modules/lock"
  fi ;;
esac

# The page for strangers, which the build puts into the binary.
page=$top/checker/dist/sigu-checker.html
case " $* " in *" build "*)
  if [ -z "$(find "$page" -newer "$top/checker/package-lock.json" 2>/dev/null)" ] ||
    [ -n "$(find "$top"/checker/{src,page,words,build.mjs} -newer "$page" 2>/dev/null)" ]; then
    (cd "$top/checker" && npm ci --ignore-scripts --no-audit --no-fund --silent && npm run --silent build)
    touch "$page"
  fi ;;
esac

# The judge of the pages' accessibility.
axe=$top/crates/server/tests/axe
case " $* " in *" test "*)
  if ! cmp -s "$axe/package-lock.json" "$axe/node_modules/lock"; then
    (cd "$axe" && npm ci --ignore-scripts --no-audit --no-fund --silent)
    cp "$axe/package-lock.json" "$axe/node_modules/lock"
  fi ;;
esac

# Validators of others, in folders of the project: BagIt, WARC and WACZ; the replay tool needs a folder of its own, and
# so does the judge of the API's description.
tools='bagit==1.9.0 setuptools<81 warcio==1.8.1 wacz==0.6.0 cdxj-indexer==1.5.0'
replay='pywb==2.10.0 setuptools<81'
api='openapi-spec-validator==0.9.0'
# What others make of timestamps; the packages that sign the vectors come along.
stamps='opentimestamps-client==0.7.2 rfc3161-client==1.0.9'
# Two readers of calendars, neither of which knows the other.
calendars='icalendar==7.3.0 ics==0.7.3'
python_tools() { # FOLDER PACKAGES: anew if the list changed or the last time was cut off
  if [ "$(cat "$top/$1/packages" 2>/dev/null)" != "$2" ]; then
    read -ra packages <<<"$2"
    python3 -m venv "$top/$1"
    "$top/$1/bin/pip" --quiet --disable-pip-version-check install "${packages[@]}"
    echo "$2" >"$top/$1/packages"
  fi
}
case " $* " in *" demo "*|*" test "*) python_tools .venv "$tools" ;; esac
case " $* " in *" test "*)
  python_tools .venv-pywb "$replay"
  python_tools .venv-api "$api"
  python_tools .venv-stamps "$stamps"
  python_tools .venv-calendar "$calendars" ;;
esac
