"""One's own second factor in the office, the setting that asks everybody for one, and the reset."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from eventsys.accounts.operations.sign_in import sign_in
from eventsys.accounts.queries import find_account, find_second_factor
from eventsys.core.db import db
from eventsys.mail.models import Message
from eventsys.web.office import second_factor as views
from eventsys.web.shared.access import SESSION_KEY
from eventsys.web.shared.clock import now
from tests.factories.accounts import PASSWORD, app_code, make_holder
from tests.factories.checkin import badge, make_guest
from tests.factories.events import make_event


@pytest.fixture
def eva(session):
    return make_holder(now())


@pytest.fixture
def inside(page, eva):
    """Give a browser that is signed in with both factors."""
    page.submit(page.get("/sign-in"), {"email": "eva@example.org", "password": PASSWORD})
    page.submit(page.get("/sign-in/code"), {"code": eva.codes[9]})
    return page


@pytest.fixture
def required(app):
    """Make the second factor a duty."""
    before = app.config["EVENTSYS"]
    app.config["EVENTSYS"] = replace(before, second_factor="required")
    yield
    app.config["EVENTSYS"] = before


def secret_of(page):
    return page.texts("code")[0]


def enrol(client):
    form = client.get("/office/account/second-factor")
    return client.submit(form, {"code": app_code(secret_of(form), now())})


def test_setting_it_up(staff):
    own = staff.get("/office/account")
    form = staff.get(own.link("Set up the second factor"))
    assert '<div class="pass-code"><svg' in form.html
    assert "no-store" in form.headers["Cache-Control"]
    assert secret_of(staff.get("/office/account/second-factor")) == secret_of(form)
    wrong = staff.submit(form, {"code": "12"})
    assert wrong.status == 422
    assert secret_of(wrong) == secret_of(form)
    done = staff.submit(wrong, {"code": app_code(secret_of(form), now())})
    codes = done.texts("code")
    assert (done.status, len(codes)) == (200, 10)
    shown = staff.get("/office/account/second-factor")
    assert "10" in shown.main
    assert not [code for code in codes if code in shown.html]
    assert "app is asked for" in staff.get("/office/account").main


def test_the_codes_come_as_text_too_and_only_ones_own(staff, new_client):
    done = enrol(staff)
    file = staff.submit(done, action="codes.txt")
    assert file.headers["Content-Disposition"] == 'attachment; filename="recovery-codes.txt"'
    assert file.response.mimetype == "text/plain"
    text = file.response.text
    assert "eva@example.org" in text
    assert [line for line in text.splitlines() if line in done.texts("code")] == done.texts("code")
    assert staff.submit(done, {"codes": "FREE-BEER-FREE-BEER"}, action="codes.txt").status == 403
    other = new_client()
    other.sign_in(email="leo@example.org")
    other.get("/office/account")
    assert other.post("/office/account/second-factor/codes.txt").status == 403


def test_new_recovery_codes_and_turning_off_ask_for_both_factors(inside, eva):
    for path in ("codes", "off"):
        form = inside.get(f"/office/account/second-factor/{path}")
        wrong = inside.submit(form, {"password": "wrong", "code": eva.code(now())})
        assert "not your present password" in wrong.text_by_id("password-error")
        wrong = inside.submit(form, {"password": PASSWORD, "code": "12"})
        assert "not right" in wrong.text_by_id("code-error")


def test_guessing_from_inside_is_counted_too(inside, eva, monkeypatch):
    moment = now() + timedelta(hours=1)
    monkeypatch.setattr(views, "now", lambda: moment)
    form = inside.get("/office/account/second-factor/off")
    wrong = {"password": "wrong", "code": "12"}
    assert [inside.submit(form, wrong).status for _ in range(5)] == [422] * 5
    late = inside.submit(form, {"password": PASSWORD, "code": eva.code(moment)})
    assert late.status == 429
    assert "Too many" in late.text_by_id("code-error")


def test_new_recovery_codes(inside, eva):
    form = inside.get("/office/account/second-factor/codes")
    made = inside.submit(form, {"password": PASSWORD, "code": eva.code(now())})
    assert made.status == 200
    assert len(made.texts("code")) == 10
    assert not set(made.texts("code")) & set(eva.codes)


def test_turning_it_off(inside, eva, session):
    form = inside.get("/office/account/second-factor/off")
    answer = inside.submit(form, {"password": PASSWORD, "code": eva.codes[0]})
    assert "turned off" in inside.follow(answer).main
    session.expire_all()
    assert find_second_factor(eva.account.id) is None
    for path in ("codes", "off"):
        assert inside.get(f"/office/account/second-factor/{path}").location == (
            "/en/office/account/second-factor"
        )


def test_signing_out_everywhere(staff, new_client, app):
    other = new_client()
    with staff._client.session_transaction() as cookie:
        token = cookie[SESSION_KEY]
    with other._client.session_transaction() as cookie:
        cookie[SESSION_KEY] = token
    assert other.get("/office/").status == 200
    answer = staff.submit(staff.get("/office/account"), action="sign-out-everywhere")
    assert "signed out on all devices" in staff.follow(answer).main
    assert other.get("/office/").status == 302
    assert staff.get("/office/").status == 302


def test_where_it_is_required_nothing_else_can_be_done_before(staff, session, required):
    event = make_event("summit")
    code = badge(make_guest(event, "ana@example.org")).rpartition("/")[2]
    path = f"/b/{code}"
    for address in ("/office/", "/office/account", "/office/accounts", "/office/events/summit"):
        answer = staff.get(address)
        assert (answer.status, answer.location) == (302, "/en/office/account/second-factor")
    form = staff.get("/office/account/second-factor")
    assert "everybody who works in the office" in form.main
    assert "Accounts" not in form.texts("a")
    name = {"name": "Changed", "language": "fr"}
    assert staff.post("/office/account", name).location == "/en/office/account/second-factor"
    assert find_account("eva@example.org").name == "Eva"
    assert staff.get(path).status == 200
    assert "Accounts" in enrol(staff).texts("a")
    assert staff.get("/office/").status == 200
    assert "/office/events/summit/participants/" in staff.get(path).location


def test_who_must_set_it_up_can_sign_out_instead(staff, required):
    form = staff.get("/office/account/second-factor")
    assert staff.submit(form, action="sign-out").status == 303
    assert staff.get("/office/").location.startswith("/en/sign-in")


def test_where_it_is_required_turning_off_leads_back_to_setting_up(inside, eva, required):
    form = inside.get("/office/account/second-factor/off")
    assert "asked at once" in form.main
    answer = inside.submit(form, {"password": PASSWORD, "code": eva.codes[0]})
    assert inside.follow(answer).url == "/en/office/account/second-factor"


def test_the_secretariat_takes_it_off_a_colleagues_account(staff, session, worker):
    leo = make_holder(now(), "leo@example.org", "viewer", "es")
    page = staff.get(f"/office/accounts/{leo.account.id}")
    assert "on since" in page.main
    page = staff.follow(staff.submit(page, action="second-factor/reset"))
    assert "told by mail" in page.main
    assert "Take the second factor off" not in page.main
    worker()
    db.session.rollback()
    message = db.session.scalars(select(Message)).one()
    assert "segundo factor" in message.subject
    assert "/es/office/account/second-factor" in message.body_text
    assert "cuenta de gestión" in message.body_html
    assert "inscripción" not in message.body_html
    settings = staff.app.config["EVENTSYS"]
    assert sign_in("leo@example.org", PASSWORD, settings=settings, address="", now=now()).complete
    assert "Second factor taken off" in staff.get(f"/office/messages/{message.id}").main
    assert "Second factor of another account taken off" in staff.get("/office/audit").main


def test_nobody_resets_their_own_nor_one_that_is_not_there(inside, eva, session):
    own = f"/office/accounts/{eva.account.id}"
    assert "Take the second factor off" not in inside.get(own).main
    answer = inside.post(f"{own}/second-factor/reset")
    assert "with your password and a code" in inside.follow(answer).main
    assert find_second_factor(eva.account.id) is not None


def test_only_the_secretariat_resets(page, session):
    leo = make_holder(now(), "leo@example.org", "viewer")
    event = make_event("summit")
    page.sign_in("manager", event_id=event.id)
    page.get("/office/account")
    path = f"/office/accounts/{leo.account.id}/second-factor/reset"
    assert page.post(path).status == 403
    assert page.post("/office/accounts/777/second-factor/reset").status == 403


@pytest.mark.parametrize("language", ["en", "es", "fr"])
def test_pages_are_good_in_every_language(inside, eva, language):
    inside.language = language
    for path in ("", "/codes", "/off"):
        assert inside.get(f"/office/account/second-factor{path}").status == 200
    assert inside.get("/office/account").status == 200
    form = inside.get("/office/account/second-factor/codes")
    made = inside.submit(form, {"password": PASSWORD, "code": eva.codes[0]})
    assert made.status == 200
    assert inside.submit(made, action="codes.txt").status == 200
