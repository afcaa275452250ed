"""Import in the office: bring a table, look at it, correct the columns, store it."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from eventsys.core.db import db
from eventsys.jobs.models import Job
from eventsys.registration.models import ImportFile, Registration
from eventsys.registration.operations.import_files import bring_file
from eventsys.worker.run import work_once
from tests.factories.events import STAFF, make_event
from tests.factories.tables import registered, table

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from tests.support.page import Client, Page

PATH = "/office/events/summit/import"
GOOD = table(
    {}, {"email": "ANA@example.org"}, {"email": "b@example.org", "city": "Villaconejos de Arriba"}
)
SPANISH = "Nombre;Apellidos;Correo;País;Ciudad;Talla\nÑuria;Peña;nuria@example.org;España;Vic;M\nX;Y;sin-arroba;Atlántida;;L\n"


def stored() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Registration)) or 0


def bring(staff: Client, content: bytes, name: str = "people.csv") -> Page:
    staff.get(PATH)
    return staff.post(PATH, {"file": (io.BytesIO(content), name)})


def read(staff: Client, content: bytes, name: str = "people.csv") -> Page:
    """Bring a table and let the worker read it; gives the page that shows it."""
    waiting = staff.follow(bring(staff, content, name))
    assert waiting.headers["Refresh"] == "2"
    work_once(staff.app)
    return staff.get(waiting.url)


def test_a_table_is_looked_at_before_anything_is_stored(staff: Client, session: Session) -> None:
    make_event()
    shown = read(staff, GOOD)
    assert shown.h1 == "Look at the table"
    for text in ("Rows3", "New2", "Sent twice1", "Left out0", "Villaconejos de Arriba"):
        assert text in shown.main.replace(" ", "").replace(text.replace(" ", ""), text)
    assert stored() == 0

    sent = staff.submit(shown, action="/store")
    assert sent.status == 303
    assert staff.follow(sent).h1 == "The table is being stored"
    assert staff.submit(shown, action="/store").status == 303  # the second click
    work_once(staff.app)
    done = staff.get(shown.url)
    assert done.h1 == "The table is stored"
    assert stored() == 2
    file = session.scalars(select(ImportFile)).one()
    assert (file.state, file.content) == ("stored", b"")

    again = read(staff, GOOD)
    assert "There is nothing new to store" in again.main


def test_encoding_separator_columns_and_every_problem_are_shown(
    staff: Client, session: Session
) -> None:
    make_event()
    shown = read(staff, SPANISH.encode("cp1252"))
    assert "By its looks it is Western European (Windows 1252)." in shown.main
    assert "semicolon" in shown.text
    fields = shown.filled("/columns")
    assert [fields[f"column-{number}"] for number in range(6)] == [
        "first_name", "last_name", "email", "country", "city", "",
    ]  # fmt: skip
    assert [
        "Line 3",
        "Email",
        "sin-arroba",
        "This is not a complete email address.",
    ] in shown.rows()
    problems = staff.get(shown.link("Download all problems"))
    assert problems.headers["Content-Disposition"].startswith("attachment")
    text = problems.body.decode("utf-8-sig")
    assert (
        "3,left out,Email,sin-arroba,This is not a complete email address.,not_an_address" in text
    )
    assert "3,left out,Country,Atlántida" in text


def test_columns_are_corrected_and_the_table_is_read_again(staff: Client, session: Session) -> None:
    make_event()
    shown = read(staff, b"A,B,C,D\nAna,ana@example.org,ES,Astronaut\n")
    assert "There is no column for: First name, Email, Country." in shown.main
    fields = {
        "column-0": "first_name",
        "column-1": "email",
        "column-2": "country",
        "column-3": "category",
    }
    again = staff.follow(staff.submit(shown, fields, action="/columns"))
    work_once(staff.app)
    again = staff.get(again.url)
    assert "The event has no category of this name." in again.main
    last = staff.follow(staff.submit(again, {"create_categories": "yes"}, action="/columns"))
    work_once(staff.app)
    last = staff.get(last.url)
    assert "These categories are added to the event: astronaut" in last.main
    staff.submit(last, action="/store")
    work_once(staff.app)
    assert registered().first_name == "Ana"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"\x00\x01\x02\x03", "could not be read as a table"),
        (b"\n\n", "holds no table"),
        (b"a,a\n1,2\n", "Two columns are called"),
        (b'first_name,email,country\n"Ana,a@example.org,ES\n', "a quotation mark is opened"),
        (b"PK\x03\x04not a workbook", "could not be read as a table"),
    ],
)
def test_what_is_no_table_is_said_in_words(
    staff: Client, session: Session, content: bytes, sentence: str
) -> None:
    make_event()
    shown = read(staff, content)
    assert sentence in shown.main
    assert stored() == 0
    assert session.scalars(select(Job.status)).all() == ["done"]


def test_no_file_or_an_empty_one_is_said(staff: Client, session: Session) -> None:
    make_event()
    assert bring(staff, b"").status == 422
    staff.get(PATH)
    refused = staff.post(PATH, {})
    assert refused.status == 422
    assert "Choose a file that is not empty" in refused.main


@pytest.mark.parametrize(
    "name", ["", "<script>.csv", "x" * 300 + ".csv", "../../etc/passwd", "名单.csv"]
)
def test_any_name_of_a_file_is_just_a_name(staff: Client, session: Session, name: str) -> None:
    make_event()
    assert read(staff, GOOD, name or "file").status == 200
    assert staff.get(PATH).status == 200


def test_a_table_that_is_in_hand_cannot_be_matched_anew(staff: Client, session: Session) -> None:
    make_event()
    shown = read(staff, GOOD)
    staff.submit(shown, action="/store")
    late = staff.submit(shown, action="/columns")
    assert late.status == 409
    work_once(staff.app)
    assert stored() == 2


def test_a_table_of_another_event_does_not_exist_here(staff: Client, session: Session) -> None:
    make_event()
    make_event("other")
    shown = read(staff, GOOD)
    foreign = shown.url.replace("/summit/", "/other/")
    assert staff.get(foreign).status == 404
    staff.get(PATH)
    assert staff.post(f"{foreign}/store").status == 404
    assert staff.get(f"{PATH}/nonsense").status == 404


def test_only_who_may_edit_participants_brings_tables(page: Client, session: Session) -> None:
    event = make_event()
    assert page.get(PATH).status == 302
    page.sign_in("check-in", event_id=event.id)
    assert page.get(PATH).status == 403


def test_tables_that_nobody_stored_are_dropped_after_two_weeks(session: Session) -> None:
    event, now = make_event(), datetime.now(UTC)
    bring_file(event.id, "old.csv", GOOD, actor=STAFF, now=now - timedelta(days=15))
    bring_file(event.id, "new.csv", GOOD, actor=STAFF, now=now)
    session.commit()
    assert session.scalars(select(ImportFile.name)).all() == ["new.csv"]


@pytest.mark.parametrize("language", ["es", "fr"])
def test_the_pages_read_well_in_each_language(
    staff: Client, session: Session, language: str
) -> None:
    make_event()
    staff.language = language
    shown = read(staff, SPANISH.encode())
    assert shown.status == 200
    staff.submit(shown, action="/store")
    work_once(staff.app)
    assert staff.get(shown.url).status == 200
