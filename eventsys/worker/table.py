"""Which function does which job. A test checks that every queued name stands here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Protocol

from eventsys.worker import bank, documents, imports, payments, registration

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from flask import Flask


class Work(Protocol):
    """A job: plain values in, safe to run twice. A long one yields wherever it can be committed."""

    def __call__(
        self, app: Flask, arguments: dict[str, Any], /, *, now: datetime
    ) -> Iterator[None] | None:
        """Do the work; the caller commits."""


JOBS: Final[dict[str, Work]] = {
    "registration.import": imports.run_import,
    "registration.read_file": imports.read_file,
    "registration.promote": registration.promote_waiting,
    "registration.expire": payments.expire_unpaid,
    "registration.remind_fee": payments.remind_of_fee,
    "registration.remind_due": bank.remind_of_due,
    "payments.match_line": bank.match_line,
    "payments.receipt": documents.receipt,
    "payments.send_document": documents.send_document,
    "payments.look": payments.look,
    "payments.reconcile": payments.compare,
    "payments.look_after": payments.look_after,
    "payments.send_refund": payments.send_refund,
    "payments.close_page": payments.close_page,
}
