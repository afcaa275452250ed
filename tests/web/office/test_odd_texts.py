"""Characters that a database cannot hold never become an error of the server."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.factories.events import make_event
from tests.factories.registrations import register
from tests.factories.tables import registered

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from tests.support.page import Client

LIST = "/office/events/summit/participants"


@pytest.mark.parametrize("field", ["q", "country", "status", "category", "sort", "page"])
@pytest.mark.parametrize("value", ["%00", "a%00b", "%ff%fe", "%ED%A0%80"])
def test_a_list_can_be_asked_anything(
    staff: Client, session: Session, field: str, value: str
) -> None:
    register(make_event())
    assert staff.get(f"{LIST}?{field}={value}").status == 200


@pytest.mark.parametrize("path", ["/events/%00", "/office/events/a%00b", f"{LIST}/%00"])
def test_a_path_with_nul_leads_nowhere(staff: Client, session: Session, path: str) -> None:
    make_event()
    assert staff.get(path).status == 404


def test_a_static_name_longer_than_a_file_can_have_leads_nowhere(staff: Client) -> None:
    assert staff.get(f"/static/{'x' * 5000}").status == 404
    assert staff.get("/static/css/main.css").status == 200


def test_nul_in_a_form_is_left_out_and_the_rest_is_kept(staff: Client, session: Session) -> None:
    register(make_event())
    person = registered()
    shown = staff.get(f"{LIST}/{person.id}")
    saved = staff.submit(shown, {"note": "wheel\0chair"}, action="/note")
    assert saved.status == 303
    session.expire_all()
    assert registered().note == "wheelchair"


@pytest.mark.parametrize("number", ["2147483648", "9223372036854775808", "9" * 400])
def test_a_number_that_no_row_can_have_leads_nowhere(
    staff: Client, session: Session, number: str
) -> None:
    make_event()
    assert staff.get(f"{LIST}/{number}").status == 404
    assert staff.get(f"/office/messages?before={number}").status in {200, 400}
