"""The cheap look at where the code stands says what Alembic says, and says so when it cannot know."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from alembic.script import ScriptDirectory

from eventsys.core.migrations import VERSIONS, code_version

if TYPE_CHECKING:
    from pathlib import Path


def write(folder: Path, name: str, revision: object, before: object) -> None:
    lines = f'"""{name}.\n\nrevision: 9999\n"""\n\nrevision = {revision!r}\ndown_revision = {before!r}\n'
    (folder / f"{name}.py").write_text(lines)


def test_the_same_as_alembic():
    assert code_version() == ScriptDirectory(str(VERSIONS.parent)).get_current_head()


def test_the_last_is_the_one_that_none_follows_whatever_the_files_are_called(tmp_path):
    write(tmp_path, "b_first", "1a", None)
    write(tmp_path, "a_last", "2c", "1a")
    assert code_version(tmp_path) == "2c"


def test_annotated_lines_and_a_join_of_two_branches(tmp_path):
    write(tmp_path, "one", "1", None)
    write(tmp_path, "two", "2", "1")
    write(tmp_path, "three", "3", "1")
    (tmp_path / "four.py").write_text(
        "revision: str = '4'\ndown_revision: str | tuple[str, ...] | None = ('2', '3')\n"
    )
    assert code_version(tmp_path) == "4"


@pytest.mark.parametrize("rows", [[], [("1", None), ("2", "1"), ("3", "1")], [("2", "1")]])
def test_no_single_end_is_an_error_and_never_a_start_without_migrations(tmp_path, rows):
    for revision, before in rows:
        write(tmp_path, f"m{revision}", revision, before)
    with pytest.raises(RuntimeError):
        code_version(tmp_path)


def test_a_file_that_does_not_say_where_it_stands_is_an_error(tmp_path):
    write(tmp_path, "one", "1", None)
    (tmp_path / "two.py").write_text("revision = '2'\n")
    with pytest.raises(RuntimeError, match=r"two\.py"):
        code_version(tmp_path)
