"""Words for documents about money, and how their PDF is handed out."""

from __future__ import annotations

from typing import Any, Final

from flask import Response

from eventsys.core.i18n import lazy

KINDS: Final[dict[str, Any]] = {
    "pro_forma": lazy("Pro forma invoice"),
    "invoice": lazy("Invoice"),
    "receipt": lazy("Receipt"),
    "credit_note": lazy("Credit note"),
}


def pdf_answer(number: str, content: bytes) -> Response:
    """Hand out a document; no cache on the way keeps it, because it names people and amounts."""
    return Response(
        content,
        mimetype="application/pdf",
        headers={
            "Content-Disposition": f'inline; filename="{number}.pdf"',
            "Cache-Control": "private, no-store",
        },
    )
