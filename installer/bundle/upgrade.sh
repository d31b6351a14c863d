#!/usr/bin/env bash
# Upgrades an instance that is too old to have `casemate upgrade`: ./upgrade.sh --signer FINGERPRINT
# [FLAGS]. The flags are those of `casemate upgrade`. Nothing of the bundle runs before it was verified.
set -euo pipefail
here=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)
source "$here/run-verified.sh" upgrade "$here" "$@"
