#!/usr/bin/env bash
# Builds helm, kubeconform and docker-compose from Go modules into the cache, once; about ten minutes.
set -euo pipefail
bin=${CASEMATE_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/casemate}/tools
mkdir -p "$bin"
export GOTOOLCHAIN=local GOFLAGS=-mod=mod GOBIN=$bin
[ -x "$bin/helm" ] || go install helm.sh/helm/v3/cmd/helm@v3.22.0
[ -x "$bin/kubeconform" ] || go install github.com/yannh/kubeconform/cmd/kubeconform@v0.8.0
if [ ! -x "$bin/docker-compose" ]; then
  module=$(mktemp -d)
  trap 'rm -rf "$module"' EXIT
  (
    cd "$module"
    go mod init tool >/dev/null 2>&1
    go get github.com/docker/compose/v2@v2.40.3
    go build -o "$bin/docker-compose" github.com/docker/compose/v2/cmd
  )
fi
echo "$bin"
