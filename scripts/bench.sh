#!/usr/bin/env bash
# Measures the numbers of docs/benchmarks.md: scripts/bench.sh --list | NAME… [--json] [--data DIR]
set -euo pipefail
here=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)
# Sets CASEMATE_NODE.
source "$here/installer/bootstrap-node.sh"
export PATH="$(dirname "$CASEMATE_NODE"):$PATH"
[ -d "$here/node_modules" ] || (cd "$here" && npm ci --no-audit --no-fund >&2)
exec "$CASEMATE_NODE" --disable-warning=ExperimentalWarning "$here/scripts/bench/main.ts" "$@"
