#!/usr/bin/env bash
# The browser journeys, against a demo of their own: own data folder, own port, ended afterwards.
# Arguments go to Playwright, e.g. scripts/e2e.sh --grep "sign in".
source "$(dirname "$0")/lib.sh"
use_writable_caches

CHROMIUM=$(bash scripts/browser.sh)
export CHROMIUM
folder="${WEALTHNEXUS_DATA_DIR:-$root/.data}/test/e2e-$$"
mkdir -p "$folder"
log="$folder.log"

for name in $(env | sed -n 's/^\(WEALTHNEXUS_[A-Z_]*\)=.*/\1/p'); do unset "$name"; done
export WEALTHNEXUS_DATA_DIR="$folder" WEALTHNEXUS_ENVIRONMENT=development
# Sessions are kept from journey to journey; one that renews itself in the middle would write a refusal to the console.
export WEALTHNEXUS_SESSION_ACCESS_MINUTES=60

.venv/bin/wealthnexus demo >"$log" 2>&1 &
demo=$!
finish() {
  kill -TERM "$demo" 2>/dev/null || true
  wait "$demo" 2>/dev/null || true
  rm -rf "$folder" "$log"
}
trap finish EXIT

waited=0
until port=$(sed -n 's|.*http://summit\.localhost:\([0-9]*\) .*|\1|p' "$log" | head -n 1) && [ -n "$port" ]; do
  if ! kill -0 "$demo" 2>/dev/null || [ "$waited" -ge 900 ]; then
    cat "$log" >&2
    fail "The demo for the browser tests did not get ready; its output is above."
  fi
  sleep 1
  waited=$((waited + 1))
done
export E2E_PORT="$port" E2E_DATA_DIR="$folder" E2E_DEMO_PID="$demo"
say "The demo for the browser tests answers on port $port."
status=0
(cd e2e && ../frontend/node_modules/.bin/playwright test "$@") || status=$?
# Then, on the same demo, what must have the machine to itself: once the file says that others are over.
if [ -n "${E2E_ALONE:-}" ]; then
  until [ -e "$E2E_ALONE_AFTER" ]; do sleep 1; done
  (cd e2e && E2E_RESULTS="${E2E_RESULTS:-../test-results}-alone" ../frontend/node_modules/.bin/playwright test "$E2E_ALONE") ||
    status=$?
fi
if [ "$status" != 0 ] && [ -d "$folder/run/logs" ]; then
  for file in "$folder"/run/logs/*.log; do
    say "--- last lines of ${file##*/}"
    tail -n 20 "$file"
  done
fi
exit "$status"
