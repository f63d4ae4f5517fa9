#!/usr/bin/env bash
# Rewrites the last line of every format page: the code that reads and writes the format, and its digest.
# Run it after the page and the code were read side by side, never before.
# Digest: SHA-256 over the lines `sha256sum` prints for the files named in the line, in that order.
set -euo pipefail
cd "$(dirname "$0")/../.."
for page in docs/formats/*.md; do
  line=$(tail -n 1 "$page")
  case $line in
    "Codec: "*) ;;
    *) echo "$page: the last line names no codec" >&2; exit 1 ;;
  esac
  files=${line#Codec: }
  files=${files% sha256:*}
  # The paths hold no blanks; each is one word.
  # shellcheck disable=SC2086
  digest=$(sha256sum $files | sha256sum | cut -d ' ' -f 1)
  { sed '$d' "$page"; echo "Codec: $files sha256:$digest"; } > "$page.new"
  mv "$page.new" "$page"
done
