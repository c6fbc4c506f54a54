#!/usr/bin/env bash
# Everything a checkout needs: the Python environment and the web app's packages, from the lock files.
# A second run finds its stamps and does nothing.
source "$(dirname "$0")/lib.sh"
use_writable_caches
use_system_certificates

python_is_fit() { "$1" -c 'import sys; raise SystemExit(sys.version_info < (3, 11))' 2>/dev/null; }

find_python() {
  local name
  for name in ${PYTHON:+"$PYTHON"} python3.11 python3.12 python3.13 python3 python3.14 python; do
    if command -v "$name" >/dev/null && python_is_fit "$name"; then
      command -v "$name"
      return
    fi
  done
  fail "Python 3.11 or newer is needed and was not found. Install it (Debian, Ubuntu: apt-get install python3 python3-venv), or name one: make setup PYTHON=/path/to/python3."
}

check_node() {
  local advice="Install Node.js 20.19 or newer with npm and put it first in PATH."
  command -v node >/dev/null || fail "Node.js is needed to build the web app and was not found. $advice"
  command -v npm >/dev/null || fail "npm is needed to build the web app and was not found. $advice"
  local found
  found=$(node --version)
  version_at_least 20.19 "$found" || fail "Node.js $found was found and 20.19 or newer is needed. $advice"
}

install_uv() {
  local python=$1
  [ -x .venv/uv/bin/uv ] && is_stamped .venv/uv/.stamp "$(digest_of scripts/uv.lock)" && return
  rm -rf .venv/uv
  mkdir -p .venv
  if ! "$python" -m venv .venv/uv >/dev/null 2>&1; then
    rm -rf .venv/uv
    fail "$python cannot make virtual environments. Install its venv module (Debian, Ubuntu: apt-get install python3-venv) and try again."
  fi
  timed "Installing uv" .venv/uv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: -r scripts/uv.lock ||
    fail "uv could not be installed; check that this machine reaches the Python package index, and try again."
  stamp .venv/uv/.stamp "$(digest_of scripts/uv.lock)"
}

setup_python() {
  local python wanted
  wanted=$(digest_of requirements-dev.lock pyproject.toml scripts/uv.lock)
  if is_stamped .venv/.setup "$wanted" && .venv/bin/python -c 'import wealthnexus' 2>/dev/null; then
    return
  fi
  python=$(find_python)
  need_space_mb 1500 "The Python environment"
  install_uv "$python"
  export UV_PYTHON_DOWNLOADS=never UV_NO_PROGRESS=1
  if ! { [ -x .venv/bin/python ] && python_is_fit .venv/bin/python; }; then
    timed "Making the Python environment" .venv/uv/bin/uv venv --quiet --allow-existing --python "$python" .venv ||
      fail "The Python environment could not be made in .venv; delete that folder and try again."
  fi
  timed "Installing the Python packages" .venv/uv/bin/uv pip sync --python .venv/bin/python --require-hashes requirements-dev.lock ||
    fail "The Python packages could not be installed; check that this machine reaches the Python package index and that the disk is not full, and try again."
  timed "Installing WealthNexus" .venv/uv/bin/uv pip install --python .venv/bin/python --no-deps --editable . ||
    fail "The project itself could not be installed; the lines above say why."
  stamp .venv/.setup "$wanted"
}

setup_web() {
  local wanted
  wanted="$(digest_of frontend/package-lock.json frontend/package.json) $(node --version)"
  is_stamped frontend/node_modules/.setup "$wanted" && return
  need_space_mb 1200 "The web app's packages"
  export PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 PUPPETEER_SKIP_DOWNLOAD=1
  timed "Installing the web app's packages" npm --prefix frontend ci --no-audit --no-fund --loglevel=error ||
    fail "The web app's packages could not be installed; check that this machine reaches the npm registry and that the disk is not full, and try again."
  stamp frontend/node_modules/.setup "$wanted"
}

# The programmes of others that audit the API's protocols: installed here so that no test reaches the network.
setup_audits() {
  local folder=tests/graphql/protocol wanted
  wanted="$(digest_of "$folder/package-lock.json")"
  is_stamped "$folder/node_modules/.setup" "$wanted" && return
  timed "Installing the protocol audits" npm --prefix "$folder" ci --no-audit --no-fund --loglevel=error ||
    fail "The protocol audits could not be installed; check that this machine reaches the npm registry, and try again."
  stamp "$folder/node_modules/.setup" "$wanted"
}

for file in requirements-dev.lock frontend/package-lock.json; do
  [ -f "$file" ] || fail "This checkout is not complete: $file is missing. Get it again (git checkout -- $file)."
done
check_node
setup_python
setup_web
setup_audits
