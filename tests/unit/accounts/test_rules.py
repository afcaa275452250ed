"""Roles and what they permit."""

from __future__ import annotations

import pytest

from eventsys.accounts.rules import PERMISSIONS, Permission, Role, permits

HERE, ELSEWHERE = 1, 2


def test_the_secretariat_may_everything_everywhere():
    assert all(permits([("secretariat", None)], item, HERE) for item in Permission)
    assert all(permits([("secretariat", None)], item, None) for item in Permission)


@pytest.mark.parametrize("role", [Role.MANAGER, Role.FINANCE, Role.CHECK_IN, Role.VIEWER])
def test_a_role_for_one_event_ends_at_its_door(role):
    grants = [(role.value, HERE)]
    for permission in Permission:
        allowed = permission in PERMISSIONS[role]
        assert permits(grants, permission, HERE) is allowed
        assert not permits(grants, permission, ELSEWHERE)
        # Without an event such a role opens the office, and nothing in it.
        assert permits(grants, permission, None) is (permission is Permission.OFFICE)


def test_only_the_secretariat_manages_accounts_members_and_places():
    for permission in (
        Permission.ACCOUNTS,
        Permission.MEMBERS,
        Permission.PLACES,
        Permission.EVENTS_CREATE,
    ):
        assert [role for role in Role if permission in PERMISSIONS[role]] == [Role.SECRETARIAT]


def test_a_viewer_sees_no_persons():
    assert Permission.PARTICIPANTS_VIEW not in PERMISSIONS[Role.VIEWER]


def test_nobody_without_a_role_may_anything():
    assert not any(permits([], item, HERE) for item in Permission)


def test_finance_stands_apart_from_the_manager_and_the_door():
    moves = [role for role in Role if Permission.PAYMENTS_EDIT in PERMISSIONS[role]]
    assert moves == [Role.SECRETARIAT, Role.FINANCE]
    sees = [role for role in Role if Permission.PAYMENTS_VIEW in PERMISSIONS[role]]
    assert sees == [Role.SECRETARIAT, Role.MANAGER, Role.FINANCE]
    assert not PERMISSIONS[Role.FINANCE] & {
        Permission.PARTICIPANTS_EDIT,
        Permission.EVENT_EDIT,
        Permission.CHECK_IN,
    }
