"""Roles are granted and taken; accounts are closed and opened."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from eventsys.accounts.errors import (
    AccountExists,
    LastSecretariat,
    LinkSpent,
    OwnAccount,
    UnknownRole,
    WeakPassword,
    WrongPassword,
)
from eventsys.accounts.operations.create import create_account, issue_link
from eventsys.accounts.operations.edit import edit_account
from eventsys.accounts.operations.roles import (
    close_account,
    grant_role,
    reopen_account,
    revoke_role,
)
from eventsys.accounts.operations.sign_in import change_password, open_session, set_password
from eventsys.accounts.queries import find_staff, list_event_grants, list_grants
from eventsys.accounts.rules import Permission
from eventsys.core.actor import Actor
from eventsys.core.errors import NotFound

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
SYSTEM = Actor.system("test")
PASSWORD = "four words in a row"


def account(email="eva@example.org", role="secretariat", **more):
    return create_account(email, role, actor=SYSTEM, now=NOW, **more)


def test_a_role_works_from_the_next_click(session):
    made, _ = account("leo@example.org", "viewer", event_id=5)
    token = open_session(made, now=NOW)
    assert not find_staff(token, now=NOW).may(Permission.EVENT_EDIT, 5)
    for _ in range(2):
        grant_role(made.id, "manager", 5, actor=SYSTEM, now=NOW)
    assert find_staff(token, now=NOW).may(Permission.EVENT_EDIT, 5)
    assert len(list_grants([made.id])) == 2


def test_a_role_that_is_taken_is_gone_at_once(session):
    account()
    made, _ = account("leo@example.org", "manager", event_id=5)
    token = open_session(made, now=NOW)
    [grant] = list_grants([made.id])
    revoke_role(made.id, grant.id, actor=SYSTEM, now=NOW)
    assert find_staff(token, now=NOW).grants == ()


def test_a_role_of_another_account_cannot_be_taken_through_this_one(session):
    eva, _ = account()
    leo, _ = account("leo@example.org", "manager", event_id=5)
    [grant] = list_grants([leo.id])
    with pytest.raises(NotFound):
        revoke_role(eva.id, grant.id, actor=SYSTEM, now=NOW)


@pytest.mark.parametrize(("role", "event_id"), [("queen", None), ("secretariat", 5)])
def test_a_role_that_does_not_exist_is_refused(session, role, event_id):
    made, _ = account()
    with pytest.raises(UnknownRole):
        grant_role(made.id, role, event_id, actor=SYSTEM, now=NOW)
    with pytest.raises(UnknownRole):
        account("leo@example.org", role, event_id=event_id)


def test_the_last_account_that_manages_accounts_stays(session):
    eva, _ = account()
    [grant] = list_grants([eva.id])
    with pytest.raises(LastSecretariat):
        revoke_role(eva.id, grant.id, actor=SYSTEM, now=NOW)
    with pytest.raises(LastSecretariat):
        close_account(eva.id, actor=SYSTEM, now=NOW)
    leo, _ = account("leo@example.org")
    close_account(leo.id, actor=SYSTEM, now=NOW)
    with pytest.raises(LastSecretariat):
        close_account(eva.id, actor=SYSTEM, now=NOW)


def test_nobody_closes_their_own_account(session):
    eva, _ = account()
    account("leo@example.org")
    with pytest.raises(OwnAccount):
        close_account(eva.id, actor=Actor("staff", eva.id, "Eva"), now=NOW)


def test_a_closed_account_ends_sessions_and_links_and_opens_again_as_it_was(session):
    account()
    leo, link = account("leo@example.org", "viewer")
    token = set_password(link, PASSWORD, now=NOW).token
    spare = issue_link(leo.id, actor=SYSTEM, now=NOW)
    close_account(leo.id, actor=SYSTEM, now=NOW)
    assert find_staff(token, now=NOW) is None
    with pytest.raises(LinkSpent):
        set_password(spare, PASSWORD, now=NOW)
    reopen_account(leo.id, actor=SYSTEM, now=NOW)
    assert find_staff(token, now=NOW) is None
    assert find_staff(open_session(leo, now=NOW), now=NOW).grants == (("viewer", None),)


def test_an_account_is_made_once_whatever_the_case(session):
    account()
    with pytest.raises(AccountExists):
        account("EVA@Example.org")


def test_a_new_password_signs_out_every_other_browser(session):
    made, link = account()
    phone = set_password(link, PASSWORD, now=NOW).token
    actor = Actor("staff", made.id, "Eva")
    with pytest.raises(WrongPassword):
        change_password(made.id, "not this one", "another long password", actor=actor, now=NOW)
    with pytest.raises(WeakPassword):
        change_password(made.id, PASSWORD, "short", actor=actor, now=NOW)
    laptop = change_password(made.id, PASSWORD, "another long password", actor=actor, now=NOW)
    assert find_staff(phone, now=NOW) is None
    assert find_staff(laptop, now=NOW).id == made.id
    assert find_staff(laptop, now=NOW + timedelta(days=2)) is None


def test_the_team_of_an_event_is_who_has_a_role_for_it_or_for_all(session):
    account()
    account("leo@example.org", "manager", event_id=5)
    account("ana@example.org", "viewer", event_id=6)
    assert [(made.email, grant.role) for grant, made in list_event_grants(5)] == [
        ("eva@example.org", "secretariat"),
        ("leo@example.org", "manager"),
    ]


def test_an_unknown_language_becomes_english(session):
    made, _ = account()
    edit_account(made.id, "Eva", "xx", actor=SYSTEM, now=NOW)
    assert (made.name, made.language) == ("Eva", "en")
