"""Several people at one moment: each in a thread, with an application context and a connection of its own."""

from __future__ import annotations

import threading
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
