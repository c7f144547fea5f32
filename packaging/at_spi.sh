#!/bin/sh
# See that another process can read the window as a screen reader does.
set -eu
command -v dbus-run-session >/dev/null && /usr/bin/python3 -c 'import pyatspi' 2>/dev/null ||
  exec sh "$(dirname "$0")/apt.sh" 'The accessibility bus is needed.' dbus at-spi2-core python3-pyatspi
