"""Vendored files: what came from where, and a check that nothing changed since.

``python tools/vendor.py check`` needs no network: every file is listed, has its hash and its licence.
``python tools/vendor.py update`` is for a person: it fetches the pinned packages with npm, copies or
bundles the listed files and writes their hashes. Running the product never needs npm.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).parent.parent
MANIFEST: Final = ROOT / "static" / "vendor" / "manifest.json"
# Everything that lies in these folders must be listed.
FOLDERS: Final = ("static/vendor", "tests/vendor")


def read() -> list[dict[str, Any]]:
    """Read the manifest: one entry for each package."""
    packages: list[dict[str, Any]] = json.loads(MANIFEST.read_text(encoding="utf-8"))["packages"]
    return packages


def digest(path: Path) -> str:
    """Give the SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _faults_of(package: dict[str, Any]) -> list[str]:
    found = []
    name = f"{package['name']} {package['version']}"
    licence = ROOT / package["licence_file"]
    if not package["licence"] or not licence.is_file() or licence.stat().st_size == 0:
        found.append(f"{name}: no licence")
    for path, entry in package["files"].items():
        file = ROOT / path
        if not file.is_file():
            found.append(f"{path}: missing")
        elif digest(file) != entry["sha256"] or file.stat().st_size != entry["bytes"]:
            found.append(f"{path}: not the file of {name}")
        if path.startswith("static/") and package["version"] not in path:
            found.append(f"{path}: the folder must carry the version {package['version']}")
    return found


def check() -> list[str]:
    """List what is wrong: changed, missing or unlisted files, missing licences."""
    packages = read()
    found = [fault for package in packages for fault in _faults_of(package)]
    listed = {path for package in packages for path in package["files"]}
    listed |= {MANIFEST.relative_to(ROOT).as_posix()}
    for folder in FOLDERS:
        there = (ROOT / folder).rglob("*")
        present = {file.relative_to(ROOT).as_posix() for file in there if file.is_file()}
        found += [f"{path}: not listed in the manifest" for path in sorted(present - listed)]
    return found


def _run(command: list[str], folder: Path) -> bytes:
    return subprocess.run(command, cwd=folder, check=True, capture_output=True).stdout


def _produce(package: dict[str, Any], entry: dict[str, Any], folder: Path) -> bytes:
    if "origin" in entry:
        origin = folder.joinpath("node_modules", package["name"], entry["origin"])
        return origin.read_bytes()
    bundle = entry["bundle"]
    _run(["npm", "install", "--silent", "--no-save", f"esbuild@{bundle['esbuild']}"], folder)
    (folder / "entry.js").write_text(bundle["entry"] + "\n", encoding="utf-8")
    return _run(["node_modules/.bin/esbuild", "entry.js", *bundle["options"]], folder)


def update() -> None:
    """Fetch the pinned packages, copy or bundle the listed files, write their hashes."""
    manifest = json.loads(MANIFEST.read_text(encoding="utf-8"))
    for package in manifest["packages"]:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            spec = f"{package['name']}@{package['version']}"
            _run(["npm", "install", "--silent", "--ignore-scripts", spec], folder)
            for path, entry in package["files"].items():
                file = ROOT / path
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(_produce(package, entry, folder))
                entry.update(sha256=digest(file), bytes=file.stat().st_size)
    MANIFEST.write_text(json.dumps(manifest, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def main(arguments: list[str]) -> int:
    """Run ``check`` or ``update``."""
    if arguments == ["update"]:
        update()
    elif arguments != ["check"]:
        sys.stderr.write("usage: python tools/vendor.py check|update\n")
        return 2
    faults = check()
    sys.stderr.writelines(f"{fault}\n" for fault in faults)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
