"""What went back: by whom it was asked for, by which way, and whether it has arrived."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import render_template, request

from eventsys.accounts.rules import Permission
from eventsys.core.i18n import gettext
from eventsys.events.queries import get_event, get_event_by_id
from eventsys.payments.queries.refund_list import PAGE, RefundFilter, find_refunds, sum_refunds
from eventsys.registration.queries.money import names_of
from eventsys.web.office.blueprint import bp
from eventsys.web.office.money_words import METHOD_WORDS, ORIGINS, REFUND_STATES, reason_text
from eventsys.web.office.paging import Pages, page_number
from eventsys.web.office.payments_tabs import money_page
from eventsys.web.shared.access import requires

if TYPE_CHECKING:
    from eventsys.events.queries import Event


@bp.get("/payments/refunds")
@requires(Permission.PAYMENTS_VIEW)
def all_refunds() -> str:
    """List what went back, of all events."""
    return _list(None)


@bp.get("/events/<slug>/payments/refunds")
@requires(Permission.PAYMENTS_VIEW)
def event_refunds(slug: str) -> str:
    """List what went back of one event."""
    return _list(get_event(slug))


def _list(event: Event | None) -> str:
    event_id, status = event.id if event else None, request.args.get("state", "")
    wanted = RefundFilter(event_id, status if status in REFUND_STATES else "")
    number = page_number()
    total, rows = find_refunds(wanted, page=number)
    pages = Pages(number, PAGE, total)
    if not rows and total:
        pages = Pages(pages.last, PAGE, total)
        total, rows = find_refunds(wanted, page=pages.number)
    people = names_of([row.registration_id for row in rows])
    return render_template(
        "office/payments/refunds.html",
        rows=rows,
        pages=pages,
        wanted=wanted,
        sums=sum_refunds(event_id),
        people=people,
        events={key: get_event_by_id(key) for key in {person[1] for person in people.values()}},
        choices=[
            ("", gettext("Any")),
            *((key, str(words)) for key, (words, _tone) in REFUND_STATES.items()),
        ],
        states=REFUND_STATES,
        methods=METHOD_WORDS,
        origins=ORIGINS,
        reason_text=reason_text,
        zone=event.timezone if event else "UTC",
        **money_page(event, "refunds"),
    )
