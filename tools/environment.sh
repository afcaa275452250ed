#!/usr/bin/env bash
# Make .venv and install what is pinned: `tools/environment.sh run`, `… test` (and what tests need) or
# `… maintain` (and what the scripts in tools/ need). Does nothing when exactly that is installed already.
# Needs Python 3.11 or newer and pip, nothing else.
set -euo pipefail
cd "$(dirname "$0")/.."

case "${1:-}" in
    run) files=(requirements.txt) ;;
    test) files=(requirements.txt tests/requirements.txt) ;;
    maintain) files=(requirements.txt tests/requirements.txt tools/requirements.txt) ;;
    *) echo "usage: tools/environment.sh run|test|maintain" >&2; exit 2 ;;
esac

stamp=".venv/.installed-$1-$(cat "${files[@]}" | cksum | tr ' ' '-')"
if [ -e "$stamp" ] && .venv/bin/python -c "" 2>/dev/null; then
    exit 0
fi

find_python() {
    local candidate
    for candidate in "${PYTHON:-python3}" python3.13 python3.12 python3.11 python3.14; do
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            echo "$candidate"
            return
        fi
    done
    echo "eventsys needs Python 3.11 or newer: install it, or name it with PYTHON=…" >&2
    exit 1
}

# Without compiling everything at once: only what is used is compiled, when it is used first.
install() {
    local -a requirements=()
    local file
    for file in "${files[@]}"; do requirements+=(--requirement "$file"); done
    "$@" install --quiet --no-compile --require-hashes --disable-pip-version-check --no-input "${requirements[@]}"
}

if ! .venv/bin/python -c "" 2>/dev/null; then
    python=$(find_python)
    echo "Making .venv with $("$python" --version)…" >&2
    rm -rf .venv
    # Debian ships venv without pip unless python3-venv is installed; then pip of the system fills it.
    if "$python" -c "import ensurepip" 2>/dev/null; then
        "$python" -m venv .venv
    else
        "$python" -m venv --without-pip .venv
    fi
fi

echo "Installing the pinned packages ($1)…" >&2
if .venv/bin/python -m pip --version >/dev/null 2>&1; then
    install .venv/bin/python -m pip
else
    install "$(find_python)" -m pip --python .venv/bin/python
fi
rm -f ".venv/.installed-$1-"*
touch "$stamp"
