"""What an event costs, as the office sets it up."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from eventsys.core.db import db
from eventsys.events.queries import get_event, list_categories
from eventsys.registration.models import Fee, FeeCode, FeePlan, Price
from eventsys.registration.queries.fees import list_fees
from tests.factories.events import make_event
from tests.factories.fees import make_code, make_fee, make_plan
from tests.factories.registrations import register

HERE = "/office/events/summit/fees"


@pytest.fixture
def event(staff, session):
    return make_event("summit")


def fees_of(staff):
    with staff.app.app_context():
        return [
            (row.label.get("en"), row.amount, row.member, row.income_group)
            for row in list_fees(get_event("summit").id)
        ]


def plan_of(staff):
    db.session.rollback()
    return db.session.query(FeePlan).one()


def test_a_free_event_shows_no_trace_of_money(staff, event):
    # The office has payments of all events; this event has none.
    assert staff.get("/office/events/summit").texts("a").count("Payments") == 1
    assert "This event is free" in staff.get(HERE).main
    number = register(event).registration_id
    assert "fee" not in staff.get(f"/office/events/summit/participants/{number}").main.lower()


def test_an_event_begins_to_ask_for_money(staff, event):
    form = staff.get(staff.get(HERE).link("Ask for a fee"))
    page = staff.submit(
        form,
        {"currency": "mxn", "tax_rate": "5,5", "tax_text_es": "IVA", "tax_kind": "outside", "pay_hours": "48", "methods": ["bank"],
         "refund_until": "2031-05-01T12:00"},
    )  # fmt: skip
    assert page.status == 303
    plan = plan_of(staff)
    assert (plan.currency, plan.tax_rate, plan.tax_text) == ("MXN", 550, {"es": "IVA"})
    assert plan.tax_kind == "outside"
    assert (plan.pay_hours, plan.methods, plan.confirm_unpaid) == (48, ["bank"], False)
    shown = staff.get(staff.get(HERE).link("Change")).filled()
    assert (shown["currency"], shown["tax_rate"], shown["refund_until"]) == (
        "MXN",
        "5.5",
        "2031-05-01T12:00",
    )
    assert staff.get("/office/events/summit").texts("a").count("Payments") == 2


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"currency": "XXQ"}, "currency"),
        ({"tax_rate": "lots"}, "tax_rate"),
        ({"tax_kind": "none"}, "tax_kind"),
        ({"methods": None}, "methods"),
        ({"methods": ["magic"]}, "methods"),
        ({"pay_hours": "0"}, "pay_hours"),
        ({"pay_hours": ""}, "pay_hours"),
        ({"refund_percent": "101"}, "refund_percent"),
        ({"refund_until": "soon"}, "refund_until"),
    ],
)
def test_a_wrong_plan_is_named_next_to_the_field(staff, event, changes, field):
    page = staff.submit(staff.get(f"{HERE}/plan"), changes)
    assert page.status == 422
    assert page.text_by_id(f"{field}-error").startswith("Error: ")
    assert db.session.query(FeePlan).count() == 0


def test_the_currency_keeps_the_figures_and_stays_after_the_first_fee(staff, event):
    make_plan(event, 25_000)
    staff.submit(staff.get(f"{HERE}/plan"), {"currency": "JPY"})
    assert plan_of(staff).currency == "JPY"
    assert fees_of(staff) == [(None, 250, None, None)]
    register(event)
    page = staff.submit(staff.get(f"{HERE}/plan"), {"currency": "EUR"})
    assert "the currency stays" in page.text_by_id("currency-error")


def test_a_line_is_added_changed_moved_and_removed(staff, event):
    make_plan(event, 25_000)
    form = staff.get(f"{HERE}/new")
    staff.submit(
        form,
        {"label_en": "Early", "amount": "99.50", "member": "yes", "income_group": "low",
         "until": "2031-01-01T00:00", "category": "press"},
    )  # fmt: skip
    assert fees_of(staff) == [(None, 25_000, None, None), ("Early", 9_950, True, "low")]
    page = staff.get(HERE)
    assert "Low income" in page.main
    [countries] = page.texts("details")
    assert "Uganda" in countries
    assert "Nepal" not in countries
    early = page.link("Early")
    staff.submit(staff.get(early), {"amount": "80"})
    assert fees_of(staff)[1][1] == 8_000
    number = early.rpartition("/")[2]
    staff.submit(staff.get(HERE), action=f"/{number}/move")
    assert fees_of(staff)[0][0] == "Early"
    staff.submit(staff.get(HERE), action=f"/{number}/remove")
    assert fees_of(staff) == [(None, 25_000, None, None)]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"label_en": ""}, "label_en"),
        ({"label_en": "x" * 121}, "label_en"),
        ({"amount": ""}, "amount"),
        ({"amount": "-5"}, "amount"),
        ({"amount": "12.345"}, None),
        ({"income_group": "rich"}, "income_group"),
        ({"starts_at": "2031-01-02T00:00", "until": "2031-01-01T00:00"}, "until"),
    ],
)
def test_a_wrong_line_is_named_next_to_the_field(staff, event, changes, field):
    make_plan(event, 0)
    page = staff.submit(staff.get(f"{HERE}/new"), {"label_en": "Fee", "amount": "10", **changes})
    if field is None:  # a mark before three digits groups thousands
        assert fees_of(staff) == [("Fee", 1_234_500, None, None)]
        return
    assert page.status == 422
    assert page.text_by_id(f"{field}-error").startswith("Error: ")
    assert fees_of(staff) == []


def test_a_change_never_rewrites_what_was_frozen(staff, event):
    make_plan(event, 25_000)
    register(event)
    [fee] = db.session.query(Fee).all()
    staff.submit(staff.get(f"{HERE}/{fee.id}"), {"label_en": "Dearer", "amount": "400"})
    staff.submit(staff.get(HERE), action=f"/{fee.id}/remove")
    db.session.rollback()
    price = db.session.query(Price).one()
    assert (price.total, price.lines[0]["amount"]) == (25_000, 25_000)


def test_what_would_somebody_pay_today(staff, event):
    make_plan(event, 25_000)
    make_fee(event, 5_000, label={"en": "Solidarity"}, member=True, income_group="low", position=1)
    page = staff.get(f"{HERE}?member=yes&country=UG&category=delegate")
    assert "€50.00" in page.main
    assert "“Solidarity”" in page.main
    assert "Uganda: Low income" in page.main
    page = staff.get(f"{HERE}?member=no&country=UG")
    assert "€250.00" in page.main
    assert "Registration fee" in page.main


def test_times_are_on_the_clock_of_the_event(staff, session):
    event = make_event("summit", timezone="America/Mexico_City")
    make_plan(event, 0)
    staff.submit(
        staff.get(f"{HERE}/new"),
        {"label_en": "Early", "amount": "10", "until": "2031-01-01T00:00"},
    )
    [fee] = db.session.query(Fee).all()
    assert fee.until == datetime(2031, 1, 1, 6, tzinfo=UTC)


def test_many_codes_are_made_at_once(staff, event):
    make_plan(event)
    page = staff.submit(
        staff.get(f"{HERE}/codes/new"),
        {"number": "25", "code": "speaker", "kind": "percent", "value": "50", "note": "for Eva"},
    )
    assert "25 codes are made." in staff.follow(page).main
    codes = db.session.query(FeeCode).all()
    assert len({row.code for row in codes}) == 25
    assert {(row.kind, row.value, row.most, row.note) for row in codes} == {
        ("percent", 50, 1, "for Eva")
    }
    assert all(row.code.startswith("SPEAKER-") and len(row.code) == 15 for row in codes)


def test_a_code_with_a_word_of_ones_own(staff, event):
    make_plan(event)
    form = staff.get(f"{HERE}/codes/new")
    staff.submit(form, {"code": "vip press", "kind": "category", "category": "press", "most": ""})
    [code] = db.session.query(FeeCode).all()
    assert (code.code, code.kind, code.most) == ("VIPPRESS", "category", None)
    page = staff.submit(staff.get(f"{HERE}/codes/new"), {"code": "VIPPRESS"})
    assert "already" in page.text_by_id("code-error")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"kind": "magic"}, "kind"),
        ({"kind": "percent", "value": "0"}, "value"),
        ({"kind": "percent", "value": "101"}, "value"),
        ({"kind": "amount", "value": "many"}, "value"),
        ({"kind": "category"}, "category"),
        ({"number": "501"}, "number"),
        ({"most": "0"}, "most"),
        ({"code": "ä!"}, "code"),
    ],
)
def test_a_wrong_code_is_named_next_to_the_field(staff, event, changes, field):
    make_plan(event)
    page = staff.submit(staff.get(f"{HERE}/codes/new"), changes)
    assert page.status == 422
    assert page.text_by_id(f"{field}-error").startswith("Error: ")
    assert db.session.query(FeeCode).count() == 0


def test_a_used_code_stays_and_its_uses_are_not_taken_back(staff, event):
    make_plan(event)
    code = make_code(event, "GUEST", most=5)
    register(event, code="GUEST", shown_total=0)
    page = staff.get(f"{HERE}/codes")
    assert "1 of 5" in page.main
    assert not [form for form in page.all("form") if "/remove" in form.get("action", "")]
    refused = staff.post(f"{HERE}/codes/{code.id}/remove")
    assert "so it stays" in staff.follow(refused).main
    page = staff.submit(staff.get(f"{HERE}/codes/{code.id}"), {"most": "0"})
    assert page.status == 422
    assert staff.submit(staff.get(f"{HERE}/codes/{code.id}"), {"most": "1"}).status == 303


def test_an_event_is_made_free_again_until_somebody_has_a_fee(staff, event):
    make_plan(event)
    make_code(event)
    page = staff.follow(staff.submit(staff.get(f"{HERE}/remove")))
    assert "This event is free" in page.main
    assert db.session.query(Fee).count() + db.session.query(FeeCode).count() == 0
    make_plan(event)
    register(event)
    page = staff.follow(staff.post(f"{HERE}/remove"))
    assert "so it stays" in page.main
    assert db.session.query(FeePlan).count() == 1


def test_fees_and_codes_of_another_event_are_not_here(staff, event):
    other = make_event("other")
    make_plan(event)
    make_plan(other)
    fee, code = make_fee(other, 100), make_code(other)
    for path in (f"{fee.id}", f"codes/{code.id}"):
        assert staff.get(f"{HERE}/{path}").status == 404
        assert staff.post(f"{HERE}/{path}/remove").status == 404


@pytest.mark.parametrize(
    ("role", "status"),
    [("secretariat", 200), ("manager", 200), ("finance", 200), ("check-in", 403), ("viewer", 403)],
)
def test_who_may_say_what_an_event_costs(page, session, role, status):
    event = make_event("summit")
    make_plan(event)
    page.sign_in(role, event_id=None if role == "secretariat" else event.id)
    assert page.get(HERE).status == status


@pytest.mark.parametrize("language", ["en", "es", "fr"])
def test_pages_are_good_in_every_language(staff, event, language):
    staff.language = language
    assert staff.get(HERE).status == 200
    make_plan(event, confirm_unpaid=True, tax_rate=2_100, tax_text={"en": "VAT"})
    fee = make_fee(
        event, 100, label={"fr": "Tôt"}, category_id=list_categories(event.id)[0].id,
        starts_at=datetime.now(UTC) + timedelta(days=1), until=datetime.now(UTC) + timedelta(days=2),
        income_group="lower_middle", member=False,
    )  # fmt: skip
    code = make_code(event, "A-1", "amount", value=500, valid_until=datetime.now(UTC))
    for path in (
        "", "/plan", "/new", f"/{fee.id}", "/codes", "/codes/new", f"/codes/{code.id}", "/remove",
    ):  # fmt: skip
        assert staff.get(HERE + path).status == 200
