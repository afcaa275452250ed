"""The only commit of a request: at its end, when it changed something and was not refused.

A request that asks another system in its middle commits what it has to remember first: no transaction is
open, and nobody who writes waits, while that system answers.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from flask import g, request

from eventsys.core.db import db, set_transaction_mode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask, Response

READING: Final = frozenset({"GET", "HEAD", "OPTIONS"})
FIRST_REFUSAL: Final = 400
LARGEST_FORM: Final = 2 * 1024 * 1024


def keep_despite_refusal() -> None:
    """Commit although the answer is a refusal: a failed sign-in must be counted and logged."""
    g.keep_transaction = True


def keep_only_what_follows() -> None:
    """Drop what was done so far, and commit what comes although the answer is a refusal."""
    db.session.rollback()
    keep_despite_refusal()


def commit_before_calling_outside() -> None:
    """Keep what must be remembered before another system is asked; what follows is a second transaction."""
    db.session.commit()


@contextmanager
def reading_before_writing() -> Iterator[None]:
    """Read what a form is checked against without the one writer's place, for which others wait meanwhile.

    What is written afterwards stands in a transaction of its own and looks again at what must be true then,
    as it has to on PostgreSQL in any case. What was read stays as it was read.
    """
    set_transaction_mode("read")
    try:
        yield
    finally:
        db.session.expunge_all()
        db.session.rollback()
        set_transaction_mode("write")


def _begin() -> None:
    # Files come as multipart; a form without one has no reason to be larger than this.
    if request.mimetype != "multipart/form-data":
        request.max_content_length = LARGEST_FORM
    set_transaction_mode("read" if request.method in READING else "write")


def _end(response: Response) -> Response:
    if request.method in READING:
        if not response.is_streamed:
            db.session.rollback()
    elif response.status_code < FIRST_REFUSAL or g.get("keep_transaction", False):
        db.session.commit()
    else:
        db.session.rollback()
    return response


def _forget(_error: BaseException | None) -> None:
    # The thread serves others after us, and tests go on after a request.
    set_transaction_mode("plain")


def install(app: Flask) -> None:
    """Begin and end the transaction of every request."""
    app.teardown_request(_forget)
    app.before_request(_begin)
    app.after_request(_end)
