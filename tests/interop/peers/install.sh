#!/bin/sh
# Set up the peers the interop tests talk to: npm's ws here, Debian's packages when already root.
set -eu
cd "$(dirname "$0")"

missing=
command -v node >/dev/null && command -v npm >/dev/null || missing="$missing nodejs npm"
command -v ruby >/dev/null && ruby -e 'require "em-websocket"' 2>/dev/null || missing="$missing ruby-em-websocket"
if [ -n "$missing" ]; then
  line="apt-get install -y --no-install-recommends$missing"
  if [ "$(id -u)" = 0 ]; then
    apt-get update -q
    $line
  else
    echo "The interop tests need peers that are not here. Run as root: $line" >&2
    exit 4
  fi
fi
[ node_modules/.package-lock.json -nt package-lock.json ] || npm ci --silent
