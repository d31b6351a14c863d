# Sourced by install.sh and upgrade.sh with the command and its flags: verifies, then runs it.
casemate_signer=
casemate_previous=
for casemate_word in "$@"; do
  case $casemate_word in --signer=*) casemate_signer=${casemate_word#--signer=} ;; esac
  [ "$casemate_previous" != --signer ] || casemate_signer=$casemate_word
  casemate_previous=$casemate_word
done
if [ -z "$casemate_signer" ]; then
  echo 'Give --signer FINGERPRINT: that of the release key, as it was announced.' >&2
  exit 2
fi
/bin/sh "$here/verify.sh" "$casemate_signer" >&2

casemate_needs=$(sed -n 's/^ *"glibc": "\([0-9.]*\)",$/\1/p' "$here/manifest.json" | head -n 1)
casemate_has=$(getconf GNU_LIBC_VERSION 2>/dev/null | cut -d' ' -f2)
if [ "$(printf '%s\n' "$casemate_needs" "${casemate_has:-0}" | sort -V | head -n 1)" != "$casemate_needs" ]; then
  echo "This host has glibc ${casemate_has:-none}, and the programs of the bundle need $casemate_needs." >&2
  echo 'Use a host with a newer system. Nothing was changed.' >&2
  exit 3
fi
export CASEMATE_BUNDLE=$here
exec "$here/installer/bin/casemate" "$@"
