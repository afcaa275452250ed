"""What is kept of a registration, and what a second try does."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from eventsys.audit.models import AuditEntry
from eventsys.core.db import db
from eventsys.core.tokens import digest
from eventsys.mail.models import Message
from eventsys.people.models import Consent, Person
from eventsys.registration.models import Registration
from eventsys.registration.operations.cancel import cancel
from eventsys.registration.queries.detail import find_by_link
from tests.factories.events import make_event
from tests.factories.registrations import ANA, register


def mails(to="ana@example.org"):
    return [
        row.template
        for row in db.session.query(Message).filter_by(to_address=to).order_by(Message.id)
    ]


def test_everything_said_is_kept_in_the_registration(session):
    event = make_event()
    outcome = register(event, "Ana@Example.org", first_name="فاطمة", last_name="الزهراء")
    row = db.session.get(Registration, outcome.registration_id)
    assert (row.first_name, row.last_name, row.email, row.email_key) == (
        "فاطمة",
        "الزهراء",
        "Ana@Example.org",
        "ana@example.org",
    )
    assert (row.gender, row.country, row.city_id, row.city_typed, row.city_status) == (
        "woman",
        "ES",
        3128760,
        "Barcelona",
        "resolved",
    )
    assert (row.status, row.payment, row.attended_at) == ("confirmed", "not_due", None)


def test_the_link_is_stored_as_a_digest_only(session):
    event = make_event()
    outcome = register(event)
    row = db.session.get(Registration, outcome.registration_id)
    assert row.link_digest == digest(outcome.link)
    assert outcome.link not in str(
        {column.name: getattr(row, column.name) for column in Registration.__table__.columns}
    )
    assert find_by_link(outcome.link.lower()).registration.id == row.id
    assert find_by_link(outcome.link[:-1] + ("A" if outcome.link[-1] != "A" else "B")) is None


def test_mail_consent_and_log_are_written_with_the_fact(session):
    event = make_event()
    outcome = register(event, photo_consent=True)
    assert mails() == ["registration/confirmed"]
    kinds = [
        (row.kind, row.text_version, row.language, row.subject)
        for row in db.session.query(Consent).order_by(Consent.id)
    ]
    assert kinds == [
        ("event", "test", "en", "event:summit"),
        ("photo", "test", "en", "event:summit"),
    ]
    line = db.session.query(AuditEntry).filter_by(action="registration.submit").one()
    assert (line.subject_id, line.event_id, line.facts) == (
        outcome.registration_id,
        event.id,
        {"status": "confirmed", "source": "web"},
    )


def test_a_second_try_is_answered_by_mail_and_tells_nothing(session):
    event = make_event()
    register(event)
    second = register(event, "ANA@example.org", first_name="Somebody", last_name="Else")
    assert (second.registration_id, second.status, second.link) == (None, None, None)
    assert mails() == ["registration/confirmed", "registration/existing"]
    assert db.session.query(Registration).one().first_name == "Ana"


def test_the_mail_with_the_link_is_sent_at_most_once_in_ten_minutes(session):
    event = make_event()
    start = datetime.now(UTC)
    for minute in (0, 1, 2, 12):
        register(event, now=start + timedelta(minutes=minute))
    assert mails() == ["registration/confirmed", "registration/existing", "registration/existing"]


def test_a_second_click_of_the_same_form_shows_the_same_page(session):
    event = make_event()
    first = register(event, submission_key="k1")
    assert register(event, submission_key="k1") == first
    assert mails() == ["registration/confirmed"]


def test_a_colleague_registered_from_the_same_form_is_a_registration_of_its_own(session):
    event = make_event()
    first = register(event, submission_key="k1")
    second = register(event, "bea@example.org", submission_key="k1")
    assert second.status == "confirmed"
    assert second.link != first.link


def test_after_cancelling_one_may_register_again(session):
    event = make_event()
    first = register(event)
    cancel(first.registration_id, window=None, actor=ANA, now=datetime.now(UTC))
    db.session.commit()
    again = register(event)
    assert again.status == "confirmed"
    assert again.registration_id != first.registration_id
    assert db.session.query(Person).count() == 1


def test_a_person_is_one_across_events_and_is_not_rewritten_by_a_form(session):
    register(make_event("one"))
    register(make_event("two"), first_name="Anna", last_name="N.")
    person = db.session.query(Person).one()
    assert (person.first_name, person.last_name) == ("Ana", "Ñandú")
