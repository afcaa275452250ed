"""Geometry of the charts."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventsys.statistics.rules.charts.lines import Frame, apart, line_chart, round_scale, spread
from eventsys.statistics.rules.charts.worldmap import HEIGHT, WIDTH, Spot, _box, draw, place

FRAME = Frame(width=640, height=300, left=48, right=110)
LAND = Path(__file__).parents[3] / "static" / "img" / "land.svg"


@given(st.integers(min_value=1, max_value=5_000_000))
def test_a_scale_covers_the_largest_value_with_few_round_marks(largest: int) -> None:
    marks = round_scale(largest)
    assert marks[0] == 0
    assert marks[-1] >= largest
    assert 2 <= len(marks) <= 6


@given(st.lists(st.floats(min_value=10, max_value=250), min_size=1, max_size=5))
def test_labels_at_the_ends_of_lines_never_collide(heights: list[float]) -> None:
    placed = sorted(apart(heights, 30, 10, 250))
    assert all(later - earlier >= 29.99 for earlier, later in pairwise(placed))
    assert placed[0] >= 9.99
    assert placed[-1] <= 250.01


def test_two_lines_that_end_together_have_two_labels() -> None:
    chart = line_chart([[0, 50, 100], [0, 49, 99]], FRAME, columns=3)
    first, second = chart.ends
    assert abs(first.label_y - second.label_y) >= 30


def test_a_line_of_one_day_is_drawn() -> None:
    assert line_chart([[7]], FRAME, columns=5).ends[0].value == 7


def test_dates_are_spread_from_the_first_to_the_last() -> None:
    assert spread(100, 5) == [0, 25, 50, 74, 99]
    assert spread(3, 5) == [0, 1, 2]


def test_the_projection_puts_the_origin_in_the_middle() -> None:
    x, y = place(0, 0)
    assert x == pytest.approx(WIDTH / 2)
    assert 0 < y < HEIGHT


def test_area_stands_for_the_number() -> None:
    large, small = draw([Spot(0, 0, 100, "a"), Spot(50, 0, 25, "b")], labels=0).circles
    assert large.radius**2 / small.radius**2 == pytest.approx(4)


@given(
    st.lists(
        st.builds(
            Spot,
            st.floats(-180, 180),
            st.floats(-56, 80),
            st.integers(1, 500),
            st.text(alphabet="ABCDEFGH", min_size=3, max_size=14),
        ),
        min_size=1,
        max_size=40,
    ),
)
def test_names_on_the_map_never_lie_on_one_another(spots: list[Spot]) -> None:
    boxes = [_box(label, 13) for label in draw(spots, labels=12).labels]
    for index, one in enumerate(boxes):
        for other in boxes[index + 1 :]:
            assert (
                one[0] >= other[2] or other[0] >= one[2] or one[1] >= other[3] or other[1] >= one[3]
            )


def test_the_land_fits_the_page_and_matches_the_projection() -> None:
    svg = LAND.read_text()
    assert len(svg) <= 35_000
    assert f'viewBox="0 0 {WIDTH} {HEIGHT}"' in svg
