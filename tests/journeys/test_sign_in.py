"""The sign-in in a real browser: usable by keyboard, without findings of axe, on a phone as well."""

from __future__ import annotations

import pytest

from tests.support.browser import axe


@pytest.mark.parametrize("language", ["en", "es", "fr"])
def test_the_sign_in_is_accessible(browser_page, language):
    browser_page.goto(f"/{language}/sign-in")
    assert axe(browser_page) == []
    assert browser_page.locator("html").get_attribute("lang") == language


def test_the_sign_in_fits_a_small_phone(phone_page):
    phone_page.set_viewport_size({"width": 320, "height": 600})
    phone_page.goto("/sign-in")
    assert phone_page.evaluate("document.documentElement.scrollWidth") <= 320


def test_a_wrong_password_is_said_and_the_address_kept(browser_page, watch):
    watch.expect("422")
    browser_page.goto("/en/sign-in")
    browser_page.get_by_label("Email address").fill("eva@example.org")
    browser_page.get_by_label("Password").fill("wrong wrong wrong")
    browser_page.keyboard.press("Enter")
    browser_page.get_by_role("alert").get_by_role("link").wait_for()
    assert browser_page.get_by_label("Email address").input_value() == "eva@example.org"
    assert axe(browser_page) == []
