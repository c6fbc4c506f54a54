#!/usr/bin/env bash
# Prints the path of a Chromium for the browser tests; installs Debian's when there is none and we may.
source "$(dirname "$0")/lib.sh"

find_browser() {
  local name
  for name in ${CHROMIUM:+"$CHROMIUM"} chromium chromium-browser google-chrome google-chrome-stable; do
    if command -v "$name" >/dev/null; then
      command -v "$name"
      return
    fi
  done
  for name in "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome" /Applications/Chromium.app/Contents/MacOS/Chromium; do
    if [ -x "$name" ]; then
      say "$name"
      return
    fi
  done
  return 1
}

find_browser && exit 0
advice="Install Chromium (Debian, Ubuntu: apt-get install chromium), or name one: CHROMIUM=/path/to/chrome. \`make test BROWSER=0\` runs everything else."
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
  fail "The browser tests need Chromium and none was found. $advice"
fi
export DEBIAN_FRONTEND=noninteractive
timed "Installing Chromium" sh -c 'apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium' >&2 ||
  fail "Chromium could not be installed. $advice"
find_browser || fail "Chromium was installed but is not in PATH. $advice"
