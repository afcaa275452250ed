"""What the pages of the office owe their readers on a phone: nothing cut off, nothing too small, nothing axe finds."""

from __future__ import annotations

import pytest

from tests.factories.checkin import make_device, make_guest
from tests.factories.events import make_event, make_question
from tests.support.browser import axe

PAGES = [
    "/en/office/",
    "/es/office/events",
    "/en/office/events/summit",
    "/fr/office/events/summit/participants",
    "/en/office/events/summit/participants/1",
    "/es/office/events/summit/check-in",
    "/fr/office/events/summit/badges",
    "/es/office/events/summit/categories",
    "/fr/office/events/summit/categories/new",
    "/en/office/events/summit/questions",
    "/fr/office/events/summit/statistics",
    "/es/office/events/summit/statistics/tables/by_city?rung=confirmed",
    "/fr/office/members",
    "/es/office/places",
    "/en/office/accounts",
]
CUT = """() => [...document.querySelectorAll('nav [aria-current]')].filter(e => {
  const box = e.getBoundingClientRect();
  return box.left < 0 || box.right > document.documentElement.clientWidth;
}).map(e => e.textContent)"""


@pytest.fixture
def phone(new_context, session, sign_in_browser):
    event = make_event(title={"es": "Verwaltungsgemeinschaftsvorsitzendenversammlung"})
    make_question(event, "why", required=True)
    make_guest(event, first_name="محمد", last_name="الأحمد")
    make_device(event)
    context = new_context(viewport={"width": 360, "height": 740})
    sign_in_browser(context)
    return context.new_page()


@pytest.mark.parametrize("path", PAGES)
def test_a_page_of_the_office_is_good_on_a_phone(phone, path):
    phone.goto(path)
    assert phone.evaluate("document.documentElement.scrollWidth") <= 360
    assert phone.evaluate(CUT) == []
    assert axe(phone) == []


def test_the_mark_of_an_error_stands_beside_the_whole_question(new_context, session, watch):
    watch.expect("422")
    make_event()
    page = new_context(viewport={"width": 360, "height": 740}).new_page()
    page.goto("/en/events/summit/register")
    page.locator("form[method=post] button[type=submit]").click()
    groups = page.locator("fieldset.has-error")
    assert groups.count() == 2
    for group in groups.all():
        # An ordinary legend sits in the frame of its group, whose line then begins at half its height.
        assert group.locator("legend").evaluate("e => getComputedStyle(e).float") == "inline-start"
