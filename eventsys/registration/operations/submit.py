"""Register one person at one event. The place is taken in the same transaction, or there is none."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Row, bindparam, insert, select
from sqlalchemy.dialects import postgresql, sqlite

from eventsys.audit.operations import record
from eventsys.core.db import db, table_of
from eventsys.core.text import email_key
from eventsys.events.operations.places import hold_places, release_place, take_place
from eventsys.events.rules import FormState, form_state
from eventsys.jobs.operations import enqueue
from eventsys.mail.operations import queue
from eventsys.people.operations import find_or_create_person, give_consent
from eventsys.registration.errors import CategoryNotOffered, EventFull, FormClosed
from eventsys.registration.models import LIVE, Answer, Registration
from eventsys.registration.operations.identify import Identity, link_token, new_identity, searchable
from eventsys.registration.operations.price import Asking, bill, find_priced, freeze, redeem
from eventsys.registration.operations.remind import remind
from eventsys.registration.queries.waiting import somebody_waits_for
from eventsys.registration.rules.decide import decide
from eventsys.registration.rules.states import Status

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Executable

    from eventsys.core.actor import Actor
    from eventsys.events.queries import CategoryFacts, EventFacts
    from eventsys.registration.operations.price import Priced


#: The mail that tells where a registration stands.
MAIL_OF: Final = {
    Status.CONFIRMED: "registration/confirmed",
    Status.SUBMITTED: "registration/pay",
    Status.WAITING: "registration/waiting",
}

_Earlier = Row[int, str, str, int, str | None]
_EARLIER: Final = select(
    Registration.id,
    Registration.status,
    Registration.key,
    Registration.link_generation,
    Registration.submission_key,
).where(
    Registration.event_id == bindparam("event"),
    Registration.email_key == bindparam("address"),
    LIVE,
)


@dataclass(frozen=True, slots=True)
class Place:
    """What the resolver said of the city typed."""

    city_id: int | None
    typed: str
    status: str


@dataclass(frozen=True, slots=True)
class Submission:
    """What a person filled in, cleaned. ``answers`` maps the ids of the event's questions to values."""

    category_id: int
    first_name: str
    last_name: str
    email: str
    gender: str | None
    country: str | None
    city: Place
    organisation: str
    job_title: str
    language: str
    organisation_id: int | None = None
    photo_consent: bool | None = None
    consent_version: str = ""
    answers: dict[int, Any] = field(default_factory=dict)
    submission_key: str | None = None
    source: str = "web"
    # Only where the event costs something: a code, the total that was shown, who gets the documents.
    code: str = ""
    shown_total: int | None = None
    buyer: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of it: the state, and the token of the person's own page.

    All None: the address had a registration already, and its holder was sent the link by mail.
    """

    registration_id: int | None
    status: Status | None
    link: str | None


def submit(
    event: EventFacts, submission: Submission, *, actor: Actor, now: datetime, secret: str
) -> Outcome:
    """Register a person: confirmed with a place, with a place that waits for its fee, or on the waiting list.

    Raises FormClosed, CategoryNotOffered, EventFull, CodeUnknown, CodeUsedUp, PriceChanged. A repeated
    click of the same form gives the outcome of the first; an address that has a live registration is sent
    its link and nothing is told here.
    """
    state = form_state(event.window, now)
    staff = actor.kind == "staff"
    offered = event.category(submission.category_id)
    place_given = False
    if (state is FormState.OPEN or staff) and offered is not None:
        place_given = _take(event, submission.category_id, now=now)
    earlier = _find_earlier(event.id, submission)
    if earlier is not None:
        if place_given:
            release_place(event.id, submission.category_id)
        return _second_time(event.id, submission, earlier, actor=actor, now=now, secret=secret)
    priced = find_priced(event, _asking(submission), now=now) if offered is not None else None
    decision = decide(
        form_open=state is FormState.OPEN or staff,
        category_offered=offered is not None and _may_choose(offered, priced, staff=staff),
        place_given=place_given,
        waiting_list=event.waiting_list,
        pay_first=priced is not None and priced.pay_first,
    )
    if decision.status is None:
        if place_given:
            release_place(event.id, submission.category_id)
        raise {
            "form_closed": FormClosed,
            "category_not_offered": CategoryNotOffered,
            "event_full": EventFull,
        }[decision.refusal or "event_full"](state=state.value)
    identity = new_identity(secret)
    registration_id = _store(event, submission, identity, decision.status, now=now)
    if registration_id is None:
        # Two people pressed at once with one address while the event was full: the index decided.
        remind(event.id, submission.email, actor=actor, now=now)
        return Outcome(None, None, None)
    if priced is not None:
        _charge(event, registration_id, priced, submission, decision.status, actor=actor, now=now)
    record(
        "registration.submit",
        "registration",
        registration_id,
        actor=actor,
        now=now,
        event_id=event.id,
        facts={"status": decision.status.value, "source": submission.source},
    )
    _mail(event.id, registration_id, submission, decision.status, now=now)
    return Outcome(registration_id, decision.status, identity.link)


def _asking(submission: Submission) -> Asking:
    return Asking(
        submission.category_id,
        submission.organisation_id,
        submission.country,
        submission.code,
        submission.shown_total,
    )


def _may_choose(category: CategoryFacts, priced: Priced | None, *, staff: bool) -> bool:
    # A code may open a category that the form does not offer.
    opened = priced is not None and priced.code is not None and priced.code.category_id is not None
    return category.open_to_public or staff or opened


def _charge(
    event: EventFacts,
    registration_id: int,
    priced: Priced,
    submission: Submission,
    status: Status,
    *,
    actor: Actor,
    now: datetime,
) -> None:
    if priced.code is not None:
        redeem(priced.code)
    freeze(registration_id, priced, submission.buyer, now=now)
    if status is not Status.WAITING:
        total, holds = priced.quote.total, status is Status.SUBMITTED
        bill(registration_id, priced.plan, total, event.timezone, holds=holds, actor=actor, now=now)


def _take(event: EventFacts, category_id: int, *, now: datetime) -> bool:
    if not take_place(event.id, category_id):
        if not event.waiting_list:
            return False
        # Whoever gives a place back looks at once for who waits. Not yet stored, this person would be
        # overlooked, and the place stay empty: from here on nobody gives one back before this is stored.
        hold_places(event.id)
        if not take_place(event.id, category_id):
            return False
    if event.limited and somebody_waits_for(event.id, category_id):
        # Whoever waits comes first: a place that has just become free is theirs, and the worker gives it.
        release_place(event.id, category_id)
        enqueue("registration.promote", {"event_id": event.id}, now=now)
        return False
    return True


def _find_earlier(event_id: int, submission: Submission) -> _Earlier | None:
    of = {"event": event_id, "address": email_key(submission.email)}
    return db.session.execute(_EARLIER, of).first()


def _second_time(
    event_id: int,
    submission: Submission,
    earlier: _Earlier,
    *,
    actor: Actor,
    now: datetime,
    secret: str,
) -> Outcome:
    """Answer a second click of one form with the first's outcome; anybody else's second try by mail only."""
    if (
        submission.submission_key is not None
        and earlier.submission_key == submission.submission_key
    ):
        link = link_token(secret, earlier.key, earlier.link_generation)
        return Outcome(earlier.id, Status(earlier.status), link)
    remind(event_id, submission.email, actor=actor, now=now)
    return Outcome(None, None, None)


def _store(
    event: EventFacts, submission: Submission, identity: Identity, status: Status, *, now: datetime
) -> int | None:
    person_id = find_or_create_person(
        submission.email,
        (submission.first_name, submission.last_name),
        submission.language,
        now=now,
    )
    values = _values(event, submission, identity, status, now=now) | {"person_id": person_id}
    registration_id: int | None = db.session.scalar(_insert(db.engine.dialect.name), values)
    if registration_id is None:
        return None
    _store_answers(registration_id, submission)
    _store_consents(event, person_id, submission, now=now)
    return registration_id


@cache
def _insert(dialect: str) -> Executable:
    table = table_of(Registration)
    statement = postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)
    # The index on live addresses decides a race that no place decided; nothing else can conflict.
    return statement.on_conflict_do_nothing().returning(table.c.id)


def _values(
    event: EventFacts, submission: Submission, identity: Identity, status: Status, *, now: datetime
) -> dict[str, Any]:
    return {
        "key": identity.key,
        "event_id": event.id,
        "category_id": submission.category_id,
        "status": status.value,
        "payment": "not_due",
        "holds_place": status in {Status.CONFIRMED, Status.SUBMITTED},
        "first_name": submission.first_name,
        "last_name": submission.last_name,
        "email": submission.email,
        "email_key": email_key(submission.email),
        "gender": submission.gender,
        "country": submission.country,
        "city_id": submission.city.city_id,
        "city_typed": submission.city.typed,
        "city_status": submission.city.status,
        "organisation": submission.organisation,
        "organisation_id": submission.organisation_id,
        "job_title": submission.job_title,
        "language": submission.language,
        "participation": "online" if event.format == "online" else "in_person",
        "photo_consent": submission.photo_consent,
        "link_generation": 0,
        "link_digest": identity.link_digest,
        "badge_generation": 0,
        "badge_digest": identity.badge_digest,
        "short_code": identity.short_code,
        "submission_key": submission.submission_key,
        "source": submission.source,
        "note": "",
        "registered_at": now,
        "confirmed_at": now if status is Status.CONFIRMED else None,
        "waiting_since": now if status is Status.WAITING else None,
        "updated_at": now,
        **searchable(
            submission.first_name,
            submission.last_name,
            email_key(submission.email),
            submission.organisation,
        ),
    }


def _store_answers(registration_id: int, submission: Submission) -> None:
    if submission.answers:
        db.session.execute(
            insert(Answer),
            [
                {"registration_id": registration_id, "question_id": question_id, "value": value}
                for question_id, value in submission.answers.items()
            ],
        )


def _store_consents(
    event: EventFacts, person_id: int, submission: Submission, *, now: datetime
) -> None:
    if not submission.consent_version:
        return
    kinds = ("event", "photo") if submission.photo_consent else ("event",)
    for kind in kinds:
        give_consent(
            person_id,
            kind,
            submission.consent_version,
            submission.language,
            f"event:{event.slug}",
            now=now,
        )


def _mail(
    event_id: int, registration_id: int, submission: Submission, status: Status, *, now: datetime
) -> None:
    template = MAIL_OF[status]
    name = f"{submission.first_name} {submission.last_name}".strip()
    queue(
        template,
        (submission.email, name),
        submission.language,
        {},
        now=now,
        event_id=event_id,
        registration_id=registration_id,
        attachments=confirmation_attachments(registration_id) if status is Status.CONFIRMED else (),
    )


def confirmation_attachments(registration_id: int) -> list[dict[str, Any]]:
    """Name what a confirmation carries: the QR in the mail's picture, the badge, the calendar entry."""
    return [
        {"kind": kind, "registration_id": registration_id} for kind in ("qr", "badge", "calendar")
    ]
