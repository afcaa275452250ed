"""Paid or not in the list of participants: who sees it, what it says, and that a free event says nothing."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from eventsys.core.actor import Actor
from eventsys.core.db import db
from eventsys.core.i18n import LANGUAGES
from eventsys.files.sheets import read_table
from eventsys.registration.operations.cancel import cancel
from eventsys.registration.operations.office_fee import HandPayment, record_by_hand
from eventsys.registration.queries.integrity import find_faults
from tests.factories.events import make_event
from tests.factories.fees import make_code, make_plan
from tests.factories.registrations import register
from tests.factories.tables import import_table

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from eventsys.events.models import Event
    from tests.support.page import Client, Page

LIST = "/office/events/summit/participants"
FINA = Actor("staff", None, "Fina")
NOW = datetime.now(UTC)
# Name: what came of a fee of 250 euros.
CAME = {"owes": 0, "half": 10_000, "paid": 25_000, "more": 30_000}
SHOWN = {
    "early": "–",
    "guest": "Fee waived",
    "half": "Paid in part",
    "left": "To send back",
    "more": "Paid To send back",
    "owes": "Payment due",
    "paid": "Paid",
}


@pytest.fixture
def event(session: Session) -> Event:
    """Give an event with a fee and one person in each state of money."""
    made = make_event()
    register(made, "early@example.org", first_name="early")
    make_plan(made, confirm_unpaid=True)
    make_code(made)
    register(made, "guest@example.org", first_name="guest", code="GUEST")
    for name, came in {**CAME, "left": 25_000}.items():
        number = register(made, f"{name}@example.org", first_name=name).registration_id
        if came:
            money = HandPayment(came, "bank", name)
            record_by_hand(number, money, actor=FINA, now=NOW)
        if name == "left":
            cancel(number, window=None, actor=FINA, now=NOW)
    db.session.commit()
    assert find_faults() == []
    return made


def payments(shown: Page) -> dict[str, str]:
    """Give what the list says of each person's fee, by given name."""
    where = shown.rows()[0].index("Payment")
    return {
        row[0].split()[0]: " ".join(row[where].split()) for row in shown.rows() if "@" in row[0]
    }


def test_the_list_says_of_everybody_whether_they_have_paid(staff: Client, event: Event) -> None:
    assert payments(staff.get(LIST)) == SHOWN


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("due", ["half", "owes"]),
        ("paid", ["left", "more", "paid"]),
        ("to_refund", ["left", "more"]),
        ("waived", ["guest"]),
        ("not_due", ["early"]),
        ("nonsense", sorted(SHOWN)),
    ],
)
def test_the_list_can_be_narrowed_to_one_state(
    staff: Client, event: Event, asked: str, found: list[str]
) -> None:
    assert list(payments(staff.get(f"{LIST}?payment={asked}"))) == found


def test_a_helper_at_the_door_sees_paid_or_not_and_no_more(page: Client, event: Event) -> None:
    page.sign_in("check-in", event_id=event.id)
    shown = page.get(LIST)
    assert payments(shown) == {
        **SHOWN, "half": "Payment due", "more": "Paid", "left": "Paid",
    }  # fmt: skip
    choices = shown.text_by_id("filter-payment")
    assert "Paid" in choices
    assert "To send back" not in choices
    assert "€" not in shown.main
    # Asked for all the same, it is not answered.
    assert len(payments(page.get(f"{LIST}?payment=to_refund"))) == len(SHOWN)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_free_event_shows_no_trace_of_money(
    staff: Client, session: Session, language: str
) -> None:
    register(make_event())
    staff.language = language
    plain = staff.get(LIST)
    assert "filter-payment" not in {node.get("id") for node in plain.all("select")}
    words = {"en": "payment", "es": "pago", "fr": "paiement"}
    assert words[language] not in plain.main.casefold()
    # An address that somebody kept from another event is no filter here.
    assert len([row for row in staff.get(f"{LIST}?payment=paid").rows() if "@" in row[0]]) == 1
    (row,) = table_of(staff)
    assert not [head for head in row if words[language] in head.casefold()]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_list_with_fees_reads_well_in_each_language(
    staff: Client, event: Event, language: str
) -> None:
    staff.language = language
    assert staff.get(f"{LIST}?payment=due").status == 200


def table_of(staff: Client, **fields: str) -> list[dict[str, str]]:
    staff.get(LIST)
    sent = staff.post(f"{LIST}/export", {"form": "csv", **fields})
    return list(csv.DictReader(io.StringIO(sent.body.decode("utf-8-sig"))))


def test_the_files_say_it_too_and_hold_who_is_listed(staff: Client, event: Event) -> None:
    said = {row["First name"]: row["Payment"] for row in table_of(staff)}
    assert said == {**SHOWN, "early": "", "more": "Paid, To send back"}
    assert {row["First name"] for row in table_of(staff, payment="to_refund")} == {"left", "more"}
    workbook = staff.post(f"{LIST}/export", {"form": "xlsx", "payment": "due"})
    rows = [row.values for row in read_table(workbook.body).rows]
    assert {row["First name"]: row["Payment"] for row in rows} == {
        "half": "Paid in part", "owes": "Payment due",
    }  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_file_with_payments_can_be_imported_and_changes_no_payment(
    staff: Client, event: Event, language: str
) -> None:
    staff.language = language
    staff.get(LIST)
    sent = staff.post(f"{LIST}/export", {"form": "csv", "payment": "paid"})
    survey, done = import_table(event, sent.body)
    assert (survey.rejected, done.created) == ([], 0)
    staff.language = "en"
    assert payments(staff.get(LIST)) == SHOWN


def test_payments_cost_no_statement_per_row(
    staff: Client, event: Event, count_queries: Any
) -> None:
    def statements() -> int:
        with count_queries() as queries:
            staff.get(LIST)
        return len(queries)

    before = statements()
    for number in range(30):
        register(event, f"p{number}@example.org")
    assert statements() == before
    assert before <= 15
