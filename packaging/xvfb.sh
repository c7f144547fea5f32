#!/bin/sh
# See that a virtual screen can be had.
set -eu
command -v Xvfb >/dev/null && command -v xauth >/dev/null ||
  exec sh "$(dirname "$0")/apt.sh" 'A virtual screen is needed.' xvfb xauth
