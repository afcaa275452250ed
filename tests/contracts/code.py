"""The product's own files, read once: for the tests that look at the code as a whole."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parent.parent.parent
PRODUCT = ROOT / "eventsys"
TEMPLATES = ROOT / "templates"
# Not areas: the outside, and what stands below all areas.
OUTSIDE = {"web", "worker", "cli"}
BELOW = {"core", "files"}


def short(path: Path) -> str:
    """Give the path as it is spoken of."""
    return path.relative_to(ROOT).as_posix()


@cache
def python_files(*folders: str) -> tuple[Path, ...]:
    """List the Python files of some folders (default: the product)."""
    found = (path for folder in folders or ("eventsys",) for path in (ROOT / folder).rglob("*.py"))
    return tuple(sorted(path for path in found if "node_modules" not in path.parts))


@cache
def tree(path: Path) -> ast.Module:
    """Give the syntax tree of a file."""
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def areas() -> list[str]:
    """List the areas: packages with rules, tables, queries and operations of their own."""
    packages = {path.parent.name for path in PRODUCT.glob("*/__init__.py")}
    return sorted(packages - OUTSIDE - BELOW)


def functions(module: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Go through all functions, also those inside classes and functions."""
    return (
        node
        for node in ast.walk(module)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    )


def called(node: ast.Call) -> str:
    """Give the last name of what is called: ``commit`` for ``db.session.commit()``."""
    target = node.func
    return target.attr if isinstance(target, ast.Attribute) else getattr(target, "id", "")


def calls(node: ast.AST, *names: str) -> Iterator[ast.Call]:
    """Go through the calls of functions with some names."""
    return (call for call in ast.walk(node) if isinstance(call, ast.Call) and called(call) in names)
