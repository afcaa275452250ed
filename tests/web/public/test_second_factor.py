"""Signing in with a second factor: two pages, and nothing is open between them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from eventsys.accounts.models import StaffSession
from eventsys.accounts.operations.create import issue_link
from eventsys.core.actor import Actor
from eventsys.web.public import sign_in as views
from eventsys.web.shared.clock import now
from tests.factories.accounts import PASSWORD, make_holder


@pytest.fixture
def eva(session):
    return make_holder(now())


def password_given(page, query=""):
    """Pass the first page; gives the second."""
    form = page.get(f"/sign-in{query}")
    sent = {**form.filled(), "email": "eva@example.org", "password": PASSWORD}
    answer = page.post(f"/sign-in{query}", sent)
    assert answer.status == 303
    assert answer.location.startswith("/en/sign-in/code")
    return page.follow(answer)


def test_password_then_code_leads_where_one_wanted_to_go(page, eva):
    form = password_given(page, "?next=/en/office/audit")
    [field] = [node for node in form.all("input") if node.get("name") == "code"]
    assert field.get("autocomplete") == "one-time-code"
    assert field.get("inputmode") == "numeric"
    answer = page.submit(form, {"code": eva.code(now())})
    assert (answer.status, answer.location) == (303, "/en/office/audit")
    assert page.get("/office/").status == 200


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example"])
def test_nobody_is_led_elsewhere(page, eva, target):
    form = password_given(page, f"?next={target}")
    assert page.submit(form, {"code": eva.code(now())}).location == "/en/office/"


def test_between_the_two_pages_nothing_is_open(page, eva, session):
    before = session.scalar(select(func.count(StaffSession.id)))
    password_given(page)
    for path in ("/office/", "/office/account", "/office/account/second-factor"):
        answer = page.get(path)
        assert answer.status == 302
        assert answer.location.startswith("/en/sign-in?next=")
    for path in (
        "/office/account",
        "/office/account/second-factor/off",
        "/office/account/sign-out-everywhere",
    ):
        assert page.post(path).location.startswith("/en/sign-in?next=")
    assert session.scalar(select(func.count(StaffSession.id))) == before


def test_a_wrong_code_is_said_and_the_right_one_still_works(page, eva):
    form = password_given(page)
    wrong = page.submit(form, {"code": "12"})
    assert wrong.status == 422
    assert "not right" in wrong.text_by_id("code-error")
    assert "Enter the code" in page.submit(wrong, {"code": ""}).text_by_id("code-error")
    assert page.submit(wrong, {"code": eva.code(now())}).status == 303


def test_a_code_that_was_seen_over_a_shoulder_is_worth_nothing(page, eva, new_client):
    code = eva.code(now())
    other = new_client()
    second = password_given(other)
    assert page.submit(password_given(page), {"code": code}).status == 303
    assert other.submit(second, {"code": code}).status == 422
    assert other.get("/office/").status == 302


def test_failed_codes_are_counted_although_the_answer_is_a_refusal(page, eva, monkeypatch):
    moment = now()
    monkeypatch.setattr(views, "now", lambda: moment)
    form = password_given(page)
    statuses = [page.submit(form, {"code": "12"}).status for _ in range(6)]
    assert statuses == [422] * 5 + [429]
    late = page.submit(form, {"code": eva.code(moment)})
    assert late.status == 429
    assert "Too many attempts" in late.text_by_id("code-error")


def test_after_five_minutes_one_begins_again(page, eva, monkeypatch):
    form = password_given(page)
    later = now() + timedelta(minutes=5, seconds=1)
    monkeypatch.setattr(views, "now", lambda: later)
    answer = page.submit(form, {"code": eva.code(later)})
    assert (answer.status, answer.location) == (303, "/en/sign-in")
    assert "within five minutes" in page.follow(answer).main
    assert page.get("/office/").status == 302


def test_the_pages_ask_nobody_who_gave_no_password(page, eva):
    for path in ("/sign-in/code", "/sign-in/recovery"):
        assert page.get(path).location == "/en/sign-in"
        assert page.post(path, {"code": eva.code(now())}).location == "/en/sign-in"


def test_a_recovery_code_replaces_the_app(page, eva):
    form = page.get(password_given(page).link("recovery code"))
    answer = page.submit(form, {"code": eva.codes[0].lower()})
    assert answer.location == "/en/office/"
    assert "9 recovery codes are left" in page.follow(answer).main


def test_a_link_for_a_new_password_asks_for_the_code_as_well(page, eva, session):
    link = issue_link(eva.account.id, actor=Actor.system("test"), now=now())
    answer = page.submit(page.get(f"/sign-in/{link}"), {"password": "another long password"})
    assert answer.location == "/en/sign-in/code"
    assert page.get("/office/").status == 302
    assert page.submit(page.follow(answer), {"code": eva.code(now())}).location == "/en/office/"


@pytest.mark.parametrize("path", ["/sign-in/code", "/sign-in/recovery"])
def test_the_forms_need_their_token(page, eva, path):
    password_given(page)
    answer = page.post(path, {"code": eva.code(now())}, csrf=False)
    assert answer.status == 422
    assert page.get("/office/").status == 302


@pytest.mark.parametrize("language", ["en", "es", "fr"])
def test_the_pages_are_good_in_every_language(page, eva, language):
    password_given(page)
    page.language = language
    for path in ("/sign-in/code", "/sign-in/recovery"):
        assert page.get(path).status == 200
        assert page.submit(page.last, {"code": "12"}).status == 422
