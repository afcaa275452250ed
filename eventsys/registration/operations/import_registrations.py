"""Write a table of registrations: all of it, or nothing. The same table again changes nothing."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from sqlalchemy import bindparam, case, exists, func, insert, select, update

from eventsys.audit.operations import record, record_many
from eventsys.core.db import db
from eventsys.events.operations.categories import add_category
from eventsys.events.operations.places import hold_places, set_places_taken
from eventsys.events.queries import list_categories
from eventsys.events.rules import CATEGORY_KINDS
from eventsys.events.rules.parts import CategoryDraft
from eventsys.people.operations import find_or_create_people
from eventsys.people.queries import find_people
from eventsys.registration.models import ENDED, LIVE, Registration
from eventsys.registration.operations.identify import new_identity, searchable
from eventsys.registration.operations.lock import lock_event_registrations
from eventsys.registration.queries.billed import which_have_a_fee
from eventsys.registration.queries.fees import find_plan
from eventsys.registration.queries.importing import list_rows
from eventsys.registration.rules.importing import Found, ImportRow, changes, merge_rows, new_values

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from eventsys.core.actor import Actor
    from eventsys.events.queries import EventFacts
    from eventsys.registration.queries.importing import Progress, Survey

CHUNK: Final = 500
_SEARCHED: Final = frozenset({"first_name", "last_name", "email", "organisation"})
# What a row may change, and what has to be known to see whether it does.
_CHANGED: Final = (
    "first_name", "last_name", "email", "gender", "country", "city_typed", "city_id", "city_status", "organisation",
    "organisation_id", "job_title", "category_id", "language", "registered_at", "attended_at", "status", "holds_place",
    "confirmed_at", "waiting_since", "ended_at", "import_digest", "sort_name", "search_text",
)  # fmt: skip
_KNOWN: Final = ("id", "email_key", *_CHANGED)


@dataclass(slots=True)
class Imported:
    """What an import did. ``attended`` names the arrivals that check-in has to know: registration, moment."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    attended: list[tuple[int, datetime]] = field(default_factory=list)


def import_registrations(
    event: EventFacts,
    source: BinaryIO,
    survey: Survey,
    *,
    actor: Actor,
    now: datetime,
    secret: str,
    progress: Progress | None = None,
    dry_run: bool = False,
) -> Imported:
    """Write the rows of a surveyed file that have no problem; with ``dry_run`` only count.

    Rows are found again by their address. Sends no mail. A capacity that is lower than what the table
    says is raised to the truth, because these people are confirmed already.
    """
    if not dry_run:
        lock_event_registrations(event.id)
        hold_places(event.id)
        _add_categories(event, survey, actor=actor, now=now)
    writer = _Writer(event, survey, actor=actor, now=now, secret=secret, dry_run=dry_run)
    done = 0
    for chunk in _chunks(_persons(survey, source)):
        writer.write(chunk)
        done += len(chunk)
        if progress is not None:
            progress("writing", done)
    if not dry_run:
        _count_places(event.id)
        record(
            "registration.import", "event", event.id, actor=actor, now=now, event_id=event.id,
            facts={
                "rows": survey.rows, "created": writer.result.created, "updated": writer.result.updated,
                "duplicates": len(survey.duplicates), "rejected": len(survey.rejected),
            },
        )  # fmt: skip
    return writer.result


def _persons(survey: Survey, source: BinaryIO) -> Iterator[ImportRow]:
    """Give each person once: rows of an address that stands once as they come, the others merged at the end."""
    repeated: dict[str, list[ImportRow]] = {}
    for row in list_rows(survey, source):
        if row.email_key in survey.repeated:
            repeated.setdefault(row.email_key, []).append(row)
        else:
            yield row
    yield from map(merge_rows, repeated.values())


def _chunks(rows: Iterable[ImportRow]) -> Iterator[list[ImportRow]]:
    iterator = iter(rows)
    while chunk := list(islice(iterator, CHUNK)):
        yield chunk


def _add_categories(event: EventFacts, survey: Survey, *, actor: Actor, now: datetime) -> None:
    standard = {kind[0]: kind for kind in CATEGORY_KINDS}
    for code, name in survey.new_categories.items():
        if code in standard:
            _code, en, es, fr, colour, speaker, counted, public = standard[code]
            draft = CategoryDraft(
                code=code, name={"en": en, "es": es, "fr": fr}, colour=colour, speaker=speaker, counted=counted,
                open_to_public=public,
            )  # fmt: skip
        else:
            draft = CategoryDraft(code=code, name={"en": name}, open_to_public=False)
        add_category(event.id, draft, actor=actor, now=now)


def _count_places(event_id: int) -> None:
    held = func.sum(case((Registration.holds_place, 1), else_=0))
    query = (
        select(Registration.category_id, held)
        .where(Registration.event_id == event_id)
        .group_by(Registration.category_id)
    )
    # Of a category that its last person has left nobody stands in the rows.
    counts = {category.id: 0 for category in list_categories(event_id)}
    counts |= {category_id: int(count or 0) for category_id, count in db.session.execute(query)}
    set_places_taken(event_id, counts)


class _Writer:
    """Writes chunks of rows with a handful of statements each."""

    def __init__(
        self,
        event: EventFacts,
        survey: Survey,
        *,
        actor: Actor,
        now: datetime,
        secret: str,
        dry_run: bool,
    ) -> None:
        self.event = event
        self.survey = survey
        self.actor = actor
        self.now = now
        self.secret = secret
        self.dry_run = dry_run
        self.result = Imported()
        # Nobody to look for: each person stands in the file once.
        self.event_is_empty = not db.session.scalar(
            select(exists().where(Registration.event_id == event.id))
        )
        self.categories = {category.code: category.id for category in list_categories(event.id)}
        self.default_category = next(iter(self.categories.values()), None)
        self.asks_for_money = find_plan(event.id) is not None

    def write(self, rows: Sequence[ImportRow]) -> None:
        known = self._known(rows)
        new = [row for row in rows if row.email_key not in known]
        ids = [values["id"] for values in known.values()]
        kept = which_have_a_fee(ids) if ids and self.asks_for_money else set()
        changed = []
        for row in rows:
            before = known.get(row.email_key)
            if before is None:
                continue
            found = self._found(row)
            values = changes(before, row, found, has_a_fee=before["id"] in kept, now=self.now)
            if values:
                changed.append((before, values, row.digest))
        self.result.created += len(new)
        self.result.updated += len(changed)
        self.result.unchanged += len(rows) - len(new) - len(changed)
        if not self.dry_run:
            self._insert(new)
            self._update(changed)

    def _known(self, rows: Sequence[ImportRow]) -> dict[str, dict[str, Any]]:
        """Find the registrations of these addresses; of several the live one, else the newest.

        Live ones by their unique index, in its own words; ended ones by the person. Neither reads the
        whole event.
        """
        if self.event_is_empty:
            return {}
        keys = [row.email_key for row in rows]
        columns = select(*(getattr(Registration, name) for name in _KNOWN)).where(
            Registration.event_id == self.event.id
        )
        live = columns.where(LIVE, Registration.email_key.in_(keys))
        known = {row.email_key: row._asdict() for row in db.session.execute(live)}
        missing = {key for key in keys if key not in known}
        if missing:
            people = find_people(missing)
            ended = columns.where(
                Registration.person_id.in_(people.values()), Registration.status.in_(ENDED)
            ).order_by(Registration.id)
            found = {row.email_key: row._asdict() for row in db.session.execute(ended)}
            known |= {key: values for key, values in found.items() if key in missing}
        return known

    def _found(self, row: ImportRow) -> Found:
        category_id = self.categories.get(row.category) if row.category else self.default_category
        return Found(self.survey.place(row), category_id, self.survey.member(row))

    def _insert(self, rows: Sequence[ImportRow]) -> None:
        if not rows:
            return
        people = find_or_create_people(
            [(row.email, (row.first_name, row.last_name), row.language or "en") for row in rows],
            now=self.now,
        )
        values = [self._new(row, people[row.email_key]) for row in rows]
        # Through the table and without RETURNING: one prepared statement for all rows on both engines. By
        # the mapper, rows with other empty columns would be statements of their own.
        db.session.connection().execute(insert(Registration.__table__), values)  # type: ignore[arg-type]  # a Table
        made = select(Registration.email_key, Registration.id).where(
            Registration.key.in_([row["key"] for row in values])
        )
        ids = {key: number for key, number in db.session.execute(made)}
        self.result.attended += [
            (ids[row.email_key], row.checked_in_at) for row in rows if row.checked_in_at
        ]
        record_many(
            "registration.import", "registration",
            [(ids[row.email_key], {"line": row.line, "status": row.status or "confirmed"}) for row in rows],
            actor=self.actor, now=self.now, event_id=self.event.id,
        )  # fmt: skip

    def _new(self, row: ImportRow, person_id: int) -> dict[str, Any]:
        identity = new_identity(self.secret)
        values = new_values(row, self._found(row), now=self.now)
        return {
            **values,
            "key": identity.key,
            "event_id": self.event.id,
            "person_id": person_id,
            "payment": "not_due",
            "participation": "online" if self.event.format == "online" else "in_person",
            "photo_consent": None,
            "link_generation": 0,
            "link_digest": identity.link_digest,
            "badge_generation": 0,
            "badge_digest": identity.badge_digest,
            "short_code": identity.short_code,
            "source": "import",
            "note": "",
            "updated_at": self.now,
            **searchable(row.first_name, row.last_name, row.email_key, values["organisation"]),
        }

    def _update(self, changed: Sequence[tuple[dict[str, Any], dict[str, Any], str]]) -> None:
        if not changed:
            return
        rows = []
        for before, values, digest in changed:
            after = {**before, **values, "import_digest": digest}
            if _SEARCHED & values.keys():
                after |= searchable(
                    after["first_name"],
                    after["last_name"],
                    before["email_key"],
                    after["organisation"],
                )
            rows.append(
                {f"new_{name}": after[name] for name in _CHANGED} | {"row_id": before["id"]}
            )
            if "attended_at" in values:
                self.result.attended.append((before["id"], values["attended_at"]))
        columns = Registration.__table__.c
        statement = (
            update(Registration.__table__)  # type: ignore[arg-type]  # a Table
            .where(columns.id == bindparam("row_id"))
            .values(
                {name: bindparam(f"new_{name}", type_=columns[name].type) for name in _CHANGED}
                | {"updated_at": self.now}
            )
        )
        db.session.connection().execute(statement, rows)
        lines = [(before["id"], {"fields": sorted(values)}) for before, values, _digest in changed]
        record_many(
            "registration.import", "registration", lines,
            actor=self.actor, now=self.now, event_id=self.event.id,
        )  # fmt: skip
