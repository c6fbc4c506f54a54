#!/usr/bin/env bash
# The libraries that `make bench` measures beside: an environment of their own, so that none is a dependency.
# WEALTHNEXUS_PEERS names another folder for it.
source "$(dirname "$0")/lib.sh"
use_writable_caches
use_system_certificates
folder=${WEALTHNEXUS_PEERS:-.venv/peers}
lock=tests/benchmarks/peers/requirements.lock
is_stamped "$folder/.stamp" "$(digest_of "$lock")" && exit 0
need_space_mb 700 "The libraries to measure beside"
export UV_PYTHON_DOWNLOADS=never UV_NO_PROGRESS=1
.venv/uv/bin/uv venv --quiet --allow-existing --python .venv/bin/python "$folder" ||
  fail "The environment of the libraries to measure beside could not be made in $folder."
timed "Installing the libraries to measure beside" \
  .venv/uv/bin/uv pip sync --python "$folder/bin/python" --require-hashes "$lock" ||
  fail "They could not be installed; check that this machine reaches the Python package index, and try again."
stamp "$folder/.stamp" "$(digest_of "$lock")"
