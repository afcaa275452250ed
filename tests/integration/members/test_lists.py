"""What others ask of the register."""

from __future__ import annotations

from datetime import date

import pytest

from eventsys.members.queries import is_member_on
from tests.factories.members import make_member


@pytest.mark.parametrize(
    ("day", "kind", "expected"),
    [
        (date(2021, 1, 1), "member", True),
        (date(2019, 12, 31), "member", False),
        (date(2023, 1, 1), "member", False),
        # A partner has a period, too, and pays no member's fee.
        (date(2021, 1, 1), "partner", False),
    ],
)
def test_member_as_of_a_day(session, day, kind, expected):
    made = make_member("Barcelona", ("2020-01-01", "2023-01-01"), kind=kind)
    assert is_member_on(made.id, day) is expected
