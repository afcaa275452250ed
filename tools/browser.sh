#!/usr/bin/env bash
# Print the path of a system Chromium for the browser tests. As root on Debian or Ubuntu it is installed
# when it is missing; otherwise this says what is missing and fails.
set -euo pipefail

find_browser() {
    local candidate
    for candidate in "${CHROMIUM:-}" chromium chromium-browser google-chrome-stable google-chrome; do
        if [ -n "$candidate" ] && "$candidate" --version >/dev/null 2>&1; then
            command -v "$candidate"
            return
        fi
    done
    return 1
}

if find_browser; then exit 0; fi
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing Chromium for the browser tests…" >&2
    export DEBIAN_FRONTEND=noninteractive
    {
        apt-get update --quiet=2 || true
        apt-get install --quiet=2 --yes --no-install-recommends chromium </dev/null
    } >&2 || true
    if find_browser; then exit 0; fi
fi
cat >&2 <<'TEXT'
Missing: Chromium, for the browser tests. Install it (Debian, Ubuntu: apt-get install chromium) or name an
installed one with CHROMIUM=/path/to/chromium. Without a browser: make test-fast.
TEXT
exit 1
