# Finds Node.js 24 or later, or brings the version that components.lock.json pins, and sets
# CASEMATE_NODE to it. Sourced by install.sh; `bash bootstrap-node.sh` prints the path instead.
# Reads: CASEMATE_NODE, CASEMATE_BUNDLE (an unpacked bundle), CASEMATE_VENDOR_BASE (a mirror of the
# vendors' URLs), CASEMATE_CACHE. Needs only a shell, coreutils, sed, tar, and one way to get a file.

casemate_here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
casemate_lock="$casemate_here/src/components/components.lock.json"

# Prints one field of Node's entry in the lock: `casemate_pin registry sha256`. There is no JSON
# parser at hand; the lock is ours, has no nested braces here and no escapes.
casemate_pin() {
  tr -d '\n' <"$casemate_lock" |
    sed -n "s/.*\"node\": *{[^{}]*\(\(\"[a-z]*\": *{[^{}]*}[, ]*\)*\)}.*/\1/p" |
    sed -n "s/.*\"$1\": *{\([^{}]*\)}.*/\1/p" |
    sed -n "s/.*\"$2\": *\"\([^\"]*\)\".*/\1/p"
}

casemate_node_fits() {
  [ -n "$1" ] && [ -x "$1" ] || return 1
  local major
  major=$("$1" --version 2>/dev/null | sed -n 's/^v\([0-9]*\)\..*/\1/p')
  [ -n "$major" ] && [ "$major" -ge 24 ]
}

casemate_verified() {
  [ -n "$2" ] && [ -f "$1" ] || return 1
  [ "$(sha256sum "$1" | cut -d' ' -f1)" = "$2" ] && return 0
  echo "warning: $1 is refused: its SHA-256 is not the pinned $2" >&2
  return 1
}

casemate_download() {
  if command -v curl >/dev/null; then
    curl -fsSL --retry 2 --connect-timeout 10 -o "$2" "$1"
  elif command -v wget >/dev/null; then
    wget -q --tries=2 --connect-timeout=10 -O "$2" "$1"
  else
    echo 'neither curl nor wget' >&2
    return 1
  fi
}

# Leaves a verified archive at $1/node.tgz and the name of its source in casemate_source.
casemate_fetch_node() {
  local work=$1 file url
  for casemate_source in bundle vendor registry; do
    url=$(casemate_pin vendor url)
    file=$(casemate_pin "$casemate_source" file)
    [ "$casemate_source" = vendor ] && file=${url##*/}
    [ -n "${CASEMATE_BUNDLE:-}" ] || break
    cp "$CASEMATE_BUNDLE/components/node/$file" "$work/node.tgz" 2>/dev/null || continue
    casemate_verified "$work/node.tgz" "$(casemate_pin "$casemate_source" sha256)" && return 0
  done
  # Inside a bundle nothing is asked of a network.
  [ -z "$(casemate_pin bundle sha256)" ] || return 1

  casemate_source=vendor
  url=$(casemate_pin vendor url)
  if [ -n "$(casemate_pin vendor sha256)" ]; then
    [ -z "${CASEMATE_VENDOR_BASE:-}" ] || url="${CASEMATE_VENDOR_BASE%/}/${url#*://*/}"
    casemate_download "$url" "$work/node.tgz" &&
      casemate_verified "$work/node.tgz" "$(casemate_pin vendor sha256)" && return 0
  fi

  casemate_source=registry
  command -v npm >/dev/null || return 1
  (cd "$work" && npm pack --silent --ignore-scripts \
    "$(casemate_pin registry package)@$(casemate_pin registry version)" >/dev/null) || return 1
  mv "$work/$(casemate_pin registry file)" "$work/node.tgz" &&
    casemate_verified "$work/node.tgz" "$(casemate_pin registry sha256)"
}

# The archives of vendor and registry have one folder around everything; a bundle's has none.
casemate_strip() {
  [ "$casemate_source" = bundle ] || echo --strip-components=1
}

# Unpacks into the place where the component fetcher looks too; complete or absent.
casemate_bring_node() {
  local cache components version key work place
  cache=${CASEMATE_CACHE:-${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/casemate}
  components="$cache/components"
  version=$(casemate_pin registry version)
  for casemate_source in bundle vendor registry; do
    key=$(casemate_pin "$casemate_source" sha256)
    place="$components/node-$version-${key:0:16}"
    if [ -n "$key" ] && casemate_node_fits "$place/bin/node"; then
      CASEMATE_NODE="$place/bin/node"
      return 0
    fi
  done

  [ "$(uname -sm)" = 'Linux x86_64' ] || return 1
  echo "bringing Node.js $version" >&2
  mkdir -p "$components" && chmod 755 "$components" || return 1
  work=$(mktemp -d "$components/.bootstrap-node.XXXXXX") || return 1
  if casemate_fetch_node "$work" &&
    mkdir "$work/tree" &&
    tar -xzf "$work/node.tgz" --no-same-owner $(casemate_strip) -C "$work/tree" &&
    chmod -R a+rX "$work/tree" && chmod 755 "$work/tree/bin/node" &&
    casemate_node_fits "$work/tree/bin/node"; then
    key=$(casemate_pin "$casemate_source" sha256)
    place="$components/node-$version-${key:0:16}"
    # Another process may have been quicker: then its copy serves.
    mv -T "$work/tree" "$place" 2>/dev/null
    casemate_node_fits "$place/bin/node" && CASEMATE_NODE="$place/bin/node"
  fi
  rm -rf "$work"
  casemate_node_fits "${CASEMATE_NODE:-}"
}

casemate_bootstrap_node() {
  if [ -n "${CASEMATE_NODE:-}" ] && ! casemate_node_fits "$CASEMATE_NODE"; then
    echo "CASEMATE_NODE=$CASEMATE_NODE is no Node.js 24 or later: correct it, or unset it." >&2
    return 1
  fi
  casemate_node_fits "${CASEMATE_NODE:-}" || CASEMATE_NODE=$(command -v node || true)
  if ! casemate_node_fits "$CASEMATE_NODE"; then
    CASEMATE_NODE=
    if ! casemate_bring_node; then
      echo "Node.js 24 or later could not be found, nor brought from a bundle, the vendor or npm." >&2
      echo "Install it, or set CASEMATE_NODE to it, or CASEMATE_BUNDLE to an unpacked bundle" >&2
      echo "(Linux on x86-64 only), then run this again." >&2
      return 1
    fi
  fi
  export CASEMATE_NODE
}

if [ "${BASH_SOURCE[0]}" = "$0" ]; then
  casemate_bootstrap_node && echo "$CASEMATE_NODE"
else
  casemate_bootstrap_node
fi
