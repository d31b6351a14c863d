#!/usr/bin/env bash
# Installs Casemate from this bundle, with no network: ./install.sh --signer FINGERPRINT [FLAGS].
# The flags are those of `casemate install`. Nothing of the bundle runs before it was verified.
set -euo pipefail
here=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)
source "$here/run-verified.sh" install --bundle "$here" "$@"
