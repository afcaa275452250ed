"""Colours that organisers choose stay readable."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventsys.events.rules.colour import (
    DARK_PAPER,
    READABLE,
    WHITE,
    contrast,
    near_status,
    palette,
    read_colour,
    readable_on,
)
from eventsys.events.rules.kinds import CATEGORY_KINDS

any_colour = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


@given(any_colour)
def test_an_events_colour_is_readable_on_white_and_on_dark(colour):
    pair = palette(colour)
    assert contrast(pair.light, WHITE) >= READABLE
    assert contrast(pair.dark, DARK_PAPER) >= READABLE


@given(any_colour)
def test_a_readable_colour_is_left_alone(colour):
    if contrast(colour, WHITE) >= READABLE:
        assert readable_on(colour, WHITE) == colour


def test_contrast_is_that_of_the_standard():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("#0A5A7A", "#0a5a7a"),
        ("0a5a7a", "#0a5a7a"),
        (" #abc ", "#aabbcc"),
        ("red", None),
        ("#12345", None),
        ("", None),
        ("#0a5a7a;x", None),
    ],
)
def test_a_colour_is_read_as_people_write_it(typed, read):
    assert read_colour(typed) == read


def test_colours_of_status_are_known_again():
    assert near_status("#a8201a")
    assert near_status("#a92222")
    assert not near_status("#0a5a7a")
    assert not near_status("#5b4a9c")


@pytest.mark.parametrize("kind", CATEGORY_KINDS, ids=lambda kind: kind[0])
def test_white_letters_are_readable_on_every_usual_category(kind):
    assert contrast(kind[4], WHITE) >= READABLE
