"""Do registrations agree with their money? No money without a place, no place without money, or a rule for it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from sqlalchemy import and_, exists, func, or_, select

from eventsys.core.db import db
from eventsys.core.fault import Fault
from eventsys.payments.models import Case, Charge, LedgerEntry, Payment, Refund
from eventsys.payments.rules.ledger import Kind
from eventsys.payments.rules.settling import state_of
from eventsys.registration.models import ENDED, FeeCode, FeePlan, Price, Registration

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import ColumnElement

MOST: Final = 100
# After these somebody who is confirmed may owe again: the fee grew, or money that was there has left.
_OWED_AGAIN: Final = (Kind.ADJUST, Kind.REFUND, Kind.DISPUTE_LOST, Kind.UNDO)


def find_wrong_fees() -> Iterator[Fault]:
    """List the registrations whose place and money do not agree, by rule."""
    yield from _states()
    yield from _not_billed()
    yield from _unpaid_places()
    yield from _money_without_a_place()
    yield from _codes()


def _states() -> Iterator[Fault]:
    paid = exists().where(Payment.charge_id == Charge.id, Payment.status == "succeeded")
    query = (
        select(
            Registration.id, Registration.status, Registration.payment, Charge.billed, Charge.received, paid,
        )
        .join(Charge, Charge.registration_id == Registration.id)
        .order_by(Registration.id)
    )  # fmt: skip
    for number, status, payment, billed, received, ever_paid in db.session.execute(query):
        waived = billed == 0 and status not in ENDED
        expected = state_of(billed, received, waived=waived, ever_paid=ever_paid)
        if payment != expected:
            yield Fault(
                "the payment of a registration is its charge's",
                f"registration {number}",
                expected,
                payment,
            )


def _not_billed() -> Iterator[Fault]:
    """Find who has a place at a price and was never billed."""
    query = (
        select(Registration.id, Price.total)
        .join(Price, Price.registration_id == Registration.id)
        .outerjoin(Charge, Charge.registration_id == Registration.id)
        .where(Registration.holds_place, Price.total > 0, Charge.id.is_(None))
        .order_by(Registration.id)
        .limit(MOST)
    )
    for number, total in db.session.execute(query):
        yield Fault("who has a place is billed its price", f"registration {number}", total, 0)


def _unpaid_places() -> Iterator[Fault]:
    owed_again = exists().where(
        LedgerEntry.charge_id == Charge.id,
        LedgerEntry.kind.in_([kind.value for kind in _OWED_AGAIN]),
    )
    # Confirmed before the fee was asked for, or before the organiser said that fees are paid first.
    allowed = or_(
        FeePlan.confirm_unpaid,
        FeePlan.updated_at >= Registration.confirmed_at,
        Charge.created_at > Registration.confirmed_at,
    )
    query = (
        select(Registration.id, Charge.billed, Charge.received)
        .join(Charge, Charge.registration_id == Registration.id)
        .join(FeePlan, FeePlan.event_id == Registration.event_id)
        .where(
            Registration.status == "confirmed",
            Charge.received < Charge.billed,
            ~allowed,
            ~owed_again,
        )
        .order_by(Registration.id)
        .limit(MOST)
    )
    for number, billed, received in db.session.execute(query):
        yield Fault(
            "a place that must be paid first is paid", f"registration {number}", billed, received
        )


def _money_without_a_place() -> Iterator[Fault]:
    on_its_way = (
        select(func.coalesce(func.sum(Refund.amount), 0))
        .join(Payment, Payment.id == Refund.payment_id)
        .where(Payment.charge_id == Charge.id, Refund.status == "requested")
        .scalar_subquery()
    )
    query = (
        select(Registration.id, Charge.billed, Charge.received)
        .join(Charge, Charge.registration_id == Registration.id)
        .where(_without_a_place(), Charge.received > Charge.billed + on_its_way, ~_has_case())
        .order_by(Registration.id)
        .limit(MOST)
    )
    for number, billed, received in db.session.execute(query):
        yield Fault(
            "money without a place is kept by a rule, on its way back, or a case",
            f"registration {number}",
            billed,
            received,
        )


def _without_a_place() -> ColumnElement[bool]:
    return Registration.holds_place.is_(False)


def _has_case() -> ColumnElement[bool]:
    # Open, or decided by a person: both are seen.
    return exists().where(Case.charge_id == Charge.id)


def _codes() -> Iterator[Fault]:
    uses: Counter[int | None] = Counter()
    live = and_(Price.code_id.is_not(None), Registration.status.not_in(ENDED))
    for code_id, count in db.session.execute(
        select(Price.code_id, func.count())
        .join(Registration, Registration.id == Price.registration_id)
        .where(live)
        .group_by(Price.code_id)
    ):
        uses[code_id] = count
    for code in db.session.scalars(select(FeeCode).order_by(FeeCode.id)):
        if code.used != uses[code.id]:
            yield Fault("uses of a code = live registrations with it", code.code, uses[code.id], code.used)  # fmt: skip
        if code.most is not None and code.used > code.most:
            yield Fault("a code is not used more often than it may be", code.code, code.most, code.used)  # fmt: skip
