#!/usr/bin/env bash
# Installs Casemate on this host: ./installer/install.sh [--yes] [FLAGS]. The flags are those of
# `casemate install` (see --help). Safe to run again at any time: it goes on where it stopped.
set -euo pipefail
exec "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/bin/casemate" install "$@"
