#!/bin/sh
# Set up the peers the interop tests talk to: libraries from npm and PyPI in this folder, Debian's
# packages where this already runs as root. PYTHON: the interpreter for the Python peers.
set -eu
cd "$(dirname "$0")"
python=${PYTHON:-python3}

missing=
need() {
  package=$1
  shift
  "$@" >/dev/null 2>&1 || missing="$missing $package"
}
need nodejs command -v node
need npm command -v npm
need ruby-em-websocket ruby -e 'require "em-websocket"'
need ruby-websocket ruby -e 'require "websocket"'
need libprotocol-websocket-perl perl -MProtocol::WebSocket -e 1
need libnetty-java test -e /usr/share/java/netty-codec-http.jar
need default-jdk-headless command -v javac
need jython command -v jython
need golang-go command -v go
need golang-github-gorilla-websocket-dev test -e /usr/share/gocode/src/github.com/gorilla/websocket/server.go
need golang-golang-x-net-dev test -e /usr/share/gocode/src/golang.org/x/net/websocket/server.go
need nginx test -x /usr/sbin/nginx
need apache2-bin test -x /usr/sbin/apache2
need haproxy test -x /usr/sbin/haproxy
need tshark command -v tshark
# shellcheck disable=SC2086 - a list of packages is meant
[ -z "$missing" ] || sh ../../../packaging/apt.sh 'The interop tests need peers that are not here.' $missing

[ node_modules/.package-lock.json -nt package-lock.json ] || npm ci --silent

if ! [ .venv/ready -nt requirements.txt ]; then
  "$python" -m venv --clear .venv
  .venv/bin/python -m pip install --quiet --no-deps --requirement requirements.txt
  touch .venv/ready
fi
if ! [ .python2/ready -nt python2.txt ]; then
  rm -rf .python2
  # Their set-up scripts run under today's Python; the libraries themselves never do.
  .venv/bin/python -m pip download --quiet --no-deps --no-build-isolation --no-binary :all: \
    --requirement python2.txt --dest .python2
  for archive in .python2/*.tar.gz; do tar -xzf "$archive" -C .python2; done
  touch .python2/ready
fi

# Debian's Go libraries lie in a GOPATH; nothing is fetched.
[ .go/server -nt go_server/main.go ] || GO111MODULE=off GOPATH=/usr/share/gocode go build -o .go/server ./go_server
