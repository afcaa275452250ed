"""The parts of the money pages: of one event, and of the whole association."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import url_for

from eventsys.accounts.rules import Permission
from eventsys.core.i18n import gettext
from eventsys.payments.queries.cases import count_open_cases
from eventsys.web.office.navigation import event_page
from eventsys.web.shared.access import may

if TYPE_CHECKING:
    from eventsys.events.queries import Event


def money_page(event: Event | None, tab: str) -> dict[str, Any]:
    """Give what every money page needs; without an event it is about all of them."""
    if event is None:
        names = [
            ("cases", gettext("Cases")),
            ("bank", gettext("Bank transfers")),
            ("income", gettext("Income")),
            ("open", gettext("Open items")),
            ("refunds", gettext("Refunds")),
            ("documents", gettext("Documents")),
            ("stripe", gettext("Stripe")),
        ]
        links = [(key, text, url_for(f"office.all_{key}")) for key, text in names]
        number = count_open_cases()
        page: dict[str, Any] = {"event": None}
    else:
        links = [
            ("payments", gettext("Payments"), url_for("office.payments", slug=event.slug)),
            ("cases", gettext("Cases"), url_for("office.event_cases", slug=event.slug)),
            ("income", gettext("Income"), url_for("office.event_income", slug=event.slug)),
            ("open", gettext("Open items"), url_for("office.event_open", slug=event.slug)),
            ("refunds", gettext("Refunds"), url_for("office.event_refunds", slug=event.slug)),
            ("documents", gettext("Documents"), url_for("office.event_documents", slug=event.slug)),
        ]
        if may(Permission.FEES, event.id):
            links.append(("fees", gettext("Fees"), url_for("office.fees", slug=event.slug)))
        number = count_open_cases(event.id)
        page = event_page(event, "payments")
    return {**page, "money_tab": tab, "money_tabs": links, "open_cases": number}
