"""Members as of another day: who was one then, how many there were, and the same in the file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from eventsys.core.i18n import LANGUAGES
from tests.factories.members import make_member

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from tests.support.page import Client, Page

MEMBERS = "/office/members"


@pytest.fixture
def members(session: Session) -> None:
    make_member("Always", ("1990-01-01", None))
    make_member("Left", ("1990-01-01", "2010-01-01"))
    make_member("Joined", ("2015-06-01", None))
    make_member("Came back", ("1995-01-01", "2000-01-01"), ("2012-03-01", None))
    make_member("Never")


def shown(page: Page) -> dict[str, str]:
    """Give what the list says of each organisation."""
    return {row[0].removesuffix("City government"): row[-1] for row in page.rows()[1:]}


def test_the_list_counts_and_says_as_of_the_day(staff: Client, members: None) -> None:
    today = staff.get(MEMBERS)
    assert "Members today" in today.main
    assert today.texts("dd")[0] == "3"
    then = staff.get(f"{MEMBERS}?day=2009-12-31")
    assert "Members on 31 December 2009" in then.main
    assert "New in 2009" in then.main
    assert then.texts("dd")[0] == "2"
    assert shown(then) == {
        "Always": "since 1990",
        "Came back": "until 1 January 2000",
        "Joined": "only from 1 June 2015",
        "Left": "since 1990",
        "Never": "no period",
    }
    # The first day counts, the day of leaving does not.
    assert staff.get(f"{MEMBERS}?day=2010-01-01").texts("dd")[0] == "1"
    assert staff.get(f"{MEMBERS}?day=2012-03-01").texts("dd")[0] == "2"


def test_filters_and_file_keep_the_day(staff: Client, members: None) -> None:
    then = staff.get(f"{MEMBERS}?day=2009-12-31&state=current")
    assert set(shown(then)) == {"Always", "Left"}
    assert then.by_id("filter-day").get("value") == "2009-12-31"
    file = staff.get(then.link("Download")).body.decode("utf-8-sig").splitlines()
    assert [line.partition(",")[0] for line in file[1:]] == ["Always", "Left"]
    former = staff.get(f"{MEMBERS}?day=2009-12-31&state=former")
    assert set(shown(former)) == {"Came back"}


@pytest.mark.parametrize("day", ["", "x", "2009-13-01", "0001-01-01", "9999-12-31", "2009-12-31T10:00", "%00"])  # fmt: skip
def test_what_is_no_day_is_today_or_a_day(staff: Client, members: None, day: str) -> None:
    found = staff.get(f"{MEMBERS}?day={day}")
    assert found.status == 200
    assert ("Members today" in found.main) == (not day.startswith("2009-12"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_reads_well_in_each_language(staff: Client, members: None, language: str) -> None:
    staff.language = language
    assert staff.get(f"{MEMBERS}?day=2009-12-31").status == 200
