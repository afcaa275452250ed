"""An event's colour on its pages: a sheet of its own, readable whatever the organiser chose."""

from __future__ import annotations

import re

import pytest

from eventsys.events.rules.colour import contrast
from tests.factories.events import make_event

HUES = ["0a5a7a", "ffee00", "ffffff", "000000", "b4452c", "808080"]


def tokens(sheet: str) -> tuple[str, str, str]:
    """Give the colours of the header, of links by day and of links by night."""
    found = re.findall(r"--(?:brand|action):(#[0-9a-f]{6})", sheet)
    return found[0], found[1], found[3]


@pytest.mark.parametrize("hue", HUES)
def test_every_colour_becomes_readable_by_day_and_by_night(page, hue):
    brand, by_day, by_night = tokens(page.get(f"/colours/{hue}.css").html)
    assert contrast(brand, "#ffffff") >= 4.5
    assert contrast(by_day, "#ffffff") >= contrast(by_day, "#f4f1ea") >= 4.5
    assert contrast(by_night, "#12191f") >= contrast(by_night, "#1b242c") >= 4.5


def test_the_pages_of_an_event_wear_its_colour(page, session):
    make_event(hue="#7a1f5c")
    for path in ("/events/summit", "/events/summit/register"):
        assert 'href="/colours/7a1f5c.css"' in page.get(path).html
    assert "/colours/" not in page.get("/").html


def test_an_event_without_a_colour_asks_for_no_sheet(page, session):
    make_event()
    assert "/colours/" not in page.get("/events/summit").html


def test_what_is_no_colour_is_not_found_and_a_colour_is_kept(page):
    assert page.get("/colours/red.css").status == 404
    assert page.get("/colours/%7Dbody%7B.css").status == 404
    answer = page.get("/colours/0a5a7a.css").response
    assert answer.mimetype == "text/css"
    assert "immutable" in answer.headers["Cache-Control"]
