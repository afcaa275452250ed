"""Pages about money on a phone, by night, by keyboard and on paper: all of the office's, and the payer's."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import cycle

import pytest

from eventsys.core.actor import Actor
from eventsys.core.db import db
from eventsys.payments.models import BankLine
from eventsys.payments.operations.bank import store_lines
from eventsys.payments.operations.refund import request_refund
from eventsys.payments.queries.bank import plan_bank
from eventsys.payments.rules.documents import DocumentKind
from eventsys.payments.rules.movements import Movement, Statement
from eventsys.registration.operations.documents import ask_document
from tests.factories.documents import BUYER, make_account, make_issuer
from tests.factories.events import make_event
from tests.factories.fees import make_code, make_fee, make_money, make_plan
from tests.factories.registrations import register
from tests.journeys.test_look import PALE_BORDERS, SMALL_TARGETS
from tests.support.browser import axe

ACTOR = Actor.system("test")
LONG = "Verwaltungsgemeinschaftsvorsitzendenversammlung"
EVENT = "/office/events/<slug>"
ONE = f"{EVENT}/payments/<int:registration_id>"
PAGES = [
    f"{EVENT}/fees",
    f"{EVENT}/fees/<int:fee_id>",
    f"{EVENT}/fees/codes",
    f"{EVENT}/fees/codes/<int:code_id>",
    f"{EVENT}/fees/codes/new",
    f"{EVENT}/fees/new",
    f"{EVENT}/fees/plan",
    f"{EVENT}/fees/remove",
    f"{EVENT}/payments",
    f"{EVENT}/payments/bill",
    f"{EVENT}/payments/cases",
    f"{EVENT}/payments/cases/<int:case_id>",
    f"{EVENT}/payments/income",
    f"{EVENT}/payments/open",
    f"{EVENT}/payments/refunds",
    f"{EVENT}/documents",
    ONE,
    f"{ONE}/category",
    f"{ONE}/change",
    f"{ONE}/documents",
    f"{ONE}/record",
    f"{ONE}/refund/<int:payment_id>",
    f"{ONE}/take-back/<int:payment_id>",
    f"{ONE}/waive",
    "/office/documents",
    "/office/issuer",
    "/office/payments",
    "/office/payments/accounts",
    "/office/payments/accounts/<int:bank_account_id>",
    "/office/payments/accounts/<int:bank_account_id>/remove",
    "/office/payments/accounts/new",
    "/office/payments/bank",
    "/office/payments/bank/<int:line_id>",
    "/office/payments/bank/import",
    "/office/payments/cases",
    "/office/payments/cases/<int:case_id>",
    "/office/payments/income",
    "/office/payments/open",
    "/office/payments/refunds",
    "/office/payments/stripe",
]
# Files, and addresses of buttons that lead back to the page of the button.
NO_PAGE = (".pdf", ".xml", "/ledger", "<any(")
FOCUS = """() => {
  const e = document.activeElement, s = getComputedStyle(e);
  return e === document.body || s.outlineStyle !== 'none' || s.boxShadow !== 'none';
}"""


def make_world():
    """Somebody with a long name who has paid a part and is disputed, with papers, codes, transfers."""
    event = make_event(
        title={"en": LONG, "es": LONG, "fr": LONG}, contact_email="money@example.org"
    )
    # Before there is a fee: somebody to be billed late.
    register(event, "early@example.org", last_name=LONG)
    make_plan(event, tax_rate=1600, confirm_unpaid=True)
    make_issuer()
    account = make_account(
        currency="EUR", reach="listed", countries=("CI", "KE"), bank_name=LONG, bank_address=LONG, iban="",
        number="12345678901234567890/123456-12345", code_kind="transit", code="00012003", intermediary=LONG,
    )  # fmt: skip
    make_fee(
        event, 10_000, position=1, income_group="low", label={"en": LONG},
        until=datetime.now(UTC) + timedelta(days=9),
    )  # fmt: skip
    make_code(
        event, "A-LONG-CODE-OF-THIRTY-LETTERS-1", "percent", value=50, most=1, used=1, note="محمد"
    )
    person = register(event, first_name="محمد عبد الرحمن", last_name=LONG, organisation=LONG)
    money = make_money(event, person.registration_id)
    request_refund(
        money["payment_id"], 1_000, origin="office", reason=f"{LONG} {LONG}", actor=ACTOR, now=datetime.now(UTC),
    )  # fmt: skip
    for kind in (DocumentKind.PRO_FORMA, DocumentKind.INVOICE):
        ask_document(
            person.registration_id, kind, BUYER, actor=ACTOR, now=datetime.now(UTC), by_person=False
        )
    payer = f"Ayuntamiento de {LONG}"
    lines = [Movement(date(2026, 11, 3), 15_000, "EUR", payer, f"{LONG} {LONG}")]
    store_lines(plan_bank(Statement("CSV", lines)), actor=ACTOR, now=datetime.now(UTC))
    # As the worker leaves what no reference says.
    line = db.session.query(BankLine).one()
    line.status = "open"
    db.session.commit()
    values = {"slug": event.slug, "registration_id": person.registration_id, "line_id": line.id}
    values["bank_account_id"] = account.id
    return {**values, **money}, person.link


def address(rule, values):
    """Fill in the address of a page."""
    for name, value in values.items():
        rule = rule.replace(f"<int:{name}>", str(value)).replace(f"<{name}>", str(value))
    return rule


@pytest.fixture
def office(new_context, session, sign_in_browser):
    # Colours that fade from day to night would be looked at halfway.
    context = new_context(viewport={"width": 360, "height": 740}, reduced_motion="reduce")
    sign_in_browser(context)
    return context.new_page()


def test_no_page_about_money_is_left_out(app):
    words = ("/fees", "/payments", "/documents", "/issuer")
    found = {
        rule.rule
        for rule in app.url_map.iter_rules()
        if "GET" in rule.methods
        and rule.rule.startswith("/office/")
        and any(word in rule.rule for word in words)
        and not any(part in rule.rule for part in NO_PAGE)
    }
    assert found == set(PAGES)


@pytest.mark.parametrize(("rule", "language"), list(zip(PAGES, cycle(("en", "es", "fr")))))
def test_a_page_about_money_is_good_on_a_phone_by_day_and_by_night(office, rule, language):
    values, _ = make_world()
    office.goto(f"/{language}{address(rule, values)}")
    assert office.evaluate("document.documentElement.scrollWidth") <= 360
    assert office.evaluate(SMALL_TARGETS) == []
    assert office.evaluate(PALE_BORDERS) == []
    assert axe(office) == []
    office.emulate_media(color_scheme="dark")
    assert axe(office) == []


@pytest.mark.parametrize("page", ["fees/plan", "fees/new", "fees/codes/new"])
def test_a_refused_form_leads_to_what_is_wrong(office, watch, page):
    watch.expect("422")
    values, _ = make_world()
    office.goto(address(f"/fr{EVENT}/{page}", values))
    for box in office.locator("main input[type=text], main input:not([type])").all():
        box.fill("abc!")
    office.locator("main form button[type=submit]").last.click()
    office.locator("#error-summary").wait_for()
    assert axe(office) == []
    office.keyboard.press("Tab")
    office.keyboard.press("Enter")
    assert office.evaluate("document.activeElement.getAttribute('aria-invalid')") == "true"


def test_paper_says_of_which_event_and_which_days_and_has_no_forms(office, session):
    values, _ = make_world()
    office.set_viewport_size({"width": 690, "height": 900})
    office.emulate_media(media="print")
    office.goto(address(f"/en{EVENT}/payments/income?since=2026-01-01", values))
    assert office.get_by_text(LONG).first.is_visible()
    assert office.get_by_text("Period: 1 January 2026 – …").is_visible()
    for gone in (".tabs", ".filters", ".export", ".foot", ".main-nav", ".sub ul"):
        assert not office.locator(gone).first.is_visible(), gone
    for path in (f"{EVENT}/payments/income", f"{EVENT}/documents", f"{EVENT}/payments", ONE):
        office.goto(address(f"/fr{path}", values))
        assert office.evaluate("document.documentElement.scrollWidth") <= 690, path
        assert (
            office.locator("thead").first.evaluate("e => getComputedStyle(e).position") == "static"
        )


# ------------------------------------------------------------------------------- whoever pays
@pytest.mark.parametrize("language", ["en", "es", "fr"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_own_page_and_its_documents_are_good_on_a_phone(
    new_context, session, stripe, language, scheme
):
    _, link = make_world()
    page = new_context(viewport={"width": 320, "height": 740}, color_scheme=scheme).new_page()
    for path in (f"registrations/{link}", f"registrations/{link}/documents", "events/summit"):
        page.goto(f"/{language}/{path}")
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, path
        assert page.evaluate(SMALL_TARGETS) == []
        assert page.evaluate(PALE_BORDERS) == []
        assert axe(page) == []


def test_first_the_button_then_the_transfer_then_the_badge(browser_page, session, stripe):
    _, link = make_world()
    browser_page.goto(f"/en/registrations/{link}")
    tops = [
        found.first.bounding_box()["y"]
        for found in (
            browser_page.get_by_text("To pay: €160.00"),
            browser_page.get_by_role("button", name="Pay online"),
            browser_page.get_by_role("heading", name="Pay by bank transfer"),
            browser_page.get_by_text("Show this code at the entrance"),
        )
    ]
    assert tops == sorted(tops)


def test_paper_for_the_bank_has_the_transfer_and_no_button(browser_page, session, stripe):
    _, link = make_world()
    browser_page.emulate_media(media="print")
    browser_page.goto(f"/en/registrations/{link}")
    assert browser_page.get_by_text("ES91 2100 0418 4502 0005 1332").is_visible()
    assert not browser_page.get_by_role("heading", name="Pay online").is_visible()


def test_the_check_page_and_a_wrong_code(new_context, session, watch):
    watch.expect("422")
    event = make_event()
    make_plan(event, pay_hours=720)
    make_code(event, "HALF", "percent", value=50)
    page = new_context(viewport={"width": 360, "height": 740}).new_page()
    fill_in(page, code="WRONG")
    page.get_by_label("Email address").fill("nobody")
    page.locator("main form button[type=submit]").last.click()
    summary = page.locator("#error-summary")
    summary.wait_for()
    assert summary.locator("li").count() == 2
    page.wait_for_function("document.activeElement.id === 'error-summary'")
    assert axe(page) == []
    summary.get_by_role("link", name="code").click()
    assert page.evaluate("document.activeElement.id") == "code"
    page.keyboard.press("Control+A")
    page.keyboard.type("half")
    page.get_by_label("Email address").fill("ana@example.org")
    page.locator("main form button[type=submit]").last.click()
    page.get_by_text("Your place is held for 30 days.").wait_for()
    assert page.get_by_text("€125.00", exact=True).is_visible()
    assert page.evaluate(SMALL_TARGETS) == []
    assert axe(page) == []


def fill_in(page, code=""):
    """Fill in the form by pointing, up to the button."""
    page.goto("/en/events/summit/register")
    page.get_by_label("Given names").fill("Ana")
    page.get_by_label("Email address").fill("ana@example.org")
    page.get_by_text("Woman", exact=True).click()
    page.get_by_label("Country or territory").select_option("ES")
    page.get_by_label("City or metropolitan area").fill("Barcelona")
    page.get_by_text("Delegate", exact=True).click()
    page.locator("#code").fill(code)
    page.get_by_label("I have read the privacy notice").check(force=True)


def test_the_whole_way_to_a_paid_place_by_keyboard_alone(
    browser_page, session, stripe, watch, worker
):
    """Tab, letters, space and Enter lead from the event to the payment; the focus can be seen at every stop."""
    post = stripe.post

    def post_and_work(body, signature):
        status = post(body, signature)
        worker()
        return status

    stripe.post, stripe.at_once = post_and_work, True
    watch.allow(stripe.url)
    make_plan(make_event())
    page = browser_page

    def tab_to(selector):
        for _ in range(60):
            page.keyboard.press("Tab")
            assert page.evaluate(FOCUS), page.evaluate("document.activeElement.outerHTML")
            if page.evaluate("s => document.activeElement.matches(s)", selector):
                return
        pytest.fail(f"the keyboard does not reach {selector}")

    page.goto("/en/events/summit")
    tab_to(".hero .button")
    page.keyboard.press("Enter")
    page.get_by_label("Given names").wait_for()
    for selector, keys in (
        ("#first_name", "Ana"), ("#email", "ana@example.org"), ("#gender-0", " "), ("#country", "Spa"),
        ("#city", "Barcelona"), ("[name=category]", " "), ("#code", ""), ("#consent", " "),
    ):  # fmt: skip
        tab_to(selector)
        page.keyboard.type(keys)
        if selector == "#city":
            page.keyboard.press("Escape")
    tab_to("main form .actions button")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Check your answers").wait_for()
    tab_to("[name=step][value=send]")
    page.keyboard.press("Enter")
    page.get_by_text("To pay: €250.00").wait_for()
    tab_to(".pay button")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Metropolitan Summit").wait_for()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_text("Your payment has arrived. Thank you.").wait_for()


def test_a_first_visit_to_a_form_with_fees_is_as_light_as_any(new_context, session):
    make_plan(make_event())
    page = new_context(viewport={"width": 390, "height": 800}).new_page()
    network = page.context.new_cdp_session(page)
    network.send("Network.enable")
    weights = {}
    network.on(
        "Network.loadingFinished",
        lambda e: weights.update({e["requestId"]: e["encodedDataLength"]}),
    )
    page.goto("/en/events/summit/register", wait_until="networkidle")
    loaded = [weight for weight in weights.values() if weight]
    assert len(loaded) <= 6
    assert sum(loaded) <= 60_000
