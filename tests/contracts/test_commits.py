"""Commits happen at the end of a request, of a job and of a command, and nowhere else."""

from __future__ import annotations

from tests.contracts import code

COMMITTERS = {
    "eventsys/web/shared/transaction.py": 2,  # the end of a request; before it asks another system
    "eventsys/cli/transaction.py": 1,  # the end of a command
    "eventsys/worker/run.py": 7,  # claims, then each step of a long job, the end of each mail and job, done or failed
}


def test_only_three_files_commit():
    counted = {
        code.short(path): len(list(code.calls(code.tree(path), "commit")))
        for path in code.python_files()
    }
    assert {name: count for name, count in counted.items() if count} == COMMITTERS


def test_nobody_opens_transactions_by_hand():
    used = [
        code.short(path)
        for path in code.python_files()
        for _ in code.calls(code.tree(path), "begin")
    ]
    assert used == []
