"""The main job in a real browser: Ana registers on her phone, Dia lets her in, Eva has the report."""

from __future__ import annotations

import re

import pytest

from tests.factories.checkin import make_device
from tests.factories.events import make_event
from tests.support.browser import axe

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


def register(page):
    """Find the event in the calendar and fill in the form; gives the code for the door."""
    page.goto("/en/")
    page.get_by_role("link", name="Metropolitan Summit").click()
    page.get_by_role("link", name="Register", exact=True).click()
    assert axe(page) == []
    page.get_by_label("Given names").fill("Ana")
    page.get_by_label("Family name").fill("Ñandú")
    page.get_by_label("Email address").fill("ana@example.org")
    page.get_by_text("Woman", exact=True).click()
    page.get_by_label("Country or territory").select_option("ES")
    page.get_by_label("City or metropolitan area").fill("Barcelona")
    page.get_by_text("Delegate", exact=True).click()
    page.get_by_label("I have read the privacy notice").check(force=True)
    page.get_by_role("button", name="Register").click()
    page.get_by_text("You are registered.").wait_for()
    assert axe(page) == []
    return re.sub(r"\s", "", page.locator(".code").first.inner_text())


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_person_registers_on_a_phone(session, new_context, scripts):
    make_event()
    page = new_context(javascript=scripts, **PHONE).new_page()
    if scripts:
        assert len(register(page)) == 8
        return
    page.goto("/en/events/summit/register")
    for label, value in {
        "Given names": "Ana",
        "Email address": "ana@example.org",
        "City or metropolitan area": "Barcelona",
    }.items():
        page.get_by_label(label).fill(value)
    page.get_by_text("Woman", exact=True).click()
    page.get_by_label("Country or territory").select_option("ES")
    page.get_by_text("Delegate", exact=True).click()
    page.get_by_label("I have read the privacy notice").check(force=True)
    page.get_by_role("button", name="Register").click()
    page.get_by_text("You are registered.").wait_for()


def test_from_the_calendar_to_the_report(session, new_context, sign_in_browser):
    event = make_event()
    token = make_device(event, "Door 1")
    code = register(new_context(**PHONE).new_page())

    helper = new_context(**PHONE).new_page()
    helper.goto(f"/en/desk#{token}")
    helper.locator("#start-without").click()
    helper.get_by_role("button", name="Type code").click()
    helper.get_by_label("The 8 characters").fill(code)
    helper.get_by_role("button", name="Check").click()
    helper.locator("#verdict[data-result=admitted]").wait_for()

    office = new_context()
    sign_in_browser(office)
    eva = office.new_page()
    eva.goto("/en/office/events/summit/statistics")
    assert axe(eva) == []
    text = eva.locator("main").inner_text()
    assert "1" in text
    assert "Barcelona" in text
    for ending, start in (("csv", b"\xef\xbb\xbf"), ("xlsx", b"PK"), ("pdf", b"%PDF")):
        answer = eva.request.get(f"/en/office/events/summit/statistics/figures.{ending}")
        assert answer.status == 200
        assert answer.body().startswith(start)
    for language, words in (("es", "España"), ("fr", "Espagne")):
        eva.goto(f"/{language}/office/events/summit/statistics")
        assert words in eva.locator("main").inner_text()
        assert axe(eva) == []
