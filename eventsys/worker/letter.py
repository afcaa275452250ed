"""What a mail says and carries: made at delivery, from the facts as they are then."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from eventsys.badges.operations.render import render_badge
from eventsys.core.errors import NotFound
from eventsys.core.hours import format_hours, format_moment, format_zone
from eventsys.core.i18n import (
    country_name,
    format_date,
    format_date_range,
    format_datetime,
    text_in,
)
from eventsys.core.money import format_money
from eventsys.core.tokens import badge_url
from eventsys.events.rules import has_entrance
from eventsys.files import qr
from eventsys.files.calendar import CalendarEntry, calendar
from eventsys.payments.queries import find_charge_of, get_charge
from eventsys.payments.queries.documents import get_document, number_of, pdf_of
from eventsys.places.queries import city_name
from eventsys.registration.operations.identify import address_proof, badge_token, link_token
from eventsys.registration.queries.detail import Detail, get_detail
from eventsys.registration.queries.transfer import offered_transfer
from eventsys.registration.queries.waiting import waiting_number
from eventsys.registration.rules.names import full_name
from eventsys.registration.rules.states import has_badge

if TYPE_CHECKING:
    from eventsys.core.settings import Settings
    from eventsys.mail.operations import Letter

QR_NAME: Final = "code.png"


@dataclass(frozen=True, slots=True)
class Part:
    """An attachment."""

    name: str
    mime: str
    data: bytes
    content_id: str = ""


def detail_of(message: Letter) -> Detail | None:
    """Read the registration that a mail is about, once for its text and all its attachments."""
    return None if message.registration_id is None else get_detail(message.registration_id)


def context_of(message: Letter, detail: Detail | None, settings: Settings) -> dict[str, Any]:
    """Give what the templates of a mail can use: its own context, and the registration it is about."""
    context: dict[str, Any] = {
        "site_name": settings.site_name,
        "to_name": message.to_name,
        "base_url": f"{settings.base_url}/{message.language}",
        # Of a mail about a fee: whether its person never heard of one before.
        "first_told": False,
        **message.context,
    }
    if detail is None:
        return context
    registration, event = detail.registration, detail.event
    token = link_token(settings.secret_key, registration.key, registration.link_generation)
    return context | {
        "name": full_name(registration.first_name, registration.last_name),
        "first_name": registration.first_name,
        "title": text_in(event.title),
        "dates": format_date_range(event.starts_at, event.ends_at, event.timezone),
        "starts": format_datetime(event.starts_at, event.timezone),
        "hours": format_hours(event.starts_at, event.ends_at, event.timezone),
        "zone": format_zone(event.timezone, event.starts_at),
        "place": _place(detail, message.language),
        "event_title": event.title,
        "venue": event.venue,
        "category_name": detail.category.name,
        "online_url": event.online_url,
        "contact": event.contact_email,
        "category": text_in(detail.category.name),
        "link": f"{settings.base_url}/{message.language}/registrations/{token}",
        "event_url": f"{settings.base_url}/{message.language}/events/{event.slug}",
        "code": registration.short_code,
        "status": registration.status,
        "number": waiting_number(registration) if registration.status == "waiting" else 0,
        "entrance": has_entrance(event.format),
        "has_code": has_badge(registration.status)
        and has_entrance(event.format)
        and any(item["kind"] == "qr" for item in message.attachments),
        "qr_name": QR_NAME,
        **_address(detail, message, settings, token),
        **_fee(detail),
    }


def _address(detail: Detail, message: Letter, settings: Settings, token: str) -> dict[str, Any]:
    """Give the link that proves a new address, for the mail to that address."""
    wanted = message.context.get("wanted")
    if wanted is None:
        return {}
    registration = detail.registration
    proof = address_proof(settings.secret_key, registration.key, registration.email, wanted)
    own = f"{settings.base_url}/{message.language}/registrations/{token}"
    return {"address_link": f"{own}/address/{proof}?{urlencode({'to': wanted})}"}


def _fee(detail: Detail) -> dict[str, Any]:
    if detail.registration.payment == "not_due":
        return {"owed": "", "owes": False, "owed_by": "", "pay_until": "", "transfer": None}
    charge, until = find_charge_of(detail.registration.id), detail.registration.pay_until
    owed = charge.billed - charge.received if charge else 0
    return {
        "owed": format_money(owed, charge.currency) if charge else "",
        "owes": owed > 0,
        "owed_by": format_date(charge.due_on) if charge and charge.due_on else "",
        "pay_until": format_moment(until, detail.event.timezone) if until else "",
        "transfer": offered_transfer(charge, detail.registration) if charge else None,
    }


def _place(detail: Detail, language: str) -> str:
    event = detail.event
    city = city_name(event.city_id, language) if event.city_id else ""
    return ", ".join(part for part in (city, country_name(event.country)) if part)


def attachments_of(message: Letter, detail: Detail | None, settings: Settings) -> list[Part]:
    """Make the attachments that a mail names."""
    if detail is None:
        return []
    # Somebody who cancelled before the mail went out gets no badge any more; papers about money stay theirs.
    given = {"document"}
    if has_badge(detail.registration.status):
        # Nobody shows a code or wears a badge at home.
        given |= {"qr", "badge", "calendar"} if has_entrance(detail.event.format) else {"calendar"}
    return [
        _document(detail, item) if item["kind"] == "document" else _MAKERS[item["kind"]](detail, message, settings)
        for item in message.attachments
        if item["kind"] in given
    ]  # fmt: skip


def _document(detail: Detail, item: dict[str, Any]) -> Part:
    document = get_document(int(item["id"]))
    if get_charge(document.charge_id).registration_id != detail.registration.id:
        raise NotFound(what="document")
    return Part(f"{number_of(document)}.pdf", "application/pdf", pdf_of(document))


def _qr(detail: Detail, _message: Letter, settings: Settings) -> Part:
    registration = detail.registration
    token = badge_token(settings.secret_key, registration.key, registration.badge_generation)
    image = qr.png(badge_url(settings.base_url, token), scale=6)
    return Part(QR_NAME, "image/png", image, QR_NAME)


def _badge(detail: Detail, _message: Letter, settings: Settings) -> Part:
    made = render_badge(detail, secret=settings.secret_key, base_url=settings.base_url)
    return Part(f"badge-{detail.event.slug}.pdf", "application/pdf", made)


def _calendar(detail: Detail, message: Letter, settings: Settings) -> Part:
    event, registration = detail.event, detail.registration
    token = link_token(settings.secret_key, registration.key, registration.link_generation)
    link = f"{settings.base_url}/{message.language}/registrations/{token}"
    entry = CalendarEntry(
        uid=f"{event.slug}@{settings.base_url.split('://', 1)[1]}",
        title=text_in(event.title),
        starts_at=event.starts_at,
        ends_at=event.ends_at,
        timezone=event.timezone,
        url=link,
        changed_at=event.updated_at,
        place=", ".join(
            part for part in (text_in(event.venue), _place(detail, message.language)) if part
        )
        or event.online_url,
        description=f"{text_in(event.summary)}\n{event.online_url}\n{link}".strip(),
    )
    made = calendar([entry], name=entry.title, language=message.language)
    return Part(f"{event.slug}.ics", "text/calendar", made)


_MAKERS: Final = {"qr": _qr, "badge": _badge, "calendar": _calendar}
