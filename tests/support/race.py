"""Several people at one moment: each in a thread, with an application context and a connection of its own."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any

from eventsys.core.db import db, transaction_mode

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from flask import Flask


def together(app: Flask, works: Sequence[Callable[[], Any]]) -> list[Any]:
    """Let all begin at one moment; gives what each returned, or the exception that it ended with."""
    db.session.rollback()
    barrier, results = threading.Barrier(len(works)), [None] * len(works)

    def one(number: int) -> None:
        with app.app_context(), transaction_mode("write"):
            barrier.wait(60)
            try:
                results[number] = works[number]()
                db.session.commit()
            except Exception as error:  # noqa: BLE001 (what happened is told, and judged by the test)
                db.session.rollback()
                results[number] = error
            finally:
                db.session.remove()

    threads = [threading.Thread(target=one, args=(number,)) for number in range(len(works))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def one_after_the_other(
    app: Flask,
    first: Callable[[], Any],
    second: Callable[[], Any],
    *,
    between: Callable[[], Any] = lambda: None,
) -> tuple[Exception | None, Exception | None]:
    """Begin ``second`` while ``first`` has done its work and not yet committed; gives how each ended.

    On SQLite the second cannot begin to write until the first has committed; on PostgreSQL it does.
    """
    done = threading.Event()
    results: dict[str, Exception | None] = {}

    def run(
        name: str, work: Callable[[], Any], before: Callable[[], Any], after: Callable[[], Any]
    ) -> None:
        with app.app_context(), transaction_mode("write"):
            try:
                before()
                work()
                after()
                db.session.commit()
                results[name] = None
            except Exception as error:  # noqa: BLE001 (judged by the test)
                db.session.rollback()
                results[name] = error
            finally:
                db.session.remove()

    def stay() -> None:
        done.set()
        time.sleep(0.4)
        between()

    db.session.rollback()
    threads = [
        threading.Thread(target=run, args=("first", first, lambda: None, stay)),
        threading.Thread(target=run, args=("second", second, lambda: done.wait(30), lambda: None)),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results["first"], results["second"]
