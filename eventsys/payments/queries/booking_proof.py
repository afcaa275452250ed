"""Does the ledger have the fees that Stripe told of, each once, and no others? No answer is a good one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import and_, case, exists, func, literal, or_, select

from eventsys.core.db import db
from eventsys.core.fault import Fault
from eventsys.payments.models import Charge, LedgerEntry, LedgerLine, Payment, StripeBooking
from eventsys.payments.rules.ledger import Account, Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST: Final = 100


def find_wrong_bookings() -> Iterator[Fault]:
    """List the fees of Stripe that the ledger counts otherwise than Stripe told them."""
    yield from _miscounted()
    yield from _made_up()


def _miscounted() -> Iterator[Fault]:
    """Compare booking by booking: a fee in the charge's currency stands in the ledger, any other does not."""
    kind = case(
        (StripeBooking.kind == "dispute", literal(f"{Kind.DISPUTE_FEE.value}:")),
        else_=literal(f"{Kind.STRIPE_FEE.value}:"),
    )
    expected = case((StripeBooking.currency == Charge.currency, StripeBooking.fee), else_=0)
    of_charge = and_(
        LedgerEntry.unique_key == kind + StripeBooking.stripe_id,
        LedgerEntry.charge_id == Payment.charge_id,
    )
    in_fees = and_(LedgerLine.entry_id == LedgerEntry.id, LedgerLine.account == Account.FEES.value)
    found = func.coalesce(LedgerLine.amount, 0)
    query = (
        select(StripeBooking.stripe_id, expected, found)
        .join(Payment, Payment.id == StripeBooking.payment_id)
        .join(Charge, Charge.id == Payment.charge_id)
        .outerjoin(LedgerEntry, of_charge)
        .outerjoin(LedgerLine, in_fees)
        .where(or_(found != expected, Payment.method != "stripe"))
        .order_by(StripeBooking.id)
        .limit(MOST)
    )
    for number, told, counted in db.session.execute(query):
        yield Fault("a fee of Stripe stands in the ledger as Stripe told it", number, told, counted)


def _made_up() -> Iterator[Fault]:
    """Find entries of fees of payments that no booking of Stripe's stands behind."""
    prefix = f"{Kind.STRIPE_FEE.value}:"
    told = exists().where(
        StripeBooking.stripe_id == func.substr(LedgerEntry.unique_key, len(prefix) + 1)
    )
    query = (
        select(LedgerEntry.id, LedgerEntry.unique_key)
        .where(LedgerEntry.kind == Kind.STRIPE_FEE.value, ~told)
        .order_by(LedgerEntry.id)
        .limit(MOST)
    )
    for number, key in db.session.execute(query):
        yield Fault("a fee in the ledger was told by Stripe", f"entry {number}", "told", key)
