from __future__ import annotations

from time import process_time
from typing import TYPE_CHECKING, Any

import pypdfium2
import pytest
import zxingcpp

from eventsys.badges.errors import NoBadge, UnknownLayout
from eventsys.badges.operations.render import render_badge, render_event
from eventsys.badges.queries import list_unprintable
from eventsys.core.db import db
from eventsys.core.tokens import digest, find_short_code, find_token
from eventsys.registration.models import Registration
from eventsys.registration.queries.detail import get_detail
from tests.factories.events import make_event
from tests.factories.registrations import register
from tests.support.database import SECRET

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy.orm import Session

SITE = {"secret": SECRET, "base_url": "https://events.example.org"}
pytestmark = pytest.mark.db


def registered(event: Any, email: str = "ana@example.org", **more: Any) -> Registration:
    register(event, email, **more)
    found: Registration = db.session.query(Registration).filter_by(email=email).one()
    return found


def text_of(document: bytes, page: int = 0) -> str:
    return " ".join(pypdfium2.PdfDocument(document)[page].get_textpage().get_text_bounded().split())


def codes_of(document: bytes) -> list[str]:
    images = (page.render(scale=2).to_pil() for page in pypdfium2.PdfDocument(document))
    return [code.text for image in images for code in zxingcpp.read_barcodes(image)]


def test_badge_shows_the_person_in_their_language_and_a_code_the_door_knows(
    session: Session,
) -> None:
    registration = registered(make_event(), language="es")
    made = render_badge(get_detail(registration.id), **SITE)
    text = text_of(made)
    for part in (
        "Ana",
        "Ñandú",
        "Head of mobility",
        "Ajuntament",
        "Barcelona",
        "España",
        "Cumbre Metropolitana",
    ):
        assert part in text
    (code,) = codes_of(made)
    assert code.startswith("HTTPS://EVENTS.EXAMPLE.ORG/B/")
    assert digest(str(find_token(code))) == registration.badge_digest
    assert any(find_short_code(word) == registration.short_code for word in text.split())


def test_city_that_was_not_recognised_is_printed_as_it_was_typed(session: Session) -> None:
    event = make_event()
    registration = registered(event)
    registration.city_id, registration.city_typed = None, "Villa Incógnita"
    session.commit()
    assert "Villa Incógnita" in text_of(render_badge(get_detail(registration.id), **SITE))


def test_only_the_confirmed_have_a_badge(session: Session) -> None:
    event = make_event(capacity=1)
    registered(event)
    waiting = registered(event, "ben@example.org")
    assert waiting.status == "waiting"
    with pytest.raises(NoBadge):
        render_badge(get_detail(waiting.id), **SITE)
    assert len(codes_of(render_event(event, **SITE))) == 1


def test_badges_of_an_event_are_in_the_order_of_names_on_as_few_sheets_as_needed(
    session: Session,
) -> None:
    event = make_event()
    for number, name in enumerate(("Zuzanna", "Àlex", "Bo", "Émile", "Carla")):
        registered(event, f"p{number}@example.org", first_name="X", last_name=name)
    told: list[tuple[int, int]] = []
    single = render_event(event, **SITE, progress=lambda done, of: told.append((done, of)))
    order = [text_of(single, page) for page in range(5)]
    assert [next(name for name in ("Zuzanna", "Àlex", "Bo", "Émile", "Carla") if name in text) for text in order] == [
        "Àlex", "Bo", "Carla", "Émile", "Zuzanna",
    ]  # fmt: skip
    assert told == [(5, 5)]
    sheets = render_event(event, **SITE, layout="a4")
    assert len(pypdfium2.PdfDocument(sheets)) == 2
    assert sorted(codes_of(sheets)) == sorted(codes_of(single))


def test_portions_are_joined_without_loss(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("eventsys.badges.operations.render.PORTION", 4)
    event = make_event()
    for number in range(9):
        registered(event, f"p{number}@example.org")
    assert len(set(codes_of(render_event(event, **SITE)))) == 9
    assert len(pypdfium2.PdfDocument(render_event(event, **SITE, layout="a4"))) == 3


def test_chosen_people_only(session: Session) -> None:
    event = make_event()
    one = registered(event, "one@example.org")
    registered(event, "two@example.org")
    assert len(codes_of(render_event(event, **SITE, registration_ids=[one.id]))) == 1
    with pytest.raises(NoBadge):
        render_event(event, **SITE, registration_ids=[])


def test_unknown_layout_is_refused(session: Session) -> None:
    event = make_event()
    with pytest.raises(UnknownLayout):
        render_event(event, **SITE, layout="a5")
    with pytest.raises(UnknownLayout):
        render_badge(get_detail(registered(event).id), **SITE, layout="../a6")


def test_names_that_no_font_can_set_are_reported(session: Session) -> None:
    event = make_event()
    registered(event)
    tibetan = registered(event, "t@example.org", first_name="བོད", last_name="")
    (found,) = list_unprintable(event.id)
    assert (found.registration_id, found.name, found.characters) == (
        tibetan.id,
        "བོད",
        ("བ", "ོ", "ད"),
    )


def test_new_generation_changes_the_code(session: Session) -> None:
    registration = registered(make_event())
    before = codes_of(render_badge(get_detail(registration.id), **SITE))
    registration.badge_generation += 1
    session.commit()
    assert codes_of(render_badge(get_detail(registration.id), **SITE)) != before


def test_badges_of_an_event_take_one_statement(
    app: Flask, session: Session, count_queries: Any
) -> None:
    event = make_event()
    for number in range(3):
        registered(event, f"p{number}@example.org", language=("en", "es", "fr")[number])
    slug = event.slug
    assert slug
    with count_queries() as queries:
        render_event(event, **SITE)
    assert len(queries) <= 2


def test_one_badge_is_made_at_once_when_the_process_is_warm(session: Session) -> None:
    registration = registered(make_event())
    times = []
    for _ in range(6):
        begin = process_time()
        render_badge(get_detail(registration.id), **SITE)
        times.append(process_time() - begin)
    assert min(times) < 0.06


def test_command_writes_the_file_and_names_what_cannot_be_set(
    app: Flask, session: Session, tmp_path: Any
) -> None:
    event = make_event()
    registered(event)
    registered(event, "t@example.org", first_name="བོད", last_name="")
    target = tmp_path / "badges.pdf"
    done = app.test_cli_runner().invoke(
        args=["badges", "render", event.slug, "--output", str(target), "--layout", "a4"]
    )
    assert done.exit_code == 0, done.output
    assert done.stdout == ""
    assert "བོད" in done.stderr
    assert "U+0F56" in done.stderr
    assert "2 of 2" in done.stderr
    assert len(pypdfium2.PdfDocument(target)) == 1


def test_command_fails_with_one_line_for_an_unknown_event(
    app: Flask, session: Session, tmp_path: Any
) -> None:
    target = tmp_path / "badges.pdf"
    done = app.test_cli_runner().invoke(
        args=["badges", "render", "nothing", "--output", str(target)]
    )
    assert done.exit_code != 0
    assert not target.exists()
    assert "There is no event “nothing”" in done.stderr
