#!/usr/bin/env bash
# Breaks a control on purpose and expects its test to fail: scripts/sabotage.sh [--list] [ID…]
set -euo pipefail
here=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)
# Sets CASEMATE_NODE.
source "$here/installer/bootstrap-node.sh"
export PATH="$(dirname "$CASEMATE_NODE"):$PATH"
exec "$CASEMATE_NODE" --disable-warning=ExperimentalWarning "$here/scripts/sabotage/main.ts" "$@"
