"""``flask demo load``: a believable association: members, a past congress, events to come."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from flask import current_app
from flask.cli import AppGroup

from eventsys.accounts.operations.create import create_account
from eventsys.accounts.queries import find_account
from eventsys.cli.demo import events as drafts
from eventsys.cli.demo import money
from eventsys.cli.transaction import COMMAND, now, reading, say, writing
from eventsys.events.operations.create import create_event
from eventsys.events.operations.publish import publish_event
from eventsys.events.operations.questions import add_question
from eventsys.events.queries import (
    event_facts,
    find_event,
    get_event,
    list_categories,
    list_questions,
)
from eventsys.members.operations.import_members import import_members
from eventsys.members.queries import find_organisation_id
from eventsys.places.queries import resolve_city
from eventsys.registration.operations.import_registrations import import_registrations
from eventsys.registration.operations.submit import Place, Submission, submit
from eventsys.registration.queries.fees import find_plan
from eventsys.registration.queries.importing import survey_file
from eventsys.statistics.operations.publish import publish
from eventsys.statistics.rules.ladder import Rung

if TYPE_CHECKING:
    from eventsys.core.settings import Settings
    from eventsys.events.queries import EventFacts
    from eventsys.events.rules.draft import EventDraft

FOLDER: Final = Path(__file__).parent
SMALL_GROUP: Final = 5  # groups of one to four people are hidden in public
DEMO_STAFF: Final = "secretariat@example.org"
# How many of the demo's people register for each coming event: the workshop is full and has a waiting list.
PEOPLE: Final = {"metropolitan-summit": 56, "care-webinar": 31, "climate-workshop": 26}

demo = AppGroup("demo", help="The demo.")


@demo.command("load")
def load() -> None:
    """Load the demo. A second run adds only what is missing."""
    load_demo(current_app.config["EVENTSYS"])


def load_demo(settings: Settings) -> None:
    """Load members, the past congress with its check-ins, and the coming events with registrations."""
    with writing():
        if find_account(DEMO_STAFF) is None:
            create_account(DEMO_STAFF, "secretariat", actor=COMMAND, now=now(), name="Secretariat")
    say("154 members …")
    with (FOLDER / "members.csv").open("rb") as file, writing():
        import_members(file, actor=COMMAND, now=now())
    today = now().date()
    for draft in (
        drafts.congress(),
        *(
            make(today)
            for make in (drafts.summit, drafts.webinar, drafts.workshop, drafts.assembly)
        ),
    ):
        _event(draft)
    say("The congress, 1,673 rows …")
    _import(settings)
    with writing():
        publish(drafts.CONGRESS, Rung.ATTENDED, SMALL_GROUP, actor=COMMAND, now=now())
    for slug, count in PEOPLE.items():
        say(f"{slug}, {count} people …")
        _register(slug, count, settings)
    say("The demo is loaded.")


def _import(settings: Settings) -> None:
    with (FOLDER / "registrations.csv").open("rb") as file:
        with reading():
            survey = survey_file(_facts(drafts.CONGRESS), file, now=now())
        with writing():
            import_registrations(
                _facts(drafts.CONGRESS),
                file,
                survey,
                actor=COMMAND,
                now=now(),
                secret=settings.secret_key,
            )


def _facts(slug: str) -> EventFacts:
    event = get_event(slug)
    return event_facts(event, list_categories(event.id))


def _event(draft: EventDraft) -> None:
    with writing():
        if find_event(draft.slug) is not None:
            return
        event = create_event(draft, actor=COMMAND, now=now())
        if draft.slug == "metropolitan-summit":
            for question in drafts.summit_questions():
                add_question(event.id, question, actor=COMMAND, now=now())
        publish_event(event.id, actor=COMMAND, now=now())


def _register(slug: str, count: int, settings: Settings) -> None:
    with (FOLDER / "people.csv").open(encoding="utf-8", newline="") as file:
        people = list(csv.DictReader(file))[:count]
    with writing():
        event = get_event(slug)
        costs = slug == "metropolitan-summit"
        if costs:
            if find_plan(event.id) is not None:
                # Loaded before, in one transaction with its people: whoever cancelled stays so.
                return
            money.set_up(event.id, starts_at=event.starts_at, now=now())
        questions = {question.name: question.id for question in list_questions(event.id)}
        for number, row in enumerate(people):
            # Read anew for each person, as the form does.
            facts = _facts(slug)
            codes = {category.code: category.id for category in facts.categories}
            category = codes.get(row["category"], codes["delegate"])
            submission = _submission(row, number, category, questions)
            if costs and number in money.GUESTS:
                submission = replace(submission, code=money.CODE)
            outcome = submit(
                facts,
                submission,
                actor=money.STAFF,
                now=now(),
                secret=settings.secret_key,
            )
            if costs and outcome.registration_id is not None:
                money.follow(money.Guest(number, outcome.registration_id, facts, now()))


def _submission(
    row: dict[str, str], number: int, category: int, questions: dict[str, int]
) -> Submission:
    found = resolve_city(row["city"], country=row["country"], language=row["language"])
    answers: dict[int, Any] = {}
    if "interpretation" in questions:
        answers[questions["interpretation"]] = row["language"]
    if "access_needs" in questions and number % 9 == 0:
        answers[questions["access_needs"]] = ["step_free"]
    return Submission(
        category_id=category,
        first_name=row["first_name"],
        last_name=row["last_name"],
        email=f"person{number + 1}@example.org",
        gender=row["gender"],
        country=row["country"],
        city=Place(found.geonameid, row["city"], found.status),
        organisation=row["organisation"],
        organisation_id=find_organisation_id(row["city"], row["country"]),
        job_title=row["job_title"],
        language=row["language"],
        photo_consent=number % 3 != 0,
        consent_version="demo",
        answers=answers,
    )
