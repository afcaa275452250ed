"""Jobs about documents: the receipt of a payment, and the mail that carries what was issued."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from eventsys.core.actor import Actor
from eventsys.registration.operations.documents import give_receipt, mail_document

if TYPE_CHECKING:
    from datetime import datetime

    from flask import Flask

WORKER: Final = Actor.system("worker")


def receipt(_app: Flask, arguments: dict[str, Any], *, now: datetime) -> None:
    """Issue the receipt of a payment; a second run finds it issued."""
    give_receipt(int(arguments["payment_id"]), actor=WORKER, now=now)


def send_document(_app: Flask, arguments: dict[str, Any], *, now: datetime) -> None:
    """Queue the mail that carries a document."""
    mail_document(int(arguments["document_id"]), now=now)
