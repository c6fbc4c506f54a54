#!/usr/bin/env bash
# Writes the lock files anew from pyproject.toml: every package with its hashes, no address of an index.
source "$(dirname "$0")/lib.sh"
use_writable_caches
use_system_certificates
uv=.venv/uv/bin/uv
export UV_PYTHON_DOWNLOADS=never
compile=("$uv" pip compile --universal --generate-hashes --no-header --quiet --python-version 3.11)
"${compile[@]}" pyproject.toml -o requirements.lock
"${compile[@]}" --group dev -c requirements.lock pyproject.toml -o requirements-dev.lock
peers=tests/benchmarks/peers
"${compile[@]}" -c requirements.lock "$peers/requirements.txt" -o "$peers/requirements.lock"
if grep -E -n '(--index-url|--extra-index-url|https?://)' requirements.lock requirements-dev.lock "$peers/requirements.lock"; then
  fail "A lock file names an address; remove it before committing."
fi
say "requirements.lock, requirements-dev.lock and $peers/requirements.lock are up to date."
