"""A helper's shift: open the link, scan, understand the verdict, search, undo, lose the network and get it back."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select

from eventsys.checkin.models import Device, Presence, Scan
from eventsys.checkin.operations.devices import device_token, revoke_device
from eventsys.checkin.rules import Result
from eventsys.core.db import db
from eventsys.web.desk.pages import SCREENS
from tests.factories.checkin import EVA, attended, badge, make_device, make_guest, replace_badge
from tests.factories.events import make_event
from tests.support.browser import axe
from tests.support.camera import FAKE_CAMERA, code_picture, film
from tests.support.database import SECRET

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import BrowserContext, Page
    from sqlalchemy.orm import Session

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
SMALL = {"viewport": {"width": 360, "height": 640}, "has_touch": True, "is_mobile": True}
# Positions of the keys on an American keyboard, for a scanner that types.
KEYS = {"/": "Slash", ":": "Semicolon", ".": "Period", "-": "Minus"}


def until(page: Page, question: str, seconds: float = 15) -> None:
    """Ask the page again and again until it says yes; the policy of the page forbids Playwright's own waiting."""
    end = time.monotonic() + seconds
    while not page.evaluate(question):
        assert time.monotonic() < end, question
        page.wait_for_timeout(50)


def begin(page: Page, token: str, *, camera: bool = False, language: str = "en") -> None:
    """Open the device's link and start."""
    page.goto(f"/{language}/desk#{token}")
    page.locator("#start" if camera else "#start-without").click()
    until(page, "document.body.dataset.engine")


def verdict(page: Page, result: str) -> Any:
    """Wait for a verdict on the screen."""
    box = page.locator(f"#verdict[data-result={result}]")
    box.wait_for()
    return box


def type_like_a_scanner(page: Page, text: str, *, layout: str = "us") -> None:
    """Send key strokes as a USB scanner does: positions of an American keyboard, then Enter."""
    garbled = {
        "/": "!",
        ":": "M",
        ".": ":",
        "-": ")",
        "A": "Q",
        "Q": "A",
        "Z": "W",
        "W": "Z",
        "M": "?",
    }
    page.evaluate(
        """([letters]) => { for (const [code, shift, key] of letters) {
            document.body.dispatchEvent(new KeyboardEvent("keydown", {code, key, shiftKey: shift, bubbles: true, cancelable: true}));
        } }""",
        [
            [
                *(_stroke(letter, garbled if layout == "fr" else {}) for letter in text),
                ["Enter", False, "Enter"],
            ]
        ],
    )


def _stroke(letter: str, garbled: dict[str, str]) -> list[Any]:
    code = (
        f"Key{letter.upper()}"
        if letter.isalpha()
        else f"Digit{letter}"
        if letter.isdigit()
        else KEYS[letter]
    )
    return [code, letter.isupper() or letter == ":", garbled.get(letter, letter)]


def count(session: Session, column: Any) -> int:
    session.rollback()
    return session.scalar(select(func.count(column))) or 0


def test_the_camera_reads_our_own_badges_and_each_person_is_let_in_once(
    session: Session,
    launch: Callable[..., Any],
    new_context: Callable[..., BrowserContext],
    tmp_path: Path,
) -> None:
    event = make_event()
    token = make_device(event, "Door 1")
    ana = make_guest(event)
    bo = make_guest(event, "bo@example.org", first_name="Bo", last_name="Wait", status="waiting")
    clip = film(tmp_path / "door.mjpeg", [badge(ana), None, badge(bo), None])
    started = launch(*FAKE_CAMERA, clip)
    try:
        page = new_context(browser=started, permissions=["camera"], **PHONE).new_page()
        begin(page, token, camera=True)
        assert page.evaluate("document.body.dataset.engine") == "zxing-wasm"
        until(page, "desk.recent.rows.length >= 4", seconds=40)
        results = page.evaluate("desk.recent.rows.map(row => [row.name, row.result]).reverse()")
    finally:
        started.close()
    first = {name: [result for who, result in results if who == name] for name, _ in results}
    assert first["Ana Ñandú"][:2] == ["admitted", "already_in"]
    assert set(first["Bo Wait"]) == {"waiting_list"}
    assert count(session, Presence.id) == 1
    assert attended(ana) is not None


def test_without_wasm_the_other_engine_reads(
    session: Session,
    launch: Callable[..., Any],
    new_context: Callable[..., BrowserContext],
    tmp_path: Path,
) -> None:
    event = make_event()
    token, guest = make_device(event), make_guest(event)
    started = launch(*FAKE_CAMERA, film(tmp_path / "door.mjpeg", [badge(guest), None]))
    try:
        page = new_context(browser=started, permissions=["camera"], **PHONE).new_page()

        def without_wasm(route: Any) -> None:
            real = route.fetch()
            route.fulfill(response=real, body="self.WebAssembly = undefined;" + real.text())

        page.route("**/desk/decoder.js*", without_wasm)
        begin(page, token, camera=True)
        assert page.evaluate("document.body.dataset.engine") == "qr"
        verdict(page, "admitted")
    finally:
        started.close()


def test_a_photograph_of_the_code_is_enough(
    session: Session, new_context: Callable[..., BrowserContext], tmp_path: Path
) -> None:
    event = make_event()
    token, guest = make_device(event), make_guest(event)
    code_picture(badge(guest), 9, inverted=True).save(tmp_path / "badge.png")
    code_picture("nothing", 9).crop((0, 0, 60, 60)).save(tmp_path / "empty.png")
    page = new_context(**PHONE).new_page()
    begin(page, token)
    page.locator("#photo").set_input_files(tmp_path / "empty.png")
    page.get_by_text("No code found in the photo").wait_for()
    page.locator("#photo").set_input_files(tmp_path / "badge.png")
    verdict(page, "admitted")


@pytest.mark.parametrize("layout", ["us", "fr"])
def test_a_usb_scanner_works_whatever_the_keyboard_layout(
    session: Session, new_context: Callable[..., BrowserContext], layout: str
) -> None:
    event = make_event()
    token, guest = make_device(event), make_guest(event)
    page = new_context(**PHONE).new_page()
    begin(page, token)
    type_like_a_scanner(page, badge(guest), layout=layout)
    assert "Ana Ñandú" in verdict(page, "admitted").inner_text()
    # It types into an open search field as well, and the same badge at once is the same scan.
    page.get_by_role("button", name="Search").click()
    type_like_a_scanner(page, badge(guest), layout=layout)
    page.wait_for_timeout(300)
    assert count(session, Scan.id) == 1


def test_somebody_without_a_badge_is_found_by_name_and_let_in(
    session: Session, new_context: Callable[..., BrowserContext]
) -> None:
    event = make_event()
    token = make_device(event)
    guest = make_guest(event, first_name="Zoë", last_name="Ångström")
    page = new_context(**PHONE).new_page()
    begin(page, token)
    page.get_by_role("button", name="Search").click()
    page.get_by_label("Name, organisation or city").fill("angst")
    page.get_by_role("button", name="Zoë Ångström").click()
    assert "Zoë Ångström" in verdict(page, "admitted").inner_text()
    session.rollback()
    assert attended(guest) is not None


def test_a_typed_short_code_lets_in_and_a_wrong_one_does_not(
    session: Session, new_context: Callable[..., BrowserContext]
) -> None:
    event = make_event()
    token, guest = make_device(event), make_guest(event)
    page = new_context(**PHONE).new_page()
    begin(page, token)
    for typed, result in (
        (guest.short_code[:-1] + "U", "malformed"),
        (f"{guest.short_code[:4]} {guest.short_code[4:]}".lower(), "admitted"),
    ):
        page.get_by_role("button", name="Type code").click()
        page.get_by_label("The 8 characters").fill(typed)
        page.get_by_role("button", name="Check").click()
        verdict(page, result)


def test_a_scan_is_undone_from_the_list_and_the_badge_works_again(
    session: Session, new_context: Callable[..., BrowserContext]
) -> None:
    event = make_event()
    token, guest = make_device(event), make_guest(event)
    page = new_context(**PHONE).new_page()
    begin(page, token)
    type_like_a_scanner(page, badge(guest))
    verdict(page, "admitted")
    page.get_by_role("button", name="Last scans").click()
    page.get_by_role("button", name="Undo: Ana Ñandú").click()
    page.locator("#recent-list").get_by_text("Undone").wait_for()
    session.rollback()
    assert attended(guest) is None
    page.locator("#recent").get_by_role("button", name="Close").click()
    type_like_a_scanner(page, badge(guest))
    verdict(page, "admitted")
    session.rollback()
    assert attended(guest) is not None


def test_an_answer_that_was_lost_on_the_way_counts_nobody_twice(
    session: Session, new_context: Callable[..., BrowserContext], watch: Any
) -> None:
    watch.expect("Failed to load resource")
    event = make_event()
    token, guest = make_device(event), make_guest(event)
    context = new_context(**PHONE)
    page = context.new_page()
    lost = []

    def lose_the_first_answer(route: Any) -> None:
        if lost:
            route.continue_()
        else:
            lost.append(route.fetch().json())  # the server did its work …
            route.abort("connectionreset")  # … and nobody heard of it

    page.route("**/api/v1/check-ins", lose_the_first_answer)
    begin(page, token)
    type_like_a_scanner(page, badge(guest))
    verdict(page, "admitted")
    assert len(lost) == 1
    assert count(session, Scan.id) == 1
    until(page, "document.getElementById('connection').dataset.state === 'online'")


def test_scans_without_network_are_kept_over_a_closed_page_and_sent_once(
    session: Session, new_context: Callable[..., BrowserContext], watch: Any
) -> None:
    watch.expect("ERR_INTERNET_DISCONNECTED")
    watch.expect("Failed to load resource")
    event = make_event()
    token = make_device(event)
    guests = [make_guest(event, f"g{number}@example.org") for number in range(3)]
    context = new_context(**PHONE)
    page = context.new_page()
    begin(page, token)
    context.set_offline(True)
    for guest in guests:
        type_like_a_scanner(page, badge(guest))
    verdict(page, "unverified")
    assert page.locator("#connection").inner_text() == "3 unsent"
    page.close()
    assert count(session, Scan.id) == 0
    context.set_offline(False)
    page = context.new_page()
    page.goto("/en/desk")
    until(page, "document.body.dataset.stage === 'ready' && desk.outbox.queue.length === 0")
    assert count(session, Scan.id) == 3
    assert count(session, Presence.id) == 3


def test_a_device_signed_out_wipes_itself_and_says_so(
    session: Session, new_context: Callable[..., BrowserContext], watch: Any
) -> None:
    watch.expect("410")
    event = make_event()
    token, guest = make_device(event), make_guest(event)
    page = new_context(**PHONE).new_page()
    begin(page, token)
    type_like_a_scanner(page, badge(guest))
    verdict(page, "admitted")
    session.rollback()
    revoke_device(
        event.id, session.scalars(select(Device.key)).one(), actor=EVA, now=datetime.now(UTC)
    )
    db.session.commit()
    type_like_a_scanner(page, "HTTPS://HOST/B/" + "A" * 26)
    page.get_by_text("This phone was signed out by the organisers").wait_for()
    kept = page.evaluate(
        "async () => [await deskStore.get('kv', 'token'), await deskStore.all('recent')]"
    )
    assert kept == [None, []]
    assert "Ana" not in page.locator("body").inner_text()


def test_the_token_leaves_the_address_bar_and_no_log_sees_it(
    session: Session, new_context: Callable[..., BrowserContext]
) -> None:
    token = make_device(make_event())
    page = new_context(**PHONE).new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"/desk#{token}")
    page.locator("#start").wait_for()
    assert token not in page.url
    assert not any(token in url.partition("#")[0] for url in asked)


def test_without_a_link_the_page_says_how_to_get_one_and_takes_a_pasted_one(
    session: Session, new_context: Callable[..., BrowserContext], site: Any
) -> None:
    token = make_device(make_event())
    page = new_context(**PHONE).new_page()
    page.goto("/desk")
    page.get_by_role("heading", name="This phone is not signed in yet").wait_for()
    assert axe(page) == []
    page.get_by_label("Or paste the link here").fill("not a link")
    page.get_by_role("button", name="Sign this phone in").click()
    page.get_by_text("This is not a device link").wait_for()
    page.get_by_label("Or paste the link here").fill(f"  {site.url}/desk#{token.lower()} ")
    page.get_by_role("button", name="Sign this phone in").click()
    page.get_by_role("button", name="Start scanning").wait_for()
    assert axe(page) == []


def test_changing_the_language_keeps_the_page(
    session: Session, new_context: Callable[..., BrowserContext]
) -> None:
    token = make_device(make_event())
    page = new_context(**PHONE).new_page()
    begin(page, token)
    page.evaluate("window.stays = true")
    page.get_by_role("button", name="More").click()
    page.locator("#settings").get_by_role("button", name="Español").click()
    assert page.locator("html").get_attribute("lang") == "es"
    assert page.url.endswith("/es/desk")
    assert page.evaluate("window.stays")
    assert "Cumbre Metropolitana" in page.locator(".bar").inner_text()


def all_verdicts(event: Any) -> dict[str, str]:
    """Make somebody for each verdict of the server and give the codes by result."""
    people = {
        status: make_guest(event, f"{status}@example.org", status=status)
        for status in ("cancelled", "waiting", "submitted")
    }
    due = make_guest(event, "due@example.org")
    due.payment = "due"
    db.session.commit()
    ana, old = make_guest(event), make_guest(event, "old@example.org")
    revoked = badge(old)
    replace_badge(old)
    stranger = make_guest(make_event("other"), "s@example.org")
    return {
        "admitted": badge(ana), "already_in": badge(ana), "left": badge(ana), "unknown": "A" * 26,
        "malformed": "nonsense", "wrong_event": badge(stranger), "revoked": revoked, "not_paid": badge(due),
        "cancelled": badge(people["cancelled"]), "waiting_list": badge(people["waiting"]), "not_confirmed": badge(people["submitted"]),
    }  # fmt: skip


@pytest.mark.parametrize("language", ["en", "es", "fr"])
def test_every_verdict_fits_the_phone_is_accessible_and_sounds(
    session: Session, new_context: Callable[..., BrowserContext], language: str, tmp_path: Path
) -> None:
    event = make_event()
    token, codes = make_device(event, "Door 1"), all_verdicts(event)
    db.session.commit()
    assert set(codes) == set(Result)
    page = new_context(language, **SMALL).new_page()
    begin(page, token, language=language)
    wide = (
        "[...document.querySelectorAll('.tools button')].filter(b => b.scrollWidth > b.clientWidth)"
    )
    assert page.evaluate(f"{wide}.map(b => b.textContent)") == []
    words = set()
    for result, code in codes.items():
        page.evaluate(
            "([code, out]) => { desk.guard.forget(); desk.direction = out ? 'out' : 'in'; desk.read(code, 'test'); }",
            [code, result == "left"],
        )
        box = verdict(page, result)
        words.add(box.locator(".word").inner_text())
        assert page.evaluate("desk.sound.played.at(-1)") == result
        assert page.evaluate(
            "document.documentElement.scrollWidth <= innerWidth && document.documentElement.scrollHeight <= innerHeight"
        )
        cut = box.evaluate(
            "box => [...box.querySelectorAll('p:not([hidden])')].filter(p => p.scrollWidth > p.clientWidth + 1).map(p => p.className)"
        )
        assert cut == []
        assert axe(page) == [], result
        page.screenshot(path=tmp_path / f"{language}-{result}.png")
    assert len(words) == len(codes)
    assert set(SCREENS) - set(codes) == {"checking", "unverified", "failed"}


def test_a_helper_lets_somebody_in_against_the_rules_with_a_reason(
    session: Session, new_context: Callable[..., BrowserContext]
) -> None:
    event = make_event()
    token, guest = make_device(event), make_guest(event, status="waiting")
    page = new_context(**PHONE).new_page()
    begin(page, token)
    type_like_a_scanner(page, badge(guest))
    verdict(page, "waiting_list")
    page.get_by_role("button", name="Let in anyway").click()
    page.get_by_label("Why?").fill("Guest of the mayor")
    page.locator("#overriding").get_by_role("button", name="Let in anyway").click()
    verdict(page, "admitted")
    session.rollback()
    assert (
        session.scalars(select(Scan.note).order_by(Scan.id.desc())).first() == "Guest of the mayor"
    )


def test_the_office_watches_the_door_live(
    session: Session,
    new_context: Callable[..., BrowserContext],
    sign_in_browser: Callable[..., None],
) -> None:
    event = make_event()
    token, guest = make_device(event), make_guest(event)
    office = new_context(viewport={"width": 1280, "height": 900}).new_page()
    sign_in_browser(office.context)
    office.goto(f"/en/office/events/{event.slug}/check-in")
    assert axe(office) == []
    phone = new_context(**PHONE).new_page()
    begin(phone, token)
    type_like_a_scanner(phone, badge(guest))
    verdict(phone, "admitted")
    office.locator("#log").get_by_role("row", name="Ana Ñandú").wait_for()
    office.locator("[data-count=attended]", has_text="1").wait_for()
    office.get_by_role("link", name="Door 1").click()
    office.get_by_role("heading", name="Open this on the phone").wait_for()
    assert axe(office) == []


def test_the_link_that_the_office_shows_is_the_one_that_opens_the_desk(
    session: Session, new_context: Callable[..., BrowserContext]
) -> None:
    event = make_event()
    made = make_device(event)
    key = session.scalars(select(Device.key)).one()
    assert device_token(SECRET, key) == made
    page = new_context(**PHONE).new_page()
    page.goto(f"/desk#{made}")
    page.get_by_role("heading", name="Metropolitan Summit").wait_for()
    stored = json.loads(
        page.evaluate("async () => JSON.stringify(await deskStore.get('kv', 'token'))")
    )
    assert stored["value"] == made
