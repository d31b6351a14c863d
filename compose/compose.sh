#!/usr/bin/env bash
# `docker compose` for this installation: ./compose/compose.sh ps|logs|stop|down …
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
if docker compose version >/dev/null 2>&1; then program=(docker compose); else program=(docker-compose); fi
exec "${program[@]}" --file "$here/compose.yaml" --env-file "$here/dist/images.env" --env-file "$here/dist/casemate.env" "$@"
