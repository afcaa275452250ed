"""Another address on the own page: it changes when the mail to it is opened, and nobody learns who comes."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa

from eventsys.core.db import db
from eventsys.mail.models import Message
from eventsys.registration.models import Registration
from tests.factories.events import make_event
from tests.factories.registrations import register
from tests.web.public.test_registration import send

ASKED = "We have written to %s. The address of your registration changes"


@pytest.fixture
def own(page, session):
    make_event()
    return page.follow(send(page))


def wish(page, own, address, **more):
    return page.submit(page.get(own.link("Change")), {"email": address, **more})


def addresses():
    db.session.rollback()
    return sorted(db.session.scalars(sa.select(Registration.email)))


def mails():
    db.session.rollback()
    return [
        (row.template, row.to_address) for row in db.session.query(Message).order_by(Message.id)
    ]


def link_to(address, worker):
    worker()
    query = sa.select(Message).where(Message.template == "registration/address")
    (mail,) = [row for row in db.session.scalars(query) if row.to_address == address]
    link = re.search(r"http\S+/address/\S+", mail.body_text)
    assert link is not None
    assert link[0] in mail.body_html.replace("&amp;", "&")
    parts = urlsplit(link[0])
    return f"{parts.path}?{parts.query}"


def test_it_changes_with_the_button_in_the_mail(page, own, worker):
    asked = page.follow(wish(page, own, "new+2@example.org", job_title="Mayor"))
    assert ASKED % "new+2@example.org" in asked.main
    assert "Your changes are kept." in asked.main
    assert addresses() == ["ana@example.org"]
    shown = page.get(link_to("new+2@example.org", worker))
    assert "we write to new+2@example.org, no longer to ana@example.org" in shown.main
    done = page.follow(page.submit(shown))
    assert "Your changes are kept." in done.main
    assert addresses() == ["new+2@example.org"]
    assert mails()[-1] == ("registration/changed", "new+2@example.org")
    # The second click, and the link once more, lead to the own page.
    assert page.submit(shown).status == 303
    assert page.get(shown.url).status == 303


def test_a_link_is_no_way_to_find_out_who_is_registered(page, own):
    """The answer to a stranger with a link is the same, word for word."""
    register(db.session.query(Registration).one().event_id and make_event("other"))
    send(page, email="bea@example.org")
    answers = []
    for address in ("bea@example.org", "nobody@example.org"):
        answer = wish(page, own, address)
        assert (answer.status, answer.location) == (303, urlsplit(own.url).path)
        answers.append(page.follow(answer).main.replace(address, "ADDRESS"))
    assert answers[0] == answers[1]
    assert mails()[-2:] == [
        ("registration/existing", "bea@example.org"),
        ("registration/address", "nobody@example.org"),
    ]


def test_after_five_tries_nobody_else_is_written_to(page, own):
    for number in range(5):
        assert wish(page, own, f"p{number}@example.org").status == 303
    before = mails()
    for tried in ("ana2@example.org", "nobody@example.org"):
        answer = wish(page, own, tried)
        assert answer.status == 429
        assert "Please wait fifteen minutes" in answer.text_by_id("email-error")
        assert answer.filled()["email"] == tried
    assert mails() == before


def test_the_same_address_in_other_letters_is_taken_at_once(page, own):
    assert "Your changes are kept." in page.follow(wish(page, own, "Ana@example.org")).main
    assert addresses() == ["Ana@example.org"]


def test_a_forged_or_spent_link_changes_nothing(page, own, worker):
    for address in ("one@example.org", "two@example.org"):
        wish(page, own, address)
    one, two = link_to("one@example.org", worker), link_to("two@example.org", worker)
    for forged in (one.replace("one%40", "six%40"), one.replace("/address/", "/address/x")):
        assert page.get(forged).status == 410
    shown = page.get(one)
    page.submit(page.get(two))
    refused = page.submit(shown)
    assert refused.status == 410
    assert "This link does not hold any more" in refused.main
    assert addresses() == ["two@example.org"]


def test_an_address_that_was_registered_meanwhile_is_told_to_its_owner(page, own, worker):
    wish(page, own, "new@example.org")
    shown = page.get(link_to("new@example.org", worker))
    send(page, email="new@example.org")
    refused = page.submit(shown)
    assert refused.status == 422
    assert "This address has a registration of its own" in refused.main
    assert addresses() == ["ana@example.org", "new@example.org"]


def test_after_cancelling_the_link_changes_nothing(page, own, worker):
    wish(page, own, "new@example.org")
    shown = page.get(link_to("new@example.org", worker))
    page.submit(page.get(own.link("Cancel my registration")))
    assert page.submit(shown).status == 422
    assert addresses() == ["ana@example.org"]
