"""Mails and background work in the office: what failed stands first and can be tried again."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select, update

from eventsys.audit.models import AuditEntry
from eventsys.core.db import db
from eventsys.jobs.models import Job
from eventsys.mail.models import Message
from tests.factories.events import make_event
from tests.factories.registrations import register

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from tests.support.page import Client


def settle(**values: object) -> int:
    """Put the latest mail into a state by hand; gives its id."""
    number = db.session.scalars(select(Message.id).order_by(Message.id.desc())).first()
    db.session.execute(update(Message).where(Message.id == number).values(**values))
    db.session.commit()
    return number or 0


def status(number: int) -> str:
    db.session.expire_all()
    return db.session.get_one(Message, number).status


@pytest.fixture
def failed(session: Session) -> int:
    event = make_event()
    register(event, "first@example.org")
    register(event)
    return settle(
        status="failed", error="SMTPRecipientsRefused: 550 no such user", attempts=1, subject="You are registered",
        body_text="Dear Ana,\n<b>welcome</b>", body_html="<p onclick='x()'>Dear Ana</p>", sent_at=datetime.now(UTC),
    )  # fmt: skip


def test_nothing_yet_is_said(staff: Client, session: Session) -> None:
    assert "No mail here" in staff.get("/office/messages").main
    assert "Nothing yet" in staff.get("/office/jobs").main


def test_failed_mails_stand_first_and_all_can_be_seen(staff: Client, failed: int) -> None:
    shown = staff.get("/office/messages")
    assert "You are registered" in shown.main
    assert "first@example.org" not in shown.main
    assert "first@example.org" in staff.get("/office/messages?status=all").main
    assert staff.get("/office/messages?status=nonsense&before=x").status == 200


def test_a_mail_is_shown_as_text_and_its_html_only_as_a_file_that_can_do_nothing(
    staff: Client, failed: int
) -> None:
    shown = staff.get(f"/office/messages/{failed}")
    assert "&lt;b&gt;welcome" in shown.html
    assert "550 no such user" in shown.main
    staff.lint = False
    sent = staff.get(shown.link("Download the HTML"))
    assert sent.headers["Content-Disposition"].startswith("attachment")
    assert sent.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")


def test_what_is_attached_is_named_in_the_language_of_the_reader(
    staff: Client, failed: int
) -> None:
    kinds = [{"kind": kind, "registration_id": 1} for kind in ("badge", "calendar", "qr")]
    number = settle(attachments=kinds)
    assert "Acreditación, Calendario, Código" in staff.get(f"/es/office/messages/{number}").main


def test_a_mail_is_sent_again_once_for_two_clicks(staff: Client, failed: int) -> None:
    shown = staff.get(f"/office/messages/{failed}")
    done = staff.submit(shown, action="/again")
    assert status(failed) == "queued"
    assert "queued again" in staff.follow(done).main
    assert "on its way already" in staff.follow(staff.submit(shown, action="/again")).main
    assert (
        db.session.scalars(select(AuditEntry.action).where(AuditEntry.subject_id == failed))
        .all()
        .count("mail.send_again")
        == 1
    )


def test_a_manager_sees_the_mails_of_the_own_event_only(page: Client, failed: int) -> None:
    other = make_event("other")
    register(other, "stranger@example.org")
    foreign = settle(status="failed")
    summit = db.session.get_one(Message, failed).event_id
    page.sign_in("manager", event_id=summit)
    assert "You are registered" in page.get("/office/events/summit/messages").main
    assert page.get(f"/office/events/summit/messages/{failed}").status == 200
    assert page.get(f"/office/events/summit/messages/{foreign}").status == 404
    assert page.get("/office/events/other/messages").status == 404
    assert page.get("/office/messages").status == 403
    assert page.get(f"/office/messages/{failed}").status == 403
    page.submit(page.get(f"/office/events/summit/messages/{failed}"), action="/again")
    assert status(failed) == "queued"
    page.get("/office/events/summit/participants")
    assert page.post(f"/office/events/summit/messages/{foreign}/again").status == 404
    assert status(foreign) == "failed"


def test_failed_work_is_shown_and_tried_again(staff: Client, session: Session) -> None:
    now = datetime.now(UTC)
    session.add(Job(name="registration.promote", arguments={}, status="failed", attempts=8, due_at=now, created_at=now,
                    finished_at=now, error="OperationalError: away"))  # fmt: skip
    session.commit()
    assert "1 piece of background work failed." in staff.get("/office/messages").main
    shown = staff.get("/office/jobs")
    assert "OperationalError: away" in shown.main
    done = staff.submit(shown, action="/retry")
    assert "queued again" in staff.follow(done).main
    session.expire_all()
    assert session.scalars(select(Job.status)).one() == "queued"


@pytest.mark.parametrize("language", ["es", "fr"])
def test_the_pages_read_well_in_each_language(staff: Client, failed: int, language: str) -> None:
    staff.language = language
    for path in (
        "/office/messages",
        f"/office/messages/{failed}",
        "/office/jobs",
        "/office/events/summit/messages",
    ):
        assert staff.get(path).status == 200
