#!/usr/bin/env bash
# `make test`: every check and test, one after the other, all of them even when one fails; then a summary.
# BROWSER=0 leaves out the browser tests and says so. SOAK=1 runs the long programmes in full.
# PYTEST_WORKERS=n sets the number of test workers (default: the processors, at most 4).
source "$(dirname "$0")/lib.sh"
use_writable_caches
export PATH="$root/.venv/bin:$PATH"

names=() results=() seconds=()
left_out=()

stage() {
  local name=$1 started=$SECONDS result=passed
  shift
  printf '\n=== %s\n' "$name"
  "$@" || result=FAILED
  names+=("$name") results+=("$result") seconds+=("$((SECONDS - started))")
}

processors() { getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2; }
workers=${PYTEST_WORKERS:-$(processors)}
[ "$workers" -le 4 ] || workers=4

# One format for every file, so that a change shows only what it changes.
style() { ruff check . && ruff format --check .; }
fast_python_tests() { pytest -q --durations=12 -n "$workers" --dist loadgroup -m "not fault and not benchmark"; }
# Killing processes is timed; nothing else may run beside it.
fault_tests() { pytest -q -m "fault and not benchmark"; }

# A desk and a phone side by side, each on a demo of its own; what is measured is measured alone, on the desk's
# demo when the phone's has ended.
browser_tests() {
  local failed=0 phone log="$root/test-results/phone.log" over="$root/test-results/phone.over"
  mkdir -p "$root/test-results"
  rm -f "$over"
  {
    local result=0
    E2E_RESULTS="$root/test-results/phone" bash scripts/e2e.sh --project=phone >"$log" 2>&1 || result=1
    touch "$over"
    exit "$result"
  } &
  phone=$!
  E2E_RESULTS="$root/test-results/desktop" E2E_ALONE=budgets.spec.ts E2E_ALONE_AFTER="$over" \
    bash scripts/e2e.sh --project=desktop --grep-invert budgets || failed=1
  wait "$phone" || failed=1
  cat "$log"
  return "$failed"
}

if [ "${SOAK:-0}" = 1 ]; then
  export WEALTHNEXUS_SOAK=1
  stage "Long programmes" pytest -q -m soak --timeout 3600
  stage "Web app: build" bash scripts/build.sh
  stage "Browser tests on both devices" bash scripts/e2e.sh --grep-invert budgets
else
  stage "Style (ruff)" style
  stage "Types (mypy)" mypy
  stage "Layers (import-linter)" lint-imports --no-cache
  stage "GraphQL schema is the recorded one" wealthnexus schema --check schema.graphql
  stage "Web app: types, style" npm --prefix frontend run --silent check
  stage "Web app: unit tests" npm --prefix frontend run --silent test
  stage "Python tests" fast_python_tests
  stage "Fault tests (killed processes)" fault_tests
  stage "Web app: build" bash scripts/build.sh
  stage "Web app: size budgets" npm --prefix frontend run --silent size
  if [ "${BROWSER:-1}" = 0 ]; then
    left_out+=("the browser tests (BROWSER=0)")
  else
    stage "Browser tests" browser_tests
  fi
  left_out+=("the long programmes in full (make soak)" "the measurements (make bench)")
fi

printf '\n'
failed=0
for index in "${!names[@]}"; do
  printf '%-8s %5s s  %s\n' "${results[$index]}" "${seconds[$index]}" "${names[$index]}"
  [ "${results[$index]}" = passed ] || failed=$((failed + 1))
done
printf '%-8s %5s s\n' total "$SECONDS"
for what in "${left_out[@]+"${left_out[@]}"}"; do say "Left out: $what."; done
[ "$failed" = 0 ] || fail "$failed of ${#names[@]} stages failed."
say "All ${#names[@]} stages passed."
