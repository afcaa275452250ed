"""The vendored files are those of the packages they name, and none is there unlisted."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent


def check(root: Path) -> tuple[int, str]:
    command = [sys.executable, str(root / "tools" / "vendor.py"), "check"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.returncode, done.stderr


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for folder in ("static/vendor", "tests/vendor"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    (tmp_path / "tools").mkdir()
    shutil.copy(ROOT / "tools" / "vendor.py", tmp_path / "tools")
    return tmp_path


def test_vendored_files_are_unchanged_listed_and_licensed() -> None:
    assert check(ROOT) == (0, "")


def test_a_changed_file_is_found(copy: Path) -> None:
    font = next((copy / "static/vendor").rglob("*.woff2"))
    font.write_bytes(font.read_bytes() + b" ")
    code, said = check(copy)
    assert code == 1
    assert font.name in said


def test_an_unlisted_file_is_found(copy: Path) -> None:
    (copy / "static/vendor/extra.js").write_text("1", encoding="utf-8")
    assert check(copy) == (1, "static/vendor/extra.js: not listed in the manifest\n")


def test_a_missing_licence_is_found(copy: Path) -> None:
    next((copy / "static/vendor").rglob("LICENSE")).unlink()
    assert "no licence" in check(copy)[1]
