"""Words for documents about money, and how their PDF is handed out."""

from __future__ import annotations

from typing import Any, Final

from flask import Response

from eventsys.core.i18n import lazy
from eventsys.payments.rules.einvoice import Lack

KINDS: Final[dict[str, Any]] = {
    "pro_forma": lazy("Pro forma invoice"),
    "invoice": lazy("Invoice"),
    "receipt": lazy("Receipt"),
    "credit_note": lazy("Credit note"),
    "repayment": lazy("Confirmation of repayment"),
    "cancellation": lazy("Cancellation"),
}

#: Why a document has no file for machines, and what to do so that the next one has.
LACKS: Final[dict[Lack, Any]] = {
    Lack.SELLER_COUNTRY: lazy("None: the country is missing under “Who issues”."),
    Lack.SELLER_NUMBER: lazy("None: the tax number is missing under “Who issues”."),
    Lack.BUYER_COUNTRY: lazy("None: the country of the recipient is missing."),
    Lack.TAX_REASON: lazy("None: the fees of the event do not say why there is no tax."),
    Lack.DUE_DATE: lazy("None: it has no date by which to pay."),
    Lack.DECIMALS: lazy("None: its amounts have three decimals, the standard knows two."),
    Lack.TAX_ROUNDING: lazy("None: after several changes the tax is not its rate to the unit."),
}


def xml_answer(number: str, content: bytes) -> Response:
    """Hand out an invoice for machines as a file; kept by no cache, like the paper."""
    return Response(
        content,
        mimetype="application/xml",
        headers={
            "Content-Disposition": f'attachment; filename="{number}.xml"',
            "Cache-Control": "private, no-store",
        },
    )


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
