"""The log in the office."""

from __future__ import annotations

from dataclasses import fields

import pytest

from eventsys.audit.models import AuditEntry
from eventsys.audit.operations import record
from eventsys.core.actor import Actor
from eventsys.payments.rules.issuer import IssuerDraft
from eventsys.registration.models import Registration
from eventsys.registration.operations.documents import BUYER
from eventsys.registration.rules.fee_setup import CodeDraft, FeeDraft, PlanDraft
from eventsys.web.office.audit_facts import NAMES, facts_text
from eventsys.web.shared.clock import now
from tests.factories.events import make_event
from tests.factories.registrations import register

LEO = Actor("staff", 9, "Leo <b>")


def write(session, count, **more):
    for number in range(count):
        record(
            "events.edit",
            "event",
            number,
            actor=LEO,
            now=now(),
            facts={"capacity": {"from": 1, "to": number}},
            **more,
        )
    session.commit()


def test_the_log_says_who_did_what_in_words(staff, session):
    write(session, 1)
    page = staff.get("/office/audit")
    assert page.rows()[1][0].startswith("Event changed")
    assert page.rows()[1][2] == "Leo <b>staff"
    assert page.rows()[1][3] == "Number of places: 1 → 0"


def test_the_log_is_read_page_by_page(staff, session):
    write(session, 60)
    first = staff.get("/office/audit?area=events")
    assert len(first.rows()) == 51
    second = staff.get(first.link("Older entries"))
    assert len(second.rows()) == 11
    assert {row[0] for row in first.rows()[1:]}.isdisjoint(row[0] for row in second.rows()[1:])


def test_the_log_is_filtered(staff, session):
    write(session, 3)
    assert len(staff.get("/office/audit?who=LEO").rows()) == 4
    assert "Nothing here" in staff.get("/office/audit?who=nobody").main
    assert len(staff.get("/office/audit?area=events").rows()) == 4
    for query in (
        "area=%25",
        "who=%25_",
        "before=abc",
        "before=-1",
        "before=" + "9" * 40,
        "area=x'<b>",
    ):
        assert staff.get(f"/office/audit?{query}").status == 200


def test_the_log_of_an_event_holds_only_its_own(page, session):
    mine, other = make_event("mine"), make_event("other")
    write(session, 2, event_id=mine.id)
    write(session, 3, event_id=other.id)
    page.sign_in("manager", event_id=mine.id)
    assert len(page.get("/office/events/mine/log?area=events").rows()) == 3
    assert page.get("/office/events/other/log").status == 404
    assert page.get("/office/audit").status == 403


def test_an_entry_says_whom_it_is_about_and_leads_there(staff, session):
    outcome = register(make_event("mine"), first_name="Zoë", last_name="<Núñez>")
    page = staff.get("/office/audit?area=registration")
    row = page.rows()[1]
    assert row[0] == f"RegisteredRegistration {outcome.registration_id}"
    assert "Zoë <Núñez>" in row[3]
    assert page.link("Zoë <Núñez>") == (
        f"/en/office/events/mine/participants/{outcome.registration_id}"
    )


def test_a_name_stands_in_no_entry_so_that_it_can_be_erased(staff, session):
    outcome = register(make_event("mine"), first_name="Zoë", last_name="Núñez")
    record(
        "checkin.undo", "scan", None, actor=LEO, now=now(), facts={"registration": outcome.registration_id}
    )  # fmt: skip
    assert staff.get("/office/audit").main.count("Zoë Núñez") == 2
    assert not any("Zoë" in str(entry.facts) for entry in session.query(AuditEntry))
    session.query(Registration).update({"first_name": "", "last_name": ""})
    session.commit()
    page = staff.get("/office/audit?area=registration")
    assert "Zoë" not in page.main
    assert page.rows()[1][0] == f"RegisteredRegistration {outcome.registration_id}"


@pytest.mark.parametrize(
    ("facts", "text"),
    [
        ({}, ""),
        ({"a": {"from": None, "to": "x"}}, "a: – → x"),
        ({"a": ["b", "c"], "d": {"en": "e"}, "f": None, "g": ""}, "a: b, c · d: en e"),
        ({"a": "x" * 500}, "a: " + "x" * 199 + "…"),
        ({"status": "waiting", "source": "web"}, "Status: Waiting list · Came by: the public form"),
        (
            {"fields": ["job_title", "diet"], "counted": False},
            "Fields: Job title, diet · Counts as a participant in the figures: No",
        ),
        (
            {"country": "DE", "rung": "attended"},
            "Country or territory: Germany · Who is counted: Attended",
        ),
        (
            {"amount": 12_350, "currency": "EUR", "reason": "Speaker", "origin": "office"},
            "Amount: €123.50 · Reason: Speaker · Source: by the office",
        ),
        ({"amount": {"from": 500, "to": 700}, "currency": "JPY"}, "Amount: JP¥500 → JP¥700"),
        ({"currency": "EUR"}, "Currency: EUR"),
        ({"before": "due", "after": "paid"}, "Before: Payment due · After: Paid"),
    ],
)
def test_facts_stand_on_one_line(facts, text):
    assert facts_text(facts) == text


def test_the_log_speaks_the_language_of_the_reader(staff, session):
    write(session, 1)
    row = staff.get("/fr/office/audit").rows()[1]
    assert row[0].startswith("Événement modifié")
    assert row[3] == "Nombre de places : 1 → 0"


@pytest.mark.parametrize("draft", [IssuerDraft, PlanDraft, FeeDraft, CodeDraft])
def test_the_log_has_a_word_for_every_field_about_money(draft):
    assert {field.name for field in fields(draft)} <= set(NAMES)
    assert set(BUYER) <= set(NAMES)
