"""The hash that stands in for an unknown account costs as much to verify as a real one."""

from __future__ import annotations

from argon2 import PasswordHasher

from eventsys.accounts.operations.sign_in import NOBODY, matches


def test_the_stand_in_has_the_parameters_of_today_and_no_useful_password():
    assert not PasswordHasher().check_needs_rehash(NOBODY)
    assert not matches(NOBODY, "")
