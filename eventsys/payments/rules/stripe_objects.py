"""Read Stripe's objects into plain facts, and its units into ours. Pure; only the gateway has such objects."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from eventsys.core.money import currency_digits
from eventsys.payments.rules.settling import Booking, DisputeFacts, RefundFacts, SessionFacts

# How many decimals Stripe counts in (docs.stripe.com/currencies), which is not always what CLDR says: 2, but for
_NO_DECIMALS: Final = frozenset(
    ("BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF", "VND", "VUV", "XAF", "XOF", "XPF")
)  # fmt: skip
_THREE_DECIMALS: Final = frozenset({"BHD", "JOD", "KWD", "OMR", "TND"})


def to_stripe(amount: int, currency: str) -> int:
    """Turn our minor units into Stripe's."""
    return amount * _factor(currency)


def from_stripe(amount: int, currency: str) -> int:
    """Turn Stripe's units into our minor units."""
    return amount // _factor(currency.upper())


def _factor(currency: str) -> int:
    """Give how many of Stripe's units one of ours is; it takes no currency in which it counts coarser."""
    stripes = 3 if currency in _THREE_DECIMALS else 0 if currency in _NO_DECIMALS else 2
    return int(10 ** max(0, stripes - currency_digits(currency)))


def read_session(item: Any) -> SessionFacts:  # noqa: ANN401 (Stripe's object)
    """Read a Checkout Session; where the intent was not asked for with it, only its number."""
    intent = item.payment_intent
    expanded = intent is not None and not isinstance(intent, str)
    currency = str(item.currency or "").upper()
    metadata = item.metadata.to_dict() if item.metadata else {}
    return SessionFacts(
        id=item.id,
        status=str(item.status),
        payment_status=str(item.payment_status),
        amount=from_stripe(int(item.amount_total or 0), currency),
        currency=currency,
        livemode=bool(item.livemode),
        payment_key=str(metadata.get("payment", "")),
        reference=str(metadata.get("reference", "")),
        intent_id=intent.id if expanded else intent,
        url=item.url,
        intent_status=str(intent.status) if expanded else None,
        booking=_booking(getattr(intent.latest_charge, "balance_transaction", None))
        if expanded
        else None,
    )


def read_refund(item: Any) -> RefundFacts:  # noqa: ANN401 (Stripe's object)
    """Read a refund, and what was booked of it where that was asked for."""
    currency = str(item.currency).upper()
    intent = item.payment_intent
    return RefundFacts(
        id=item.id,
        status=str(item.status),
        amount=from_stripe(int(item.amount), currency),
        currency=currency,
        intent_id=intent if intent is None or isinstance(intent, str) else intent.id,
        refund_key=str((item.metadata.to_dict() if item.metadata else {}).get("refund", "")),
        booking=_booking(item.balance_transaction),
        failure=_booking(getattr(item, "failure_balance_transaction", None)),
    )


def read_dispute(item: Any) -> DisputeFacts:  # noqa: ANN401 (Stripe's object)
    """Read a dispute, which always carries what was booked of it."""
    currency = str(item.currency).upper()
    intent = item.payment_intent
    return DisputeFacts(
        id=item.id,
        status=str(item.status),
        amount=from_stripe(int(item.amount), currency),
        currency=currency,
        intent_id=intent if intent is None or isinstance(intent, str) else intent.id,
        bookings=tuple(
            row for row in map(_booking, item.balance_transactions or ()) if row is not None
        ),
    )


def _booking(item: Any) -> Booking | None:  # noqa: ANN401 (Stripe's object)
    """Read what was booked; None when Stripe has not booked it yet, or was not asked for it."""
    if item is None or isinstance(item, str):
        return None
    currency = str(item.currency).upper()
    taxes = [int(row.amount) for row in item.fee_details or () if row.type == "tax"]
    rate = item.exchange_rate
    return Booking(
        id=item.id,
        amount=_signed(int(item.amount), currency),
        fee=_signed(int(item.fee), currency),
        currency=currency,
        at=datetime.fromtimestamp(int(item.created), UTC),
        tax=_signed(sum(taxes), currency),
        rate="" if rate is None else str(rate),
    )


def _signed(amount: int, currency: str) -> int:
    return from_stripe(amount, currency) if amount >= 0 else -from_stripe(-amount, currency)
