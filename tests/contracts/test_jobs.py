"""Every job that is queued has somebody who does it, and every mail its texts."""

from __future__ import annotations

import ast

from eventsys.web.office import messages
from eventsys.worker.table import JOBS
from tests.contracts import code


def queued(name: str, position: int = 0) -> set[str]:
    """Collect the constant names handed to a function of ``operations``, such as ``enqueue("x.y", …)``."""
    names = set()
    for path in code.python_files():
        for call in code.calls(code.tree(path), name):
            if len(call.args) > position and isinstance(call.args[position], ast.Constant):
                names.add(call.args[position].value)
    return names


def test_every_queued_job_has_a_function_and_every_function_is_queued():
    assert queued("enqueue") == set(JOBS)


def test_every_job_name_is_written_where_it_is_queued():
    unknown = [
        f"{code.short(path)}:{call.lineno}"
        for path in code.python_files()
        for call in code.calls(code.tree(path), "enqueue")
        if not (call.args and isinstance(call.args[0], ast.Constant))
    ]
    assert unknown == []


def test_every_mail_has_subject_text_and_html():
    folders = [path.parent for path in (code.TEMPLATES / "mail").rglob("subject.txt")]
    assert folders
    for folder in folders:
        assert {"subject.txt", "body.txt", "body.html"} <= {
            path.name for path in folder.iterdir()
        }, folder


def test_the_office_has_words_for_every_mail_and_every_job():
    mails = {
        f"{path.parent.parent.name}/{path.parent.name}"
        for path in (code.TEMPLATES / "mail").glob("*/*/body.txt")
    }
    assert set(messages.KINDS) == mails
    assert set(messages.JOBS) == set(JOBS)
