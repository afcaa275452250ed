"""What a document about a registration says, in the person's language, and what they can ask for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from eventsys.core.i18n import country_name, format_date_range, gettext, in_language, text_in
from eventsys.payments.queries import find_charge_of
from eventsys.payments.queries.documents import find_issuer, invoiced, list_documents
from eventsys.payments.rules.documents import Line, Subject
from eventsys.places.queries import city_name
from eventsys.registration.queries.fees import find_plan, find_price
from eventsys.registration.rules.names import full_name
from eventsys.registration.rules.states import Status

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from eventsys.payments.queries.documents import Document
    from eventsys.registration.models import Registration
    from eventsys.registration.queries.detail import Detail


@dataclass(frozen=True, slots=True)
class Papers:
    """The documents of a registration, and what may be asked for now."""

    documents: Sequence[Document]
    buyer: dict[str, str]
    pro_forma: bool
    invoice: bool
    invoiced: bool


def subject_of(detail: Detail) -> Subject:
    """Give what documents about a registration say of it, in the language of its person."""
    registration, event = detail.registration, detail.event
    plan, price = find_plan(event.id), find_price(registration.id)
    with in_language(registration.language):
        lines = tuple(Line(_text(line), line["amount"]) for line in (price.lines if price else ()))
        city = city_name(event.city_id, registration.language) if event.city_id else ""
        return Subject(
            language=registration.language,
            title=text_in(event.title),
            dates=format_date_range(event.starts_at, event.ends_at, event.timezone),
            place=", ".join(part for part in (city, country_name(event.country)) if part),
            person=full_name(registration.first_name, registration.last_name),
            lines=lines,
            buyer=buyer_of(registration, price.buyer if price else {}),
            tax_text=text_in(plan.tax_text) if plan else "",
            tax_kind=plan.tax_kind if plan else "",
            by_bank=plan is not None and "bank" in plan.methods,
            starts_on=_day(event.starts_at, event.timezone),
            ends_on=_day(event.ends_at, event.timezone),
            country=event.country or "",
        )


def _day(moment: datetime, zone: str) -> str:
    return moment.astimezone(ZoneInfo(zone)).date().isoformat()


def _text(line: dict[str, Any]) -> str:
    if line["kind"] == "code":
        return gettext("Code %(code)s", code=text_in(line["label"]))
    if line["kind"] == "change":
        return gettext("Registration changed")
    return text_in(line["label"]) or gettext("Registration fee")


def buyer_of(registration: Registration, given: dict[str, str]) -> dict[str, str]:
    """Give who gets the documents: who was named, else the person at their organisation."""
    if given.get("name"):
        return {name: text for name, text in given.items() if text}
    person = {
        "name": full_name(registration.first_name, registration.last_name),
        "address": registration.organisation or "",
        "country": registration.country or "",
    }
    return {name: text for name, text in person.items() if text}


def list_papers(detail: Detail) -> Papers | None:
    """List the documents of a registration; None where nothing was billed or nobody issues documents."""
    registration = detail.registration
    charge, issuer = find_charge_of(registration.id), find_issuer()
    if charge is None or issuer is None:
        return None
    standing = invoiced(charge.id)[0]
    price = find_price(registration.id)
    paid = charge.received >= charge.billed
    return Papers(
        documents=list_documents(charge.id),
        buyer=price.buyer if price else {},
        pro_forma=charge.billed > charge.received,
        # A place that still waits for its fee gets the pro forma; its invoice comes with the money.
        invoice=charge.billed > max(standing, 0)
        and (paid or registration.status != Status.SUBMITTED),
        invoiced=standing > 0,
    )
