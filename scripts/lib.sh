# Shared by the scripts: sentences, versions, stamps. Sourced from the checkout's root.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"

say() { printf '%s\n' "$*"; }

fail() {
  printf 'Error: %s\n' "$*" >&2
  exit 1
}

# version_at_least 20.19 "v20.20.1": true when the second is not older than the first.
version_at_least() {
  local wanted=$1 found=${2#v}
  [ "$(printf '%s\n%s\n' "$wanted" "$found" | sort -t. -k1,1n -k2,2n -k3,3n | head -n 1)" = "$wanted" ]
}

digest() { if command -v sha256sum >/dev/null; then sha256sum; else shasum -a 256; fi | cut -d ' ' -f 1; }

# digest_of FILE...: one digest over the names and contents of files.
digest_of() {
  local file
  for file in "$@"; do
    printf '%s %s\n' "$file" "$(digest <"$file")"
  done | digest
}

# is_stamped FILE VALUE: the work behind the stamp was already done for this value.
is_stamped() { [ -f "$1" ] && [ "$(cat "$1")" = "$2" ]; }

stamp() {
  mkdir -p "$(dirname "$1")"
  printf '%s\n' "$2" >"$1"
}

# timed "What is done" command...: one line with the seconds; the command's output only when it fails.
timed() {
  local what=$1 started=$SECONDS log
  shift
  log=$(mktemp "${TMPDIR:-/tmp}/wealthnexus.XXXXXX")
  printf '%s … ' "$what"
  if "$@" >"$log" 2>&1; then
    printf '%s s\n' "$((SECONDS - started))"
    rm -f "$log"
  else
    printf 'failed\n'
    tail -n 40 "$log" >&2
    rm -f "$log"
    return 1
  fi
}

need_space_mb() {
  local free
  free=$(df -Pk . | awk 'NR == 2 { print int($4 / 1024) }')
  [ "$free" -ge "$1" ] || fail "$2 needs about $1 MB on this disk and $free MB are free. Free some space and try again."
}

# Caches go to the home folder; where there is none that can be written, beside the checkout.
use_writable_caches() {
  if [ -z "${HOME:-}" ] || [ ! -d "${HOME:-/nonexistent}" ] || [ ! -w "${HOME:-/nonexistent}" ]; then
    export HOME="$root/.data/home"
    mkdir -p "$HOME"
  fi
}

# Installers bring certificate lists of their own. A machine behind a proxy that opens TLS trusts one authority more, and
# what the machine trusts counts. NODE_EXTRA_CA_CERTS and SSL_CERT_FILE still name another list.
use_system_certificates() {
  local list
  export UV_SYSTEM_CERTS=1
  for list in /etc/ssl/certs/ca-certificates.crt /etc/pki/tls/certs/ca-bundle.crt /etc/ssl/cert.pem; do
    [ -z "${NODE_EXTRA_CA_CERTS:-}" ] && [ -r "$list" ] && export NODE_EXTRA_CA_CERTS="$list"
  done
  return 0
}
