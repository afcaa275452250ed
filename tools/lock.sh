#!/usr/bin/env bash
# Pin what the *.in files ask for, with hashes, for Python 3.11 and newer. Newer versions are taken with
# `tools/lock.sh --upgrade`, one with `tools/lock.sh --upgrade-package flask`.
set -euo pipefail
cd "$(dirname "$0")/.."
for folder in . tests tools; do
    (
        cd "$folder"
        "$OLDPWD/.venv/bin/uv" pip compile requirements.in --output-file requirements.txt --quiet \
            --generate-hashes --no-emit-index-url --python-version 3.11 --universal \
            --custom-compile-command "make lock" "$@"
    )
done
