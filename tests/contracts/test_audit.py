"""Who does something is written down: an operation that takes an actor writes a line, or hands the actor on."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from tests.contracts import code

if TYPE_CHECKING:
    from pathlib import Path

RECORD = {"record", "record_all", "record_many"}
# The logs themselves: of what happened, and of money.
EXEMPT = {"eventsys/audit/operations.py", "eventsys/payments/operations/post.py"}


def _operations() -> list[Path]:
    return [
        path
        for path in code.python_files()
        if "operations" in code.short(path) and code.short(path) not in EXEMPT
    ]


def _takes_actor(node: ast.FunctionDef) -> bool:
    return any(argument.arg == "actor" for argument in [*node.args.kwonlyargs, *node.args.args])


def _writes(node: ast.FunctionDef, local: dict[str, ast.FunctionDef], seen: set[str]) -> bool:
    """Tell whether a function records, hands its actor to another operation, or calls one here that does."""
    for call in (item for item in ast.walk(node) if isinstance(item, ast.Call)):
        name = code.called(call)
        if name in RECORD:
            return True
        if name in local:
            if name not in seen and _writes(local[name], local, {*seen, name}):
                return True
        elif any(keyword.arg == "actor" for keyword in call.keywords):
            return True
    return False


def test_every_operation_with_an_actor_leaves_a_line():
    silent = []
    for path in _operations():
        local = {
            node.name: node for node in code.tree(path).body if isinstance(node, ast.FunctionDef)
        }
        silent += [
            f"{code.short(path)}:{node.lineno} {name}"
            for name, node in local.items()
            if not name.startswith("_") and _takes_actor(node) and not _writes(node, local, {name})
        ]
    assert silent == []


def test_every_line_of_the_log_has_a_name_with_its_area():
    odd = []
    for path in _operations():
        for call in code.calls(code.tree(path), "record"):
            action = call.args[0] if call.args else None
            if isinstance(action, ast.Constant) and str(action.value).count(".") != 1:
                odd.append(f"{code.short(path)}:{call.lineno} {action.value}")
    assert odd == []
