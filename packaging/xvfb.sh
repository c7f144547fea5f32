#!/bin/sh
# See that Xvfb is there: installed when already root, else the one line to run; never sudo.
set -eu
if command -v Xvfb >/dev/null && command -v xauth >/dev/null; then
  exit 0
fi
line='apt-get install -y --no-install-recommends xvfb xauth'
if [ "$(id -u)" = 0 ]; then
  apt-get update -q
  $line
else
  echo "A virtual screen is needed. Run as root: $line" >&2
  exit 4
fi
