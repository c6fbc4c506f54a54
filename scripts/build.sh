#!/usr/bin/env bash
# The web app, built into frontend/dist when anything it is made from has changed.
source "$(dirname "$0")/lib.sh"
use_writable_caches

sources() {
  if [ -f schema.graphql ]; then say schema.graphql; fi
  find frontend -type f \
    -not -path 'frontend/node_modules/*' -not -path 'frontend/dist/*' -not -path 'frontend/src/generated/*' \
    -not -path 'frontend/test-results/*' -not -path 'frontend/playwright-report/*' -not -path 'frontend/tests/*' |
    LC_ALL=C sort
}

files=()
while IFS= read -r file; do files+=("$file"); done < <(sources)
if command -v sha256sum >/dev/null; then
  wanted=$(sha256sum -- "${files[@]}" | digest)
else
  wanted=$(digest_of "${files[@]}")
fi
[ -f frontend/dist/index.html ] && is_stamped frontend/dist/.built "$wanted" && exit 0
timed "Building the web app" npm --prefix frontend run --silent build ||
  fail "The web app could not be built; the lines above say why."
[ -f frontend/dist/index.html ] || fail "The build ended without frontend/dist/index.html; nothing can be served."
stamp frontend/dist/.built "$wanted"
