#!/bin/sh
# apt.sh WHY PACKAGE...: install Debian packages where this already runs as root, else print the
# one line to run and stop with 4; never sudo.
set -eu
why=$1
shift
line="apt-get install -y --no-install-recommends $*"
if [ "$(id -u)" = 0 ]; then
  apt-get update -q
  $line
else
  echo "$why Run as root: $line" >&2
  exit 4
fi
