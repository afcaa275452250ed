"""Write a document: take its number, freeze what is printed, and queue the mail. Nothing changes it later."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from eventsys.audit.operations import record
from eventsys.core.db import db
from eventsys.core.i18n import country_zone, in_language, text_in
from eventsys.core.tokens import new_key
from eventsys.jobs.operations import enqueue
from eventsys.payments.models import Document
from eventsys.payments.operations.number import next_number
from eventsys.payments.queries.documents import get_issuer
from eventsys.payments.queries.paper import printed_paper
from eventsys.payments.queries.transfer import told_account
from eventsys.payments.rules.documents import (
    ASKING,
    LAYOUT,
    DocumentKind,
    number_text,
    series_of,
    taxed,
)
from eventsys.payments.rules.issuer import LIMITS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from eventsys.core.actor import Actor
    from eventsys.payments.models import Charge, Issuer
    from eventsys.payments.rules.documents import Line, Subject

#: What is frozen of an event and its person.
_ABOUT = ("title", "dates", "place", "person", "starts_on", "ends_on", "country")


def write(
    charge: Charge,
    kind: DocumentKind,
    subject: Subject,
    lines: Sequence[Line],
    tax: int,
    *,
    actor: Actor,
    now: datetime,
    corrects_id: int | None = None,
    more: dict[str, Any] | None = None,
) -> Document:
    """Issue a document of these lines. ``more`` are further facts of its kind. Raises NoIssuer.

    The caller holds the lock of the charge and has made sure that there is something to issue.
    """
    issuer = get_issuer()
    series = series_of(issuer.series, kind)
    # The day of whoever issues: one calendar for all numbers, wherever an event takes place.
    day = now.astimezone(country_zone(issuer.country)).date()
    number = next_number(series, day.year)
    with in_language(subject.language):
        facts = {
            "kind": kind.value,
            "number": number_text(series, day.year, number),
            "issued_on": day.isoformat(),
            "issuer": _issuer_facts(issuer),
            **_charge_facts(charge),
            **_subject_facts(subject, exempt=not charge.tax_rate),
            "account": told_account(charge, subject) if kind in ASKING else None,
            **_sums(lines, charge.tax_rate, tax),
            **(more or {}),
        }
        content = {"layout": LAYOUT, "facts": facts, "paper": printed_paper(facts, day=day)}
    document = Document(
        key=new_key(),
        kind=kind.value,
        series=series,
        year=day.year,
        number=number,
        charge_id=charge.id,
        corrects_id=corrects_id,
        language=subject.language,
        currency=charge.currency,
        total=facts["total"],
        tax=tax,
        content=content,
        issued_at=now,
    )
    db.session.add(document)
    db.session.flush()
    _tell(document, charge, facts["number"], actor=actor, now=now)
    return document


def _tell(document: Document, charge: Charge, number: str, *, actor: Actor, now: datetime) -> None:
    record(
        "payments.issue", "charge", charge.id, actor=actor, now=now, event_id=charge.event_id,
        facts={"number": number, "amount": document.total, "currency": charge.currency},
    )  # fmt: skip
    enqueue(
        "payments.send_document",
        {"document_id": document.id},
        now=now,
        unique_key=f"document:{document.id}",
    )


def _charge_facts(charge: Charge) -> dict[str, Any]:
    return {
        "currency": charge.currency,
        "rate": charge.tax_rate,
        "reference": charge.reference or "",
        "due_on": charge.due_on.isoformat() if charge.due_on else "",
    }


def _subject_facts(subject: Subject, *, exempt: bool) -> dict[str, Any]:
    return {
        "language": subject.language,
        "buyer": subject.buyer,
        "subject": {name: getattr(subject, name) for name in _ABOUT},
        "tax_text": subject.tax_text,
        "tax_kind": subject.tax_kind if exempt else "",
        "by_bank": subject.by_bank,
    }


def _sums(lines: Sequence[Line], rate: int, tax: int) -> dict[str, Any]:
    split = taxed(lines, rate, tax)
    total = sum(line.amount for line in lines)
    return {
        "lines": [asdict(line) for line in split],
        # A charge has one rate; the list is what a document of several would need.
        "taxes": [{"rate": rate, "net": total - tax, "tax": tax}],
        "total": total,
        "tax": tax,
    }


def _issuer_facts(issuer: Issuer) -> dict[str, Any]:
    return {
        **{name: getattr(issuer, name) or "" for name in LIMITS if name != "series"},
        "country": issuer.country or "",
        "footer": text_in(issuer.footer),
    }
