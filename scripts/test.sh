#!/usr/bin/env bash
# Runs the tests: `scripts/test.sh [--fast | --all] [--list] [GATE [PATH…]]`. Brings what is missing
# (Node, packages, PostgreSQL, OpenBao, Ollama, models, a browser) into the cache outside the checkout.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# Sets CASEMATE_NODE, and says what to do where Node.js 24 can't be had.
source installer/bootstrap-node.sh
PATH="$(dirname "$CASEMATE_NODE"):$PATH"
export PATH

if ! "$CASEMATE_NODE" scripts/test/check-packages.ts; then
  command -v npm >/dev/null || {
    echo 'npm is needed to bring the packages: install it (Debian: apt-get install npm), then run this again.' >&2
    exit 1
  }
  echo 'bringing the packages of package-lock.json' >&2
  npm ci --no-audit --no-fund --loglevel=error </dev/null || {
    echo 'npm ci failed. It needs its registry (see `npm config get registry`) and a C compiler;' >&2
    echo 'its own message stands above. Then run this again.' >&2
    exit 1
  }
fi
exec "$CASEMATE_NODE" --disable-warning=ExperimentalWarning scripts/test/main.ts "$@"
