"""What every public page owes its readers: small screens, dark rooms, large letters, thumbs, keyboards, paper."""

from __future__ import annotations

import pytest

from tests.factories.events import make_event
from tests.support.browser import axe

PAGES = [
    "/en/",
    "/en/events/summit",
    "/es/events/summit/register",
    "/fr/help",
    "/en/privacy",
    "/en/accessibility",
]

SMALL_TARGETS = """() => [...document.querySelectorAll('a, button, input:not([type=hidden]), select, textarea, summary')]
  .filter(e => e.getBoundingClientRect().height && !e.matches('.skip'))
  .map(e => {
    const box = (e.matches('.choice input, .tick input') ? e.closest('.choice, .tick') : e).getBoundingClientRect();
    const control = e.matches('button, input, select, textarea, summary, .button, .tabs a, .chips a');
    const standing = e.closest('nav, footer, .back');
    return [e.outerHTML.slice(0, 80), Math.round(box.height), control ? 44 : standing ? 24 : 0];
  })
  .filter(([, height, least]) => height < least)"""

PALE_BORDERS = """() => {
  const light = c => { const v = c.match(/[\\d.]+/g).slice(0, 3).map(x => { x /= 255; return x <= .04045 ? x / 12.92 : ((x + .055) / 1.055) ** 2.4; });
    return .2126 * v[0] + .7152 * v[1] + .0722 * v[2]; };
  const paper = e => { for (; e; e = e.parentElement) { const c = getComputedStyle(e).backgroundColor; if (c !== 'rgba(0, 0, 0, 0)') return c; } };
  return [...document.querySelectorAll('.control, .choice input')].map(e => {
    const a = light(getComputedStyle(e).borderTopColor), b = light(paper(e.parentElement));
    return [e.id, (Math.max(a, b) + .05) / (Math.min(a, b) + .05)];
  }).filter(([, ratio]) => ratio < 3);
}"""


@pytest.fixture
def event(session):
    return make_event(
        title={"en": "A summit with a long name: Verwaltungsgemeinschaftsvorsitzende meet again"},
        summary={"en": "Three days."},
        hue="#7a1f5c",
    )


@pytest.mark.parametrize("path", PAGES)
def test_a_page_fits_a_screen_of_320_points_and_letters_of_double_size(browser_page, event, path):
    browser_page.goto(path)
    browser_page.set_viewport_size({"width": 320, "height": 640})
    assert browser_page.evaluate("document.documentElement.scrollWidth") <= 320
    browser_page.set_viewport_size({"width": 1280, "height": 800})
    browser_page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert browser_page.evaluate("document.documentElement.scrollWidth") <= 1280


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_readable_and_can_be_touched_by_day_and_by_night(
    new_context, event, path, scheme
):
    page = new_context(viewport={"width": 390, "height": 800}, color_scheme=scheme).new_page()
    page.goto(path)
    assert axe(page) == []
    assert page.evaluate(SMALL_TARGETS) == []
    assert page.evaluate(PALE_BORDERS) == []


def test_the_keyboard_reaches_the_content_first(browser_page, event):
    browser_page.goto("/en/events/summit")
    browser_page.keyboard.press("Tab")
    skip = browser_page.get_by_role("link", name="Skip to the content")
    assert skip.evaluate("e => e === document.activeElement && e.getBoundingClientRect().top >= 0")
    browser_page.keyboard.press("Enter")
    assert browser_page.evaluate("document.activeElement.id") == "main"


def test_the_switch_of_languages_leads_to_the_same_page_in_the_others_only(browser_page, event):
    browser_page.goto("/fr/events/summit/register")
    links = browser_page.locator(".langs a")
    assert links.all_inner_texts() == ["English", "Español"]
    assert [link.get_attribute("href") for link in links.all()] == [
        "/en/events/summit/register",
        "/es/events/summit/register",
    ]


def test_right_to_left_mirrors_the_page_without_a_second_sheet(browser_page, event):
    browser_page.goto("/en/events/summit/register")
    browser_page.evaluate("document.documentElement.dir = 'rtl'")
    assert browser_page.evaluate("document.documentElement.scrollWidth") <= 1280
    brand, languages = (
        browser_page.locator(name).bounding_box()["x"] for name in (".mark", ".langs")
    )
    assert brand > languages


def test_paper_has_neither_navigation_nor_buttons(browser_page, event):
    browser_page.goto("/en/events/summit")
    browser_page.emulate_media(media="print")
    assert not browser_page.locator(".langs").is_visible()
    assert not browser_page.locator(".actions").first.is_visible()
    assert browser_page.get_by_role("heading", level=1).is_visible()


def test_a_first_visit_to_the_form_is_light_and_still(new_context, session):
    make_event()
    page = new_context(viewport={"width": 390, "height": 800}).new_page()
    network = page.context.new_cdp_session(page)
    network.send("Network.enable")
    weights: dict[str, int] = {}
    network.on(
        "Network.loadingFinished",
        lambda e: weights.update({e["requestId"]: e["encodedDataLength"]}),
    )
    page.add_init_script(
        "window.shift = 0; new PerformanceObserver(list => { for (const e of list.getEntries()) window.shift += e.value; })"
        ".observe({ type: 'layout-shift', buffered: true });"
    )
    page.goto("/en/events/summit/register", wait_until="networkidle")
    loaded = [weight for weight in weights.values() if weight]
    assert len(loaded) <= 6
    assert sum(loaded) <= 60_000
    assert page.evaluate("window.shift") < 0.01
