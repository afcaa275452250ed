"""Names say what a thing is; a drawer for everything has no name here."""

from __future__ import annotations

import ast
import re
import tomllib

import pytest

from tests.contracts import code

DRAWERS = {
    "util",
    "utils",
    "helper",
    "helpers",
    "common",
    "misc",
    "manager",
    "managers",
    "tools",
    "lib",
}
INSIDE = {
    "operations",
    "queries",
    "models",
    "errors",
    "rules",
    "gateway",
    "data",
    "__init__",
    "__pycache__",
}
UNFINISHED = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X|NotImplemented" + r"Error)\b")
TEXTS = {".py", ".html", ".txt", ".js", ".css", ".typ", ".sh", ".toml", ".md"}


def settings():
    return tomllib.loads((code.ROOT / "pyproject.toml").read_text())["tool"]


def test_no_file_is_a_drawer():
    names = [
        code.short(path)
        for path in code.python_files()
        if path.stem in DRAWERS or path.parent.name in DRAWERS
    ]
    assert names == []


def test_an_area_has_only_the_agreed_parts():
    found = {
        code.short(path)
        for area in code.areas()
        for path in (code.PRODUCT / area).iterdir()
        if path.stem not in INSIDE
    }
    assert found == set()


@pytest.mark.parametrize("contract", ["inside", "no-http", "own-tables"])
def test_every_area_stands_in_the_import_contracts(contract):
    chosen = next(
        item for item in settings()["importlinter"]["contracts"] if item["id"] == contract
    )
    named = " ".join(
        [
            *chosen.get("containers", []),
            *chosen.get("source_modules", []),
            *chosen.get("ignore_imports", []),
        ]
    )
    assert [area for area in code.areas() if not re.search(rf"\beventsys\.{area}\b", named)] == []


def test_every_package_says_what_it_owns():
    silent = [
        code.short(p)
        for p in code.python_files()
        if p.name == "__init__.py" and not ast.get_docstring(code.tree(p))
    ]
    assert silent == []


def test_find_may_be_none_and_get_raises():
    wrong = []
    for path in code.python_files():
        if "queries" not in code.short(path):
            continue
        for node in code.tree(path).body:
            if not isinstance(node, ast.FunctionDef) or node.returns is None:
                continue
            answer = ast.unparse(node.returns)
            if node.name.startswith("get_") and "None" in answer:
                wrong.append(f"{code.short(path)} {node.name} -> {answer}")
    assert wrong == []


def test_nothing_is_left_unfinished():
    folders = (
        "eventsys",
        "templates",
        "tools",
        "docs",
        "migrations",
        "static/js",
        "static/css",
        "static/desk",
        ".ci",
    )
    files = [
        path
        for folder in folders
        for path in (code.ROOT / folder).rglob("*")
        if path.suffix in TEXTS
    ]
    found = [
        code.short(p)
        for p in [*files, *code.ROOT.glob("*.*")]
        if p.suffix in TEXTS and UNFINISHED.search(p.read_text())
    ]
    assert found == []


def test_actor_and_now_are_given_by_name():
    wrong = [
        f"{code.short(path)}:{node.lineno} {node.name}"
        for path in code.python_files()
        if "operations" in code.short(path)
        for node in code.functions(code.tree(path))
        if not node.name.startswith("_")
        for argument in [*node.args.posonlyargs, *node.args.args]
        if argument.arg in {"actor", "now"}
    ]
    assert wrong == []
