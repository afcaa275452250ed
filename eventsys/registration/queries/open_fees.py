"""Whose fee a transfer may be, for a person to choose: by amount, by name, by what somebody searches for."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import or_, select

from eventsys.core.db import db
from eventsys.core.text import fold
from eventsys.events.models import Event
from eventsys.payments.models import Charge
from eventsys.payments.queries.bank import find_charge_by_reference
from eventsys.registration.models import Price, Registration
from eventsys.registration.rules.names import full_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eventsys.payments.queries.bank import BankLine

MOST: Final = 8
LOOKED_AT: Final = 5_000
MOST_WORDS: Final = 6
ALIKE: Final = 0.86
# Words that stand in half of all names and payments, and in none of them mean somebody.
EMPTY_WORDS: Final = frozenset(
    "de del la las los el le les des du di da do dos of the and y et und von van city ville ciudad stadt "
    "ayuntamiento mairie gemeinde municipio commune council transfer transferencia virement".split()
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A fee that a transfer may be for. ``why``: amount, name."""

    charge_id: int
    registration_id: int
    name: str
    organisation: str
    status: str
    event_slug: str
    event_title: dict[str, str]
    reference: str
    currency: str
    owed: int
    why: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Paid:
    """Whose fee it is, for a list."""

    registration_id: int
    name: str
    event_slug: str
    event_title: dict[str, str]


def names_of_fees(registration_ids: Sequence[int]) -> dict[int, Paid]:
    """Say who some registrations are, and for which event."""
    query = (
        select(
            Registration.id,
            Registration.first_name,
            Registration.last_name,
            Event.slug,
            Event.title,
        )
        .join(Event, Event.id == Registration.event_id)
        .where(Registration.id.in_(registration_ids))
    )
    return {
        number: Paid(number, full_name(first, last), slug, title)
        for number, first, last, slug, title in db.session.execute(query)
    }


def suggest_fees(line: BankLine) -> list[Candidate]:
    """Suggest whose fee a line may be: unpaid ones in its currency, the likeliest first."""
    words = _words(f"{line.payer} {line.text}")
    rows = db.session.execute(
        _fees()
        .where(Charge.received < Charge.billed, Charge.currency == line.currency)
        .order_by(Charge.id.desc())
        .limit(LOOKED_AT)
    ).all()
    scored = []
    for row in rows:
        same = row.owed == line.amount
        named = _alike(words, _words(f"{row.first_name} {row.last_name}"))
        buyer = f"{(row.buyer or {}).get('name', '')} {row.organisation or ''}"
        named = max(named, 0.8 * _alike(words, _words(buyer)))
        score = (1.0 if same else 0.0) + 2 * named
        if same or named >= 0.5:
            why = (*(("amount",) if same else ()), *(("name",) if named >= 0.5 else ()))
            scored.append((score, _candidate(row, why)))
    scored.sort(key=lambda item: (-item[0], item[1].charge_id))
    return [candidate for _, candidate in scored[:MOST]]


def search_fees(text: str, currency: str) -> list[Candidate]:
    """Find fees in a currency by reference, paid or not, else by name, address or organisation."""
    query = _fees().where(Charge.currency == currency)
    charge = find_charge_by_reference(text)
    if charge is not None:
        query = query.where(Charge.id == charge.id)
    else:
        words = fold(text).split()[:MOST_WORDS]
        if not words:
            return []
        for word in words:
            query = query.where(
                or_(
                    Registration.sort_name.contains(word, autoescape=True),
                    Registration.email_key.contains(word, autoescape=True),
                )
            )
    # Who still owes something comes first.
    query = query.order_by(Charge.received >= Charge.billed, Charge.id.desc()).limit(MOST)
    return [_candidate(row, ()) for row in db.session.execute(query)]


def _fees() -> Any:  # noqa: ANN401 (SQL)
    return (
        select(
            Charge.id, Charge.registration_id, Charge.reference, Charge.currency,
            (Charge.billed - Charge.received).label("owed"),
            Registration.first_name, Registration.last_name, Registration.organisation, Registration.status,
            Event.slug, Event.title, Price.buyer,
        )
        .join(Registration, Registration.id == Charge.registration_id)
        .join(Event, Event.id == Charge.event_id)
        .outerjoin(Price, Price.registration_id == Registration.id)
    )  # fmt: skip


def _candidate(row: Any, why: Sequence[str]) -> Candidate:  # noqa: ANN401 (a row of the query)
    return Candidate(
        charge_id=row.id,
        registration_id=row.registration_id,
        name=full_name(row.first_name, row.last_name),
        organisation=row.organisation or "",
        status=row.status,
        event_slug=row.slug,
        event_title=row.title,
        reference=row.reference or "",
        currency=row.currency,
        owed=row.owed,
        why=tuple(why),
    )


def _words(text: str) -> frozenset[str]:
    bare = "".join(letter if letter.isalnum() else " " for letter in fold(text))
    return frozenset(word for word in bare.split() if len(word) > 1 and word not in EMPTY_WORDS)


def _alike(words: frozenset[str], name: frozenset[str]) -> float:
    """Give which share of a name's words stand among the words, small typing errors allowed."""
    if not name:
        return 0.0
    found = sum(word in words or any(_close(word, other) for other in words) for word in name)
    return found / len(name)


def _close(word: str, other: str) -> bool:
    if len(word) < 5 or abs(len(word) - len(other)) > 2 or word[0] != other[0]:
        return False
    return SequenceMatcher(None, word, other).ratio() >= ALIKE
