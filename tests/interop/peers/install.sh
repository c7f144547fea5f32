#!/bin/sh
# Set up the peers the interop tests talk to: npm's ws here, Debian's packages when already root.
set -eu
cd "$(dirname "$0")"

missing=
command -v node >/dev/null && command -v npm >/dev/null || missing="$missing nodejs npm"
command -v ruby >/dev/null && ruby -e 'require "em-websocket"' 2>/dev/null || missing="$missing ruby-em-websocket"
# shellcheck disable=SC2086 - a list of packages is meant
[ -z "$missing" ] || sh ../../../packaging/apt.sh 'The interop tests need peers that are not here.' $missing
[ node_modules/.package-lock.json -nt package-lock.json ] || npm ci --silent
