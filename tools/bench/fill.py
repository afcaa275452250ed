"""Fill a database with any number of registrations, in bulk: the bench measures reading, not this."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import insert, select, text, update

from eventsys.core.db import db, transaction_mode
from eventsys.core.text import fold
from eventsys.events.models import Category, Event
from eventsys.members.models import Membership, Organisation
from eventsys.payments.models import Charge
from eventsys.people.models import Person
from eventsys.places.queries.index import current_index
from eventsys.registration.models import FeePlan, Registration
from eventsys.registration.operations.identify import badge_token, new_identity

PORTION = 5_000
MOST_CITIES = 1_500
FIRST = (
    "Ana",
    "María",
    "José",
    "Fatoumata",
    "Thandiwe",
    "Łukasz",
    "王",
    "محمد",
    "Наталья",
    "Zoë",
    "Søren",
    "Núria",
)
LAST = (
    "Ñandú",
    "Fernández",
    "Diallo",
    "Nkosi",
    "Wójcik",
    "小明",
    "الفاسي",
    "Щербакова",
    "Ångström",
    "Kjær",
    "Puig",
)
# State of payment, minor units billed and received: one of them for each tenth person.
FEES = (
    *(("paid", 25_000, 25_000),) * 5,
    ("due", 25_000, 0),
    ("due", 25_000, 10_000),
    ("refunded", 0, 25_000),
    ("waived", 0, 0),
    ("not_due", 0, 0),
)
CATEGORIES = ("delegate", "speaker", "observer", "press", "staff")


def fill(
    slug: str, count: int, secret: str, *, attended: bool = True, capacity: int | None = None
) -> list[str]:
    """Store an event with so many registrations; gives the badge codes of those who are confirmed."""
    with transaction_mode("write"):
        event = _event(slug, capacity, open_now=not attended)
        categories = (
            db.session.query(Category.id).filter_by(event_id=event).order_by(Category.position)
        )
        codes = _people(
            slug, event, [row[0] for row in categories], count, secret, attended=attended
        )
        db.session.commit()
        db.session.execute(text("ANALYZE"))
        db.session.commit()
    if db.engine.dialect.name == "postgresql":
        # What PostgreSQL does by itself within a minute: what is measured is not when that minute ends.
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM (ANALYZE) registration"))
    return codes


def _event(slug: str, capacity: int | None, *, open_now: bool) -> int:
    now = datetime.now(UTC)
    starts = now + timedelta(days=30) if open_now else datetime(2023, 6, 12, 7, tzinfo=UTC)
    event = Event(
        slug=slug, kind="congress", format="in_person", title={"en": f"Congress {slug}"}, starts_at=starts,
        ends_at=starts + timedelta(days=3), timezone="Europe/Brussels", country="BE", city_id=2800866,
        capacity=capacity, published_at=now, created_at=now, updated_at=now,
    )  # fmt: skip
    db.session.add(event)
    db.session.flush()
    for position, code in enumerate(CATEGORIES):
        db.session.add(
            Category(
                event_id=event.id,
                code=code,
                name={"en": code.title()},
                position=position,
                speaker=code == "speaker",
            ),
        )
    db.session.flush()
    return event.id


def _members() -> list[int]:
    now = datetime.now(UTC)
    if not db.session.query(Organisation.id).count():
        for number in range(154):
            member = Organisation(
                name=f"Member {number}", name_key=f"member {number}", kind="member", country="FR", region="Europe",
                created_at=now, updated_at=now,
            )  # fmt: skip
            db.session.add(member)
            db.session.flush()
            db.session.add(
                Membership(organisation_id=member.id, since=datetime(2000, 1, 1, tzinfo=UTC).date())
            )
        db.session.flush()
    return [row[0] for row in db.session.query(Organisation.id).order_by(Organisation.id)]


class _Crowd:
    """Made-up people of one event."""

    def __init__(
        self, slug: str, event: int, categories: list[int], secret: str, *, attended: bool
    ) -> None:
        self.slug, self.event, self.categories = slug, event, categories
        self.secret, self.attended = secret, attended
        self.chance, self.now = random.Random(slug), datetime.now(UTC)
        self.members = _members()
        cities = current_index().rows(
            "SELECT id, country FROM city WHERE population > 100000 ORDER BY id"
        )
        self.chance.shuffle(cities)
        self.cities = cities[:MOST_CITIES]
        self.first_id = (db.session.query(db.func.max(Person.id)).scalar() or 0) + 1
        self.codes: list[str] = []

    def one(self, number: int) -> tuple[dict[str, Any], dict[str, Any]]:
        """Make a person and the registration."""
        chance, email = self.chance, f"{self.slug}{number}@example.org"
        first, last = chance.choice(FIRST), f"{chance.choice(LAST)} {number}"
        name = {
            "first_name": first,
            "last_name": last,
            "email": email,
            "email_key": email,
            "language": "en",
        }
        person = {"id": self.first_id + number, "created_at": self.now, **name}
        search = {
            "sort_name": fold(f"{last} {first}"),
            "search_text": f"{fold(first)} {fold(last)} | {email} | municipality",
        }
        return person, {
            "event_id": self.event, "person_id": person["id"], "registered_at": self._ago(9_000_000), "updated_at": self.now,
            "category_id": chance.choices(self.categories, (60, 6, 15, 12, 7))[0],
            "payment": "not_due", "participation": "in_person", "source": "import", "note": "",
            "organisation": "Municipality", "job_title": "Adviser",
            "organisation_id": chance.choice(self.members) if chance.random() < 0.2 else None,
            **name, **search, **self._place(), **self._state(), **self._identity(),
        }  # fmt: skip

    def _ago(self, most: int) -> datetime:
        return self.now - timedelta(seconds=self.chance.randint(0, most))

    def _place(self) -> dict[str, Any]:
        city, country = self.cities[
            min(int(self.chance.expovariate(1 / 200)), len(self.cities) - 1)
        ]
        genders = ("woman", "man", "non-binary", "prefer not to say", None)
        gender = self.chance.choices(genders, (45, 47, 1, 4, 3))[0]
        return {
            "gender": gender,
            "country": country,
            "city_id": city,
            "city_typed": "Somewhere",
            "city_status": "resolved",
        }

    def _state(self) -> dict[str, Any]:
        status = self.chance.choices(("confirmed", "cancelled", "waiting"), (92, 5, 3))[0]
        came = self.attended and status == "confirmed" and self.chance.random() < 0.88
        return {
            "status": status,
            "holds_place": status == "confirmed",
            "attended_at": self._ago(300_000) if came else None,
            "confirmed_at": self.now if status == "confirmed" else None,
            "waiting_since": self.now if status == "waiting" else None,
            "ended_at": self.now if status == "cancelled" else None,
        }

    def _identity(self) -> dict[str, Any]:
        identity = new_identity(self.secret)
        self.codes.append(badge_token(self.secret, identity.key, 0))
        return {
            "key": identity.key, "link_generation": 0, "link_digest": identity.link_digest, "badge_generation": 0,
            "badge_digest": identity.badge_digest, "short_code": identity.short_code,
        }  # fmt: skip


def _people(
    slug: str, event: int, categories: list[int], count: int, secret: str, *, attended: bool
) -> list[str]:
    crowd = _Crowd(slug, event, categories, secret, attended=attended)
    for start in range(0, count, PORTION):
        made = [crowd.one(number) for number in range(start, min(count, start + PORTION))]
        db.session.execute(insert(Person), [person for person, _ in made])
        db.session.execute(insert(Registration), [row for _, row in made])
    if db.engine.dialect.name == "postgresql":
        db.session.execute(
            text(
                "SELECT setval(pg_get_serial_sequence('person', 'id'), (SELECT max(id) FROM person))"
            )
        )
    return crowd.codes


def ask_for_fees(slug: str) -> None:
    """Let a filled event have cost 250 euros: half have paid, a tenth owes, is waived or gets money back each."""
    with transaction_mode("write"):
        now = datetime.now(UTC)
        event = db.session.scalars(select(Event.id).where(Event.slug == slug)).one()
        people = db.session.scalars(
            select(Registration.id).where(Registration.event_id == event)
        ).all()
        db.session.add(FeePlan(event_id=event, currency="EUR", methods=["bank"], updated_at=now))
        of_state: dict[str, list[int]] = {}
        for start in range(0, len(people), PORTION):
            charges: list[dict[str, Any]] = []
            for number in people[start : start + PORTION]:
                state, billed, received = FEES[number % len(FEES)]
                of_state.setdefault(state, []).append(number)
                if state not in {"waived", "not_due"}:
                    charges.append({
                        "key": f"bench{number}", "event_id": event, "registration_id": number, "currency": "EUR",
                        "tax_rate": 0, "billed": billed, "received": received, "created_at": now, "updated_at": now,
                    })  # fmt: skip
            db.session.execute(insert(Charge), charges)
        for state, numbers in of_state.items():
            for start in range(0, len(numbers), PORTION):
                db.session.execute(
                    update(Registration)
                    .where(Registration.id.in_(numbers[start : start + PORTION]))
                    .values(payment=state),
                    execution_options={"synchronize_session": False},
                )
        db.session.commit()
        db.session.execute(text("ANALYZE"))
        db.session.commit()
