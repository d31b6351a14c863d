#!/usr/bin/env bash
# Brings Casemate up in containers on this host, or brings it up to date: ./compose/up.sh
# [--host-name NAME] [--https-port N] [--http-port N]. Run it again at any time; it keeps what is there.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
dist=$here/dist
secrets=$here/secrets
host_name=$(hostname -f 2>/dev/null || hostname)
https_port=8443
http_port=8080
profiles=cpu,database

while [ $# -gt 0 ]; do
  case $1 in
    --host-name) host_name=$2 ;;
    --https-port) https_port=$2 ;;
    --http-port) http_port=$2 ;;
    --profiles) profiles=$2 ;;
    *)
      echo "usage: up.sh [--host-name NAME] [--https-port N] [--http-port N] [--profiles cpu|gpu[,database]]" >&2
      exit 2
      ;;
  esac
  shift 2
done

# A secret is drawn once; another seal key would open nothing.
mkdir -p "$dist" "$secrets"
chmod 700 "$secrets"
draw() {
  [ -s "$secrets/$1" ] && return
  (umask 077 && head -c 32 /dev/urandom | $2 >"$secrets/$1.new" && mv "$secrets/$1.new" "$secrets/$1")
  # Only the folder keeps others of this host out: engines mount a file with the rights that it has.
  chmod 444 "$secrets/$1"
}
hex() { od -An -v -tx1 | tr -d ' \n'; }
draw seal.key cat
draw rotator-password hex

if [ ! -s "$dist/images.env" ]; then
  command -v node >/dev/null || { echo "up.sh: the images are built with Node.js 24; put it on the PATH" >&2; exit 1; }
  node "$here/../scripts/images/main.ts" --out "$dist" --load >&2
fi

cat >"$dist/casemate.env" <<ENV
CASEMATE_HOST_NAME=$host_name
CASEMATE_HTTPS_PORT=$https_port
CASEMATE_HTTP_PORT=$http_port
COMPOSE_PROFILES=$profiles
ENV

compose() { "$here/compose.sh" "$@"; }
compose up --detach --wait --wait-timeout 600 --remove-orphans
echo "Casemate runs at https://$host_name:$https_port" >&2
main=/casemate/server/dist/main.js
node=/casemate/node/bin/node
compose exec -T server "$node" "$main" self-check
compose exec -T server "$node" "$main" setup-link
