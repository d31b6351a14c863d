#!/usr/bin/env bash
# Brings the servers of backup-targets.slow.journey.test.ts into the cache, once: OpenSSH's from Debian, and
# versitygw, an S3 server (Apache-2.0), from its Go module; some minutes. They are for tests, and not shipped.
set -euo pipefail
tools=${CASEMATE_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/casemate}/tools
mkdir -p "$tools"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
if [ ! -x "$tools/openssh/usr/sbin/sshd" ]; then
  (cd "$work" && apt-get download -qq openssh-server openssh-sftp-server libwrap0)
  for package in "$work"/*.deb; do dpkg-deb --extract "$package" "$work/openssh"; done
  mv "$work/openssh" "$tools/openssh"
fi
if [ ! -x "$tools/versitygw" ]; then
  mkdir "$work/module"
  (
    cd "$work/module"
    export GOTOOLCHAIN=local GOFLAGS=-mod=mod
    go mod init tool >/dev/null 2>&1
    go get github.com/versity/versitygw@v1.0.18
    go build -o "$tools/versitygw" github.com/versity/versitygw/cmd/versitygw
  )
fi
echo "$tools"
