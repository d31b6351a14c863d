#!/usr/bin/env bash
# Builds helm, kubeconform, promtool and docker-compose from Go modules into the cache, once; about a
# quarter of an hour. The checksums are those of Go's own database (go.sum).
set -euo pipefail
bin=${CASEMATE_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/casemate}/tools
mkdir -p "$bin"
export GOTOOLCHAIN=local GOFLAGS=-mod=mod GOBIN=$bin
[ -x "$bin/helm" ] || go install helm.sh/helm/v3/cmd/helm@v3.22.0
[ -x "$bin/kubeconform" ] || go install github.com/yannh/kubeconform/cmd/kubeconform@v0.8.0

# `go install` takes no module that excludes or replaces others.
build() {
  local name=$1 module=$2 package=$3
  [ ! -x "$bin/$name" ] || return 0
  local dir
  dir=$(mktemp -d)
  (
    cd "$dir"
    go mod init tool >/dev/null 2>&1
    go get "$module"
    go build -o "$bin/$name" "$package"
  )
  rm -rf "$dir"
}
build promtool github.com/prometheus/prometheus@v0.307.3 github.com/prometheus/prometheus/cmd/promtool
build docker-compose github.com/docker/compose/v2@v2.40.3 github.com/docker/compose/v2/cmd
echo "$bin"
