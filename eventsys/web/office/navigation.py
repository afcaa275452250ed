"""The two bars of the office: the whole association, and one event."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from flask import request

from eventsys.accounts.rules import Permission
from eventsys.core.i18n import lazy, text_in
from eventsys.registration.queries.fees import find_plan
from eventsys.web.office.blueprint import bp
from eventsys.web.shared.access import may

if TYPE_CHECKING:
    from eventsys.events.queries import Event


class Entry(NamedTuple):
    """One entry of a bar: its key, its label, the end of its address, and who sees it."""

    key: str
    label: Any
    path: str
    permission: Permission


class Link(NamedTuple):
    """An entry as the template shows it."""

    label: Any
    url: str
    current: bool


OFFICE: Final = (
    Entry("events", lazy("Events"), "/office/events", Permission.OFFICE),
    Entry("members", lazy("Members"), "/office/members", Permission.MEMBERS),
    Entry("places", lazy("Places"), "/office/places", Permission.PLACES),
    Entry("payments", lazy("Payments"), "/office/payments", Permission.PAYMENTS_VIEW),
    Entry("statistics", lazy("Figures"), "/office/statistics", Permission.FIGURES),
    Entry("messages", lazy("Messages"), "/office/messages", Permission.MESSAGES),
    Entry("accounts", lazy("Accounts"), "/office/accounts", Permission.ACCOUNTS),
    Entry("audit", lazy("Audit"), "/office/audit", Permission.AUDIT),
)

# The first page of the office lists the events.
_FIRST_PAGE: Final = {"events": "/office/"}

EVENT: Final = (
    Entry("overview", lazy("Overview"), "", Permission.EVENT_VIEW),
    Entry("participants", lazy("Participants"), "/participants", Permission.PARTICIPANTS_VIEW),
    Entry("check-in", lazy("Check-in"), "/check-in", Permission.CHECK_IN),
    Entry("badges", lazy("Badges"), "/badges", Permission.BADGES),
    Entry("payments", lazy("Payments"), "/payments", Permission.PAYMENTS_VIEW),
    Entry("statistics", lazy("Figures"), "/statistics", Permission.FIGURES),
    Entry("fees", lazy("Fees"), "/fees", Permission.FEES),
    Entry("settings", lazy("Settings"), "/settings", Permission.EVENT_EDIT),
)


def office_nav() -> list[Link]:
    """List the parts of the office that the present member of staff may enter."""
    root, here = request.script_root, request.path
    return [
        Link(
            entry.label,
            root + entry.path,
            here.startswith(entry.path + "/") or here in (entry.path, _FIRST_PAGE.get(entry.key)),
        )
        for entry in OFFICE
        if may(entry.permission)
    ]


def event_nav(event: Event, current: str) -> list[Link]:
    """List the pages of one event that the present member of staff may enter.

    ``current`` is one of overview, participants, check-in, badges, payments, statistics, fees, settings.
    """
    root = f"{request.script_root}/office/events/{event.slug}"
    return [
        Link(entry.label, root + entry.path, entry.key == current)
        for entry in EVENT
        if may(entry.permission, event.id) and _belongs(entry, event)
    ]


def _belongs(entry: Entry, event: Event) -> bool:
    # A free event shows no trace of money; its fees are a part of the settings for whoever edits those.
    if entry.key == "payments":
        return find_plan(event.id) is not None
    return entry.key != "fees" or not may(Permission.EVENT_EDIT, event.id)


def event_page(event: Event, current: str) -> dict[str, Any]:
    """Give what every page of one event needs: ``render_template(…, **event_page(event, "badges"))``."""
    return {
        "event": event,
        "event_name": text_in(event.title),
        "event_nav": event_nav(event, current),
    }


@bp.context_processor
def _office_context() -> dict[str, Any]:
    return {"office_nav": office_nav()}
