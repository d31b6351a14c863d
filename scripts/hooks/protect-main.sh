#!/usr/bin/env bash
# `protect-main.sh REPOSITORY ALLOWED_SIGNERS`: lets only signed commits into main of a bare repository.
# ALLOWED_SIGNERS is a file as ssh-keygen(1) describes it: `ops@example.org ssh-ed25519 AAAA…`.
set -euo pipefail
[ $# = 2 ] || { sed -n '2,3s/^# //p' "$0" >&2; exit 2; }
repository=$(cd "$1" && git rev-parse --absolute-git-dir)
signers=$(realpath "$2")
[ -s "$signers" ] || { echo "$2 names nobody" >&2; exit 1; }
install -m 0755 "$(dirname "$(realpath "$0")")/update" "$repository/hooks/update"
git -C "$repository" config gpg.format ssh
git -C "$repository" config gpg.ssh.allowedSignersFile "$signers"
git -C "$repository" config receive.denyNonFastForwards true
git -C "$repository" config receive.denyDeletes true
echo "main of $repository takes commits signed by: $(cut -d' ' -f1 "$signers" | sort -u | tr '\n' ' ')"
