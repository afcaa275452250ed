"""Nothing grows beyond what one can read at a sitting."""

from __future__ import annotations

import pytest

from tests.contracts import code

LINES = [
    ("eventsys", "*.py", 400),
    ("tools", "*.py", 400),
    ("migrations", "env.py", 400),
    ("tests", "*.py", 500),
    ("templates", "*", 200),
    ("static/js", "*.js", 400),
    ("static/desk", "*.js", 400),
    ("static/css", "*.css", 500),
]
FUNCTION_LINES = 60


@pytest.mark.parametrize(("folder", "pattern", "limit"), LINES)
def test_no_file_is_too_long(folder, pattern, limit):
    files = (
        path
        for path in (code.ROOT / folder).rglob(pattern)
        if path.is_file() and "__pycache__" not in path.parts
    )
    lengths = {code.short(path): path.read_bytes().count(b"\n") for path in files}
    assert {name: lines for name, lines in lengths.items() if lines > limit} == {}


def test_no_function_is_too_long():
    long = {
        f"{code.short(path)}:{node.lineno} {node.name}": node.end_lineno - node.lineno + 1
        for path in code.python_files("eventsys", "tools")
        for node in code.functions(code.tree(path))
        if node.end_lineno - node.lineno + 1 > FUNCTION_LINES
    }
    assert long == {}


def test_a_conftest_stays_short():
    assert (code.ROOT / "tests/conftest.py").read_text().count("\n") < 150
