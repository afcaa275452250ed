"""What Stripe booked on its account as a file: one row for each booking, to be laid beside Stripe's own reports."""

from __future__ import annotations

from decimal import Decimal
from itertools import islice
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from eventsys.core.i18n import gettext, text_in
from eventsys.core.money import currency_digits
from eventsys.events.queries import get_event_by_id
from eventsys.payments.queries.bookings import stream_booked
from eventsys.registration.queries.money import names_of
from eventsys.web.office.money_words import BOOKINGS
from eventsys.web.office.streams import stream_table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from eventsys.payments.queries.bookings import Booked
    from eventsys.payments.queries.movements import LedgerFilter

# As many rows as their names are looked up for at once.
BATCH: Final = 500


def booking_headings() -> list[str]:
    """Give the headings in the current language."""
    return [
        gettext("Number at Stripe"), gettext("When"), gettext("What happened"), gettext("Kind"), gettext("Event"),
        gettext("Name"), gettext("Reference"), gettext("Currency"), gettext("Gross"), gettext("Fee of Stripe"),
        gettext("Tax in the fee"), gettext("Net"), gettext("Currency of the payment"), gettext("Rate of exchange"),
        gettext("In the ledger"),
    ]  # fmt: skip


def stream_bookings(wanted: LedgerFilter, form: str, zone: str) -> Iterator[bytes]:
    """Write the file piece by piece, in the language of now, after the request has been committed."""
    return stream_table(
        form, lambda: gettext("Stripe"), booking_headings, lambda: _rows(wanted, ZoneInfo(zone))
    )


def _rows(wanted: LedgerFilter, zone: ZoneInfo) -> Iterator[list[Any]]:
    titles: dict[int, str] = {}
    booked = stream_booked(wanted)
    while batch := list(islice(booked, BATCH)):
        people = names_of([row.registration_id for row in batch])
        for row in batch:
            if row.event_id not in titles:
                titles[row.event_id] = text_in(get_event_by_id(row.event_id).title)
            name, _event_id = people.get(row.registration_id, ("", 0))
            yield _row(row, titles[row.event_id], name, zone)


def _row(row: Booked, title: str, name: str, zone: ZoneInfo) -> list[Any]:
    gross, fee, tax, net = (
        Decimal(amount).scaleb(-currency_digits(row.currency))
        for amount in (row.amount, row.fee, row.tax, row.net)
    )
    return [
        row.stripe_id, row.booked_at.astimezone(zone).replace(tzinfo=None), str(BOOKINGS.get(row.kind, row.kind)),
        row.kind, title, name, row.reference or "", row.currency, gross, fee, tax, net, row.charge_currency,
        Decimal(row.rate) if row.rate else None,
        gettext("Yes") if row.counted else gettext("No"),
    ]  # fmt: skip
