"""The second factor in a real browser, without JavaScript as well: set up, sign in, a lost phone."""

from __future__ import annotations

from datetime import timedelta

import pytest

from eventsys.accounts.operations.create import create_account
from eventsys.core.actor import Actor
from eventsys.web.shared.clock import now
from tests.factories.accounts import PASSWORD, app_code, make_holder
from tests.support.browser import axe


@pytest.fixture
def link(session):
    """Give the one-time link of a new account."""
    _account, token = create_account(
        "eva@example.org", "secretariat", actor=Actor.system("test"), now=now(), name="Eva"
    )
    session.commit()
    return f"/en/sign-in/{token}"


def fits(page, width):
    return page.evaluate("document.documentElement.scrollWidth") <= width


def test_eva_sets_it_up_signs_in_with_it_and_turns_it_off(new_context, link, tmp_path):
    page = new_context(viewport={"width": 1280, "height": 800}).new_page()
    page.goto(link)
    page.get_by_label("New password").fill(PASSWORD)
    page.get_by_role("button", name="Save and sign in").click()
    page.get_by_role("link", name="Your account").click()
    page.get_by_role("link", name="Set up the second factor").click()
    assert axe(page) == []
    assert page.locator(".pass-code svg").bounding_box()["width"] > 150
    secret = page.locator("code.token").inner_text()
    page.set_viewport_size({"width": 320, "height": 640})
    assert fits(page, 320)
    page.set_viewport_size({"width": 1280, "height": 800})
    page.get_by_label("Code", exact=True).fill(app_code(secret, now(), -1))
    page.get_by_role("button", name="Turn on").click()
    page.get_by_role("heading", name="Your recovery codes").wait_for()
    assert axe(page) == []
    codes = page.locator(".token li code").all_inner_texts()
    assert len(codes) == 10
    page.emulate_media(media="print")
    assert page.locator(".token li code").first.is_visible()
    page.emulate_media(media="screen")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download as text").click()
    download.value.save_as(tmp_path / "codes.txt")
    assert codes[9] in (tmp_path / "codes.txt").read_text()

    page.get_by_role("link", name="go on").click()
    page.get_by_role("link", name="Your account").click()
    page.get_by_role("button", name="Sign out everywhere").click()
    page.get_by_label("Email address").fill("eva@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Enter the code of your app").wait_for()
    assert axe(page) == []
    page.get_by_label("Code", exact=True).fill(app_code(secret, now() + timedelta(seconds=20)))
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Your account").click()
    page.get_by_role("link", name="Second factor and recovery codes").click()
    assert axe(page) == []
    page.get_by_role("link", name="Turn off").click()
    assert axe(page) == []
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("Code", exact=True).fill(codes[0])
    page.get_by_role("button", name="Turn off").click()
    page.get_by_text("The second factor is turned off.").wait_for()


@pytest.mark.parametrize("language", ["es", "fr"])
def test_a_lost_phone_on_a_small_screen_without_scripts(session, new_context, language):
    eva = make_holder(now())
    page = new_context(
        language, javascript=False, viewport={"width": 320, "height": 640}
    ).new_page()
    page.goto(f"/{language}/sign-in")
    page.locator("#email").fill(eva.account.email)
    page.locator("#password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.locator("#code").wait_for()
    assert fits(page, 320)
    page.locator("main a[href*='recovery']").click()
    assert fits(page, 320)
    page.locator("#code").fill(eva.codes[5].lower())
    page.keyboard.press("Enter")
    page.locator(".office").wait_for()
    page.goto(f"/{language}/office/account/second-factor/codes")
    assert fits(page, 320)
    page.locator("#password").fill(PASSWORD)
    page.locator("#code").fill(eva.codes[6])
    page.keyboard.press("Enter")
    page.locator(".token li code").first.wait_for()
    assert fits(page, 320)
