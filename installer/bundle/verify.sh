#!/bin/sh
# Checks a bundle of Casemate with openssl 3 and sha256sum alone, and changes nothing:
#   ./verify.sh FINGERPRINT      beside the archive (its .sums), or inside the unpacked folder
# FINGERPRINT is that of the release key, from where the release was announced, never from the medium
# that the bundle came on. What this script does can be typed by hand; see docs/bundle.md.
set -eu
cd "$(dirname "$0")"
fail() {
  echo "REFUSED: $1" >&2
  exit "$2"
}
wanted=$(printf '%s' "${1-}" | sed 's/^[Ss][Hh][Aa]-\{0,1\}256://' | tr -d ': \n' | tr 'A-F' 'a-f')
[ "${#wanted}" -eq 64 ] || fail 'give the fingerprint of the release key (64 hexadecimal digits)' 2
case $(openssl version 2>/dev/null) in
'OpenSSL '[3-9]*) ;;
*) fail 'openssl 3 or later is needed to check the signature; check on another host that has it' 2 ;;
esac

check() {
  found=$(openssl pkey -pubin -in "$1" -outform DER 2>/dev/null | sha256sum | cut -d' ' -f1)
  [ "$found" = "$wanted" ] || fail "the signer is $found, not $wanted" 9
  openssl pkeyutl -verify -pubin -inkey "$1" -rawin -in "$2" -sigfile "$3" >/dev/null 2>&1 ||
    fail "the signature of $2 is wrong" 9
  sha256sum -c --strict --quiet "$2" || fail "a file is not what was signed" 10
}

if [ -f SHA256SUMS ]; then
  check release-key.pem SHA256SUMS SHA256SUMS.sig
  # Three files stand outside the list, which has a line for each other one.
  files=$(find . ! -type d | wc -l)
  [ "$files" -eq $(($(wc -l <SHA256SUMS) + 3)) ] || fail 'there are files that were not signed' 10
else
  set -- *.sums
  [ -f "$1" ] && [ $# -eq 1 ] || fail 'there must be exactly one .sums beside this script' 2
  check "${1%.sums}.pem" "$1" "$1.sig"
fi
echo "verified: signed by $wanted"
