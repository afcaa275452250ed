"""Event, tab “Payments”: who owes, has paid or gets back, and everything about the fee of one registration."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from flask import render_template, request, url_for

from eventsys.accounts.rules import Permission
from eventsys.core.i18n import format_rate, gettext
from eventsys.core.money import currency_digits
from eventsys.events.queries import get_event, list_categories
from eventsys.payments.operations.take_back import can_take_back
from eventsys.payments.queries import find_charge_of, list_payments, list_refunds, seen_of
from eventsys.payments.queries.bookings import list_booked, unbooked_of
from eventsys.payments.queries.cases import list_cases_of
from eventsys.payments.queries.movements import list_movements
from eventsys.registration.queries.fees import find_plan, find_price
from eventsys.registration.queries.money import PAGE, STATES, MoneyFilter, find_money, sum_money
from eventsys.registration.queries.unbilled import list_unbilled
from eventsys.web.office.audit_labels import actor_text
from eventsys.web.office.blueprint import bp
from eventsys.web.office.money_words import (
    BOOKINGS,
    CASES,
    METHOD_WORDS,
    MOVEMENTS,
    ORIGINS,
    REFUND_STATES,
    TRIES,
    reason_text,
    source_text,
)
from eventsys.web.office.paging import Pages, page_number
from eventsys.web.office.participants import of_event
from eventsys.web.office.payments_tabs import money_page
from eventsys.web.shared.access import requires
from eventsys.web.shared.clock import now

if TYPE_CHECKING:
    from eventsys.events.queries import Event
    from eventsys.payments.queries import Charge

LONGEST: Final = 100


@bp.get("/events/<slug>/payments")
@requires(Permission.PAYMENTS_VIEW)
def payments(slug: str) -> str:
    """List everybody who has a fee, with search, filter and the sums of the event."""
    event = get_event(slug)
    state = request.args.get("state", "")
    wanted = MoneyFilter(
        today=now().astimezone(ZoneInfo(event.timezone)).date(),
        q=request.args.get("q", "").strip()[:LONGEST],
        state=state if state in STATES else "",
    )
    number = page_number()
    total, rows = find_money(event.id, wanted, page=number)
    pages = Pages(number, PAGE, total)
    if not rows and total:
        pages = Pages(pages.last, PAGE, total)
        total, rows = find_money(event.id, wanted, page=pages.number)
    return render_template(
        "office/payments/list.html",
        rows=rows,
        pages=pages,
        wanted=wanted,
        states=_states(),
        totals=sum_money(event.id),
        plan=find_plan(event.id),
        unbilled=len(list_unbilled(event.id)),
        categories={row.id: row for row in list_categories(event.id)},
        **money_page(event, "payments"),
    )


def _states() -> list[tuple[str, str]]:
    return [
        ("", gettext("Any")),
        ("due", gettext("Payment due")),
        ("overdue", gettext("Overdue")),
        ("paid", gettext("Paid")),
        ("to_refund", gettext("To send back")),
        ("waived", gettext("Fee waived")),
    ]


@bp.get("/events/<slug>/payments/<int:registration_id>")
@requires(Permission.PAYMENTS_VIEW)
def payment(slug: str, registration_id: int) -> str:
    """Show everything about the fee of one registration."""
    return render_template("office/payments/show.html", **fee_of(get_event(slug), registration_id))


def fee_of(event: Event, registration_id: int) -> dict[str, Any]:
    """Give what the money page of one registration shows."""
    detail = of_event(event, registration_id)
    charge = find_charge_of(registration_id)
    registration = detail.registration
    return {
        "detail": detail,
        "registration": registration,
        "name": f"{registration.first_name} {registration.last_name}".strip(),
        "category": detail.category,
        "price": find_price(registration_id),
        "unbilled": charge is None and bool(list_unbilled(event.id, [registration_id])),
        "charge": charge,
        "owed": charge.billed - charge.received if charge else 0,
        "seen": seen_of(charge) if charge else "",
        "digits": currency_digits(charge.currency) if charge else 2,
        "person_url": url_for(
            "office.participant", slug=event.slug, registration_id=registration_id
        ),
        **(_history(charge) if charge else {}),
        **money_page(event, "payments"),
    }


def _history(charge: Charge) -> dict[str, Any]:
    tries = list_payments(charge.id)
    return {
        "tries": tries,
        "methods": METHOD_WORDS,
        "by_hand": {row.id for row in tries if not row.refunded and can_take_back(row)},
        "method_of": {row.id: METHOD_WORDS.get(row.method, row.method) for row in tries},
        # Money of another currency was held, and went back as it came.
        "currency_of": {row.id: row.currency for row in tries},
        "refunds": list_refunds(charge.id),
        "movements": list_movements(charge.id),
        "booked": list_booked(charge.id),
        "unbooked": unbooked_of(charge.id),
        "booking_words": BOOKINGS,
        "rate_text": format_rate,
        "cases": list_cases_of(charge.id),
        "case_words": CASES,
        "movement_words": MOVEMENTS,
        "try_states": TRIES,
        "refund_states": REFUND_STATES,
        "origins": ORIGINS,
        "reason_text": reason_text,
        "source_text": source_text,
        "actor_text": actor_text,
    }
