"""Staff accounts in the office."""

from __future__ import annotations

import pytest

from eventsys.accounts.operations.create import create_account
from eventsys.accounts.operations.sign_in import set_password
from eventsys.accounts.queries import find_account, list_grants
from eventsys.core.actor import Actor
from eventsys.web.shared.clock import now
from tests.factories.events import make_event

PASSWORD = "four words in a row"


def invite(staff, **fields):
    form = staff.get("/office/accounts/new")
    return staff.submit(
        form, {"email": "leo@example.org", "name": "Leo", "role": "manager", **fields}
    )


def test_a_colleague_gets_a_link_that_is_shown_once_and_works_once(staff, new_client):
    page = invite(staff)
    assert page.status == 200
    [url] = page.texts("code")
    leo = new_client()
    path = url.removeprefix("http://localhost")
    assert leo.follow(leo.submit(leo.get(path), {"password": PASSWORD})).status == 200
    assert leo.get(path).status == 410
    assert url not in staff.get("/office/accounts").html


def test_the_same_address_twice_is_refused(staff):
    invite(staff)
    page = invite(staff, email="LEO@Example.org")
    assert page.status == 422
    assert "account with this email address already" in page.text_by_id("email-error")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"email": ""}, "email"),
        ({"email": "nobody"}, "email"),
        ({"email": "x" * 300 + "@example.org"}, "email"),
        ({"role": "queen"}, "role"),
        ({"event": "77"}, "event"),
        ({"event": "x"}, "event"),
        ({"name": "x" * 201}, "name"),
    ],
)
def test_a_wrong_field_is_named_next_to_it(staff, changes, field):
    page = invite(staff, **changes)
    assert page.status == 422
    assert page.text_by_id(f"{field}-error").startswith("Error: ")
    with staff.app.app_context():
        assert find_account("leo@example.org") is None


def test_the_role_secretariat_is_never_for_one_event(staff, session):
    event = make_event("summit")
    page = invite(staff, role="secretariat", event=str(event.id))
    assert "is for all events" in page.text_by_id("event-error")


def test_roles_are_given_and_taken_away(staff, session):
    event = make_event("summit")
    invite(staff)
    leo = find_account("leo@example.org")
    url = f"/office/accounts/{leo.id}"
    page = staff.follow(
        staff.submit(staff.get(url), {"role": "check-in", "event": str(event.id)}, action="#roles")
    )
    assert "Check-in (Metropolitan Summit)" in page.main
    grant = list_grants([leo.id])[-1]
    page = staff.follow(staff.submit(page, action=f"/roles/{grant.id}/remove"))
    assert "Check-in (Metropolitan Summit)" not in page.main


def test_a_grant_of_another_account_is_not_taken_through_this_one(staff):
    invite(staff)
    with staff.app.app_context():
        eva, leo = find_account("eva@example.org"), find_account("leo@example.org")
        [grant] = list_grants([eva.id])
        path = f"/office/accounts/{leo.id}/roles/{grant.id}/remove"
    staff.get("/office/accounts/new")
    assert staff.post(path).status == 404


def test_a_closed_account_is_out_at_once(staff, new_client):
    leo = new_client()
    account_id = leo.sign_in(email="leo@example.org")
    assert leo.get("/office/").status == 200
    page = staff.get(f"/office/accounts/{account_id}")
    page = staff.follow(staff.submit(page, action="/close"))
    assert "The account is closed" in page.main
    assert leo.get("/office/").status == 302
    page = staff.follow(staff.submit(page, action="/reopen"))
    assert "open again" in page.main


def test_one_does_not_close_oneself_nor_give_away_the_last_key(staff):
    with staff.app.app_context():
        eva = find_account("eva@example.org").id
        [grant] = list_grants([eva])
        grant_id = grant.id
    page = staff.get(f"/office/accounts/{eva}")
    assert "Close the account" not in page.main
    assert (
        "cannot close the account" in staff.follow(staff.post(f"/office/accounts/{eva}/close")).main
    )
    page = staff.follow(staff.post(f"/office/accounts/{eva}/roles/{grant_id}/remove"))
    assert "last account that can manage accounts" in page.main


def test_a_new_link_is_made_for_who_forgot_the_password(staff, new_client):
    invite(staff)
    with staff.app.app_context():
        leo_id = find_account("leo@example.org").id
    page = staff.submit(staff.get(f"/office/accounts/{leo_id}"), action="/link")
    [url] = page.texts("code")
    assert new_client().get(url.removeprefix("http://localhost")).status == 200


def test_the_team_of_an_event(staff, session):
    event = make_event("summit")
    invite(staff, role="viewer")
    leo = find_account("leo@example.org")
    form = staff.get("/office/events/summit/team")
    page = staff.follow(staff.submit(form, {"account": str(leo.id), "role": "manager"}))
    assert ["Leoleo@example.org", "Manager", "This event", "Take away Leo"] in page.rows()
    for wrong in (
        {"account": "999", "role": "manager"},
        {"account": str(leo.id), "role": "secretariat"},
        {"account": "", "role": ""},
    ):
        assert staff.submit(form, wrong).status == 422
    assert [grant.event_id for grant in list_grants([leo.id])] == [None, event.id]


def test_ones_own_name_language_and_password(page, session):
    account, link = create_account(
        "eva@example.org", "viewer", actor=Actor.system("test"), now=now(), name="Eva"
    )
    set_password(link, PASSWORD, now=now())
    session.commit()
    page.follow(
        page.submit(page.get("/sign-in"), {"email": "eva@example.org", "password": PASSWORD})
    )
    own = page.get("/office/account")
    token = own.filled()["csrf_token"]
    done = page.follow(
        page.post("/office/account", {"name": "Eva Núñez", "language": "es", "csrf_token": token})
    )
    assert "Saved." in done.main
    wrong = page.post(
        "/office/account", {"old": "not it", "new": "another long password", "csrf_token": token}
    )
    assert "not your present password" in wrong.text_by_id("old-error")
    weak = page.post("/office/account", {"old": PASSWORD, "new": "short", "csrf_token": token})
    assert "at least 12 characters" in weak.text_by_id("new-error")
    good = page.post(
        "/office/account", {"old": PASSWORD, "new": "another long password", "csrf_token": token}
    )
    assert page.follow(good).status == 200
    session.refresh(account)
    assert (account.name, account.language) == ("Eva Núñez", "es")


def test_only_the_secretariat_manages_accounts(page, session):
    event = make_event("summit")
    page.sign_in("manager", event_id=event.id)
    for path in ("/accounts", "/accounts/new", "/accounts/1", "/events/summit/team"):
        assert page.get(f"/office{path}").status == 403
    assert page.get("/office/account").status == 200


@pytest.mark.parametrize("language", ["en", "es", "fr"])
def test_pages_are_good_in_every_language(staff, session, language):
    make_event("summit")
    staff.language = language
    for path in ("/accounts", "/accounts/new", "/accounts/1", "/account", "/events/summit/team"):
        assert staff.get(f"/office{path}").status == 200
