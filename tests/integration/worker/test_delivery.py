"""Mails: real SMTP, the right content, nothing lost when the server or the worker is away."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from eventsys.core.actor import Actor
from eventsys.core.db import db
from eventsys.mail import operations as outbox
from eventsys.mail.models import Message
from eventsys.registration.operations.cancel import cancel
from eventsys.worker.run import HOST, work_once
from tests.factories.events import make_event
from tests.factories.registrations import ANA, register


def states():
    db.session.rollback()
    return [row.status for row in db.session.query(Message).order_by(Message.id)]


def parts(mail):
    return {part.get_content_type(): part for part in mail.walk() if not part.is_multipart()}


def test_a_confirmation_carries_code_badge_calendar_and_link(app, session, smtp):
    begins = datetime(2031, 12, 10, 15, tzinfo=UTC)
    event = make_event(starts_at=begins, ends_at=begins + timedelta(days=2))
    outcome = register(event, language="en")
    assert work_once(app) == 1
    (mail,) = smtp.to("ana@example.org")
    found = parts(mail)
    assert mail["Subject"] == "You are registered: Metropolitan Summit"
    assert outcome.link in found["text/plain"].get_content()
    for kind in ("text/plain", "text/html"):
        text = re.sub("<[^>]+>", " ", found[kind].get_content())
        assert re.search(r"from 16:00 on the first day\s+\(Madrid, UTC\+1\)", text)
    assert outcome.link in found["text/html"].get_content()
    assert found["application/pdf"].get_content().startswith(b"%PDF")
    assert found["image/png"].get_content().startswith(b"\x89PNG")
    assert found["image/png"]["Content-ID"] == "<code.png>"
    assert 'src="cid:code.png"' in found["text/html"].get_content()
    entry = found["text/calendar"].get_content().replace("\r\n ", "")
    assert "LOCATION:Congress centre\\, Barcelona\\, Spain" in entry
    assert states() == ["sent"]


def test_whoever_takes_part_online_gets_the_address_and_nothing_for_a_door(app, session, smtp):
    room = "https://meet.example.org/room"
    event = make_event(format="online", country=None, city_id=None, venue={}, online_url=room)
    register(event, language="en")
    assert work_once(app) == 1
    (mail,) = smtp.to("ana@example.org")
    found = parts(mail)
    assert set(found) == {"text/plain", "text/html", "text/calendar"}
    for kind in ("text/plain", "text/html"):
        said = found[kind].get_content()
        assert room in said
        assert "entrance" not in said
        assert "badge" not in said


@pytest.mark.parametrize(
    ("address", "reached"),
    [
        ("ana@m\u00fcnchen.example", "ana@xn--mnchen-3ya.example"),
        ("jos\u00e9@example.org", "jos\u00e9@example.org"),
    ],
)
def test_addresses_beyond_ascii_are_reached(app, session, smtp, address, reached):
    register(make_event(), address)
    assert work_once(app) == 1
    assert states() == ["sent"]
    (mail,) = smtp.messages
    shown = mail["To"].addresses[0].addr_spec
    assert shown.encode(errors="surrogateescape").decode() == reached


def test_an_address_that_the_server_cannot_take_fails_at_once(app, session, smtp):
    smtp.take_ascii_only()
    register(make_event(), "jos\u00e9@example.org")
    work_once(app)
    assert states() == ["failed"]
    assert smtp.messages == []


@pytest.mark.parametrize(
    "name",
    [
        "Ana\r\nBcc: spy@example.org",
        "\u0645\u0631\u064a\u0645 " * 30,
        '"Ana" <x@y.example>',
        "=?utf-8?q?x?=" * 9,
        "Long" * 37,
        "O'" + "W" * 90 + " <b>",
    ],
)
def test_no_name_becomes_a_header(app, session, smtp, name):
    register(
        make_event(title={"en": " ".join(f"Summit {name}".split())}),
        first_name=name[:150],
        language="en",
    )
    work_once(app)
    assert states() == ["sent"]
    (mail,) = smtp.messages
    assert mail["Bcc"] is None
    assert [one.addr_spec for one in mail["To"].addresses] == ["ana@example.org"]
    assert mail.get_content_type() == "multipart/mixed"
    assert mail["Message-ID"]


def test_texts_that_fell_back_are_marked_in_the_mail(app, session, smtp):
    event = make_event(title={"es": "Cumbre"}, online_url="https://example.org/room")
    register(event, language="fr")
    work_once(app)
    (mail,) = smtp.to("ana@example.org")
    html = parts(mail)["text/html"].get_content()
    assert '<span lang="es">Cumbre</span>' in html
    assert '<span lang="en">Congress centre</span>, Barcelone, Espagne' in html
    assert '<span lang="en">Delegate</span>' in html
    assert "https://example.org/room" in html
    assert "<span" not in parts(mail)["text/plain"].get_content()


@pytest.mark.parametrize(
    "first_name", ["Ana\r\nBcc: evil@example.org", "محمد", "李小龙", '"quoted" <x>']
)
def test_any_name_is_a_safe_address(app, session, smtp, first_name):
    register(make_event(), first_name=first_name)
    work_once(app)
    (mail,) = smtp.to("ana@example.org")
    assert mail["Bcc"] is None
    assert len(smtp.messages) == 1


def test_each_kind_of_mail_is_rendered_in_each_language(app, session, smtp):
    event = make_event(capacity=1)
    for number, language in enumerate(("en", "es", "fr")):
        held = register(event, f"held{number}@example.org", language=language)
        register(event, f"waiting{number}@example.org", language=language)
        register(event, f"held{number}@example.org", language=language)
        cancel(held.registration_id, window=None, actor=ANA, now=datetime.now(UTC))
        db.session.commit()
        promoted = (
            db.session.query(Message)
            .filter_by(template="registration/promoted")
            .order_by(Message.id.desc())
            .first()
        )
        cancel(promoted.registration_id, window=None, actor=ANA, now=datetime.now(UTC))
        db.session.commit()
    work_once(app)
    assert set(states()) == {"sent"}
    kinds = {(row.template, row.language) for row in db.session.query(Message)}
    assert len(kinds) == 15
    for row in db.session.query(Message):
        assert row.subject
        assert "{{" not in row.body_text + row.body_html
        assert "None" not in row.body_text
        assert "\n\n\n" not in row.body_text
        assert not re.search(r"(Delegate|\.)[A-ZÉ]", row.body_text)


def test_paragraphs_stand_apart_and_each_fact_on_its_line(app, session, smtp):
    register(make_event(title={"en": "Summit", "fr": "Sommet d’été"}), language="fr")
    work_once(app)
    (mail,) = smtp.messages
    lines = parts(mail)["text/plain"].get_content().splitlines()
    code = next(number for number, line in enumerate(lines) if line.startswith("Code"))
    assert (lines[1], lines[code + 1]) == ("", "")
    assert lines[code - 1].split()[0] == "Catégorie"
    assert "Sommet d’été" in parts(mail)["text/calendar"].get_content()


def test_without_a_mail_server_it_is_kept_and_can_be_read(app, session):
    register(make_event())
    work_once(app)
    assert states() == ["kept"]
    assert "You are registered" in db.session.query(Message).one().subject


def test_a_refusing_server_loses_nothing(app, session, smtp):
    register(make_event())
    smtp.answer = "451 Later"
    work_once(app)
    row = db.session.query(Message).one()
    assert (row.status, row.attempts) == ("queued", 1)
    assert "451" in row.error
    assert row.due_at > datetime.now(UTC)
    smtp.answer = "250 OK"
    db.session.query(Message).update({"due_at": datetime.now(UTC)})
    db.session.commit()
    work_once(app)
    assert states() == ["sent"]
    assert len(smtp.to("ana@example.org")) == 1


def test_a_refusal_for_good_fails_at_once_and_can_be_sent_again(app, session, smtp):
    register(make_event())
    smtp.answer = "550 No such person"
    work_once(app)
    assert states() == ["failed"]
    smtp.answer = "250 OK"
    outbox.send_again(
        db.session.query(Message).one().id, actor=Actor.system("test"), now=datetime.now(UTC)
    )
    db.session.commit()
    work_once(app)
    assert states() == ["sent"]


def test_a_server_that_is_away_is_tried_again(app, session):
    settings = app.config["EVENTSYS"]
    app.config["EVENTSYS"] = replace(settings, mail_url="smtp://127.0.0.1:9")
    try:
        register(make_event())
        work_once(app)
        assert states() == ["queued"]
    finally:
        app.config["EVENTSYS"] = settings


def test_what_a_dead_worker_had_claimed_is_delivered(app, session, smtp):
    register(make_event())
    outbox.claim(f"{HOST}:999999", now=datetime.now(UTC))
    db.session.commit()
    assert states() == ["sending"]
    assert work_once(app) == 1
    assert states() == ["sent"]


def test_a_claim_on_another_machine_is_left_until_its_lease_ends(app, session, smtp):
    register(make_event())
    outbox.claim("elsewhere:1", now=datetime.now(UTC))
    db.session.commit()
    assert work_once(app) == 0
    db.session.query(Message).update({"lease_until": datetime.now(UTC) - timedelta(seconds=1)})
    db.session.commit()
    assert work_once(app) == 1


def test_a_mail_tried_again_keeps_its_message_id(app, session, smtp):
    register(make_event())
    work_once(app)
    outbox.send_again(
        db.session.query(Message).one().id, actor=Actor.system("test"), now=datetime.now(UTC)
    )
    db.session.commit()
    work_once(app)
    first, second = smtp.to("ana@example.org")
    assert first["Message-ID"] == second["Message-ID"]


def test_delivery_takes_few_statements(app, session, smtp, count_queries):
    event = make_event()
    for number in range(10):
        register(event, f"p{number}@example.org")
    with count_queries() as counted:
        work_once(app)
    assert len(counted) / 10 <= 4
