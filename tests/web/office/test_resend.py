"""A form of the office that comes too late keeps what was typed, and is never sent for another site."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from wtforms import PasswordField

from eventsys.events.queries import list_categories
from eventsys.web.shared.access import SESSION_KEY
from eventsys.web.shared.forms import Form
from eventsys.web.shared.resend import SECRET_FIELDS
from tests.factories.events import make_event

if TYPE_CHECKING:
    from collections.abc import Iterator

OWN = {"Sec-Fetch-Site": "same-origin"}
TYPED = {
    "name_es": "Prensa «ñ»",
    "name_en": '"><script>x</script>',
    "hint_en": "one\r\ntwo",
    "code": "guests",
    "colour": "#0a5a7a",
    "counted": "y",
}
NEW = "/office/events/summit/categories/new"


@pytest.fixture
def summit(session):
    return make_event(slug="summit")


def form_of(page):
    return {name: page.filled()[name] for name in page.filled() if name != "csrf_token"}


def added(event):
    return list_categories(event.id)[-1].name["es"]


@pytest.mark.parametrize(
    ("language", "heading", "button"),
    [
        ("en", "The page was open too long", "Send again"),
        ("es", "La página estuvo abierta demasiado tiempo", "Reenviar"),
        ("fr", "La page est restée ouverte trop longtemps", "Renvoyer"),
    ],
)
def test_a_stale_form_comes_back_with_everything_and_one_press_sends_it(
    staff, summit, language, heading, button
):
    staff.language = language
    kept = staff.post(NEW, {**TYPED, "csrf_token": "stale"}, headers=OWN)
    assert (kept.status, kept.h1) == (400, heading)
    assert kept.headers["Cache-Control"] == "no-store"
    assert kept.filled()["name_es"] == TYPED["name_es"]
    assert kept.filled()["name_en"] == TYPED["name_en"]
    assert button in kept.texts("button")
    assert kept.form().get("action") == f"/{language}{NEW}"
    assert staff.submit(kept).status == 303
    assert added(summit) == TYPED["name_es"]


def test_repeated_fields_and_the_query_of_the_address_are_kept(staff, summit):
    kept = staff.post(f"{NEW}?back=1", {"name_en": ["one", "two"], "csrf_token": ""}, headers=OWN)
    assert form_of(kept) == {"name_en": ["one", "two"]}
    assert kept.form().get("action") == f"/en{NEW}?back=1"


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Referer": "https://evil.example/localhost"},
    ],
)
def test_what_another_site_put_together_is_not_offered(staff, summit, headers):
    answer = staff.post(NEW, {**TYPED, "csrf_token": "stale"}, headers=headers)
    assert answer.status == 400
    assert "Prensa" not in answer.html
    assert not [form for form in answer.all("form") if form.get("method") == "post"]


def test_a_browser_that_only_tells_the_origin_is_served_too(staff, summit):
    answer = staff.post(NEW, {**TYPED, "csrf_token": "x"}, headers={"Origin": "http://localhost"})
    assert answer.filled()["name_es"] == TYPED["name_es"]


def test_passwords_are_never_given_back_and_the_page_says_so(staff):
    fields = {"old": "a secret one", "new": "a secret two", "csrf_token": "stale"}
    answer = staff.post("/office/account", fields, headers=OWN)
    assert answer.status == 400
    assert "secret" not in answer.html
    assert "Passwords are not kept" in answer.main


def test_a_file_has_to_be_chosen_again_and_the_page_says_so(staff, summit):
    fields = {"file": (io.BytesIO(b"name\nAna\n"), "people.csv"), "csrf_token": "stale"}
    answer = staff.post("/office/events/summit/import", fields, headers=OWN)
    assert answer.status == 400
    assert "Files cannot be kept" in answer.main
    assert staff.submit(answer).status == 422


def test_a_session_that_ended_loses_nothing_that_was_typed(staff, summit, new_client):
    shown = staff.get(NEW)
    token = shown.filled()["csrf_token"]
    with staff._client.session_transaction() as held:
        del held[SESSION_KEY]
    kept = staff.post(NEW, {**TYPED, "csrf_token": token}, headers=OWN)
    assert (kept.status, kept.h1) == (403, "You were signed out")
    assert kept.link("Sign in again").startswith("/en/sign-in")
    assert kept.filled()["name_es"] == TYPED["name_es"]
    staff.sign_in(email="again@example.org")
    assert staff.submit(kept, headers=OWN).status == 303
    assert added(summit) == TYPED["name_es"]


def test_a_foreign_form_without_a_session_leads_to_the_sign_in(page, summit):
    token = page.get("/sign-in").filled()["csrf_token"]
    answer = page.post(NEW, {**TYPED, "csrf_token": token}, headers={"Sec-Fetch-Site": "none"})
    assert answer.location.startswith("/en/sign-in?next=")


def _forms(base: type) -> Iterator[type]:
    for made in base.__subclasses__():
        yield made
        yield from _forms(made)


def test_every_password_field_of_the_product_is_secret(app):
    names = {
        name
        for form in _forms(Form)
        if form.__module__.startswith("eventsys.")
        for name, field in vars(form).items()
        if getattr(field, "field_class", None) is PasswordField
    }
    assert {"password", "old", "new"} <= names
    assert names <= SECRET_FIELDS
