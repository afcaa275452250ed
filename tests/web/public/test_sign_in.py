"""Staff sign in and out."""

from __future__ import annotations

import pytest

from eventsys.accounts.operations.create import create_account
from eventsys.core.actor import Actor
from eventsys.web.shared.clock import now

PASSWORD = "four words in a row"


@pytest.fixture
def link(session):
    _account, token = create_account(
        "eva@example.org", "secretariat", actor=Actor.system("test"), now=now(), name="Eva"
    )
    return f"/sign-in/{token}"


def test_a_new_member_of_staff_sets_a_password_and_is_in(page, link):
    answer = page.submit(page.get(link), {"password": PASSWORD})
    assert answer.status == 303
    assert page.follow(answer).url.startswith("/en/office")


def test_the_link_works_once(page, link, new_client):
    page.submit(page.get(link), {"password": PASSWORD})
    assert new_client().get(link).status == 410


def test_a_short_password_is_refused_in_words(page, link):
    answer = page.submit(page.get(link), {"password": "short"})
    assert answer.status == 422
    assert "at least 12 characters" in answer.main


def test_a_wrong_password_says_nothing_about_the_account(page, link, new_client):
    page.submit(page.get(link), {"password": PASSWORD})
    visitor = new_client()
    known = visitor.submit(
        visitor.get("/sign-in"), {"email": "eva@example.org", "password": "wrong wrong wrong"}
    )
    unknown = visitor.submit(
        visitor.get("/sign-in"), {"email": "nobody@example.org", "password": "wrong wrong wrong"}
    )
    assert known.status == unknown.status == 422
    assert known.main.replace("eva@", "nobody@") == unknown.main


def test_signing_in_leads_where_one_wanted_to_go_but_not_elsewhere(page, link, new_client):
    page.submit(page.get(link), {"password": PASSWORD})
    for wanted, leads in (
        ("/en/office/audit", "/en/office/audit"),
        ("https://evil.example/", "/en/office/"),
    ):
        visitor = new_client()
        form = visitor.get("/sign-in", query_string={"next": wanted})
        answer = visitor.post(
            f"/sign-in?next={wanted}",
            {**form.filled(), "email": "EVA@example.org", "password": PASSWORD},
        )
        assert answer.location == leads


@pytest.mark.parametrize("language", ["en", "es", "fr"])
def test_the_form_needs_its_token(page, language):
    page.language = language
    answer = page.post("/sign-in", {"email": "a@b.example", "password": "x"}, csrf=False)
    assert answer.status in {400, 422}


def test_the_office_sends_visitors_to_the_sign_in(page):
    answer = page.get("/office/")
    assert answer.status == 302
    assert answer.location.startswith("/en/sign-in?next=")


def test_signing_out_ends_the_session(staff):
    assert staff.get("/office/").status == 200
    staff.post("/sign-out")
    assert staff.get("/office/").status == 302
