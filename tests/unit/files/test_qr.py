from __future__ import annotations

import io
import re
from time import thread_time

import pytest
import zxingcpp
from PIL import Image

from eventsys.files import qr

BADGE = "HTTPS://EVENTS.EXAMPLE.ORG/B/" + "ABCDEFGHIJKLMNOPQRSTUVWX23"


def test_badge_code_has_29_modules() -> None:
    assert len(qr.matrix("HTTPS://EVENTS.CITY.ORG/B/" + "A" * 26)) == 29


@pytest.mark.parametrize(
    "text",
    [BADGE, "https://example.org/Déjà/vu?q=1", "7", "http://localhost:8000/desk/" + "x" * 60],
)
def test_png_is_read_by_a_scanner(text: str) -> None:
    image = Image.open(io.BytesIO(qr.png(text)))
    found = zxingcpp.read_barcodes(image)
    assert [code.text for code in found] == [text]


def test_png_keeps_four_white_modules_around() -> None:
    image = Image.open(io.BytesIO(qr.png(BADGE, scale=1))).convert("L")
    size = image.width
    assert size == len(qr.matrix(BADGE)) + 8
    border = [
        image.getpixel((x, y))
        for x in range(size)
        for y in range(size)
        if min(x, y, size - 1 - x, size - 1 - y) < 4
    ]
    assert set(border) == {255}


def test_path_draws_exactly_the_dark_modules() -> None:
    modules = qr.matrix(BADGE)
    drawn = [[False] * len(modules) for _ in modules]
    for x, y, length in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\d+z", qr.path(modules)):
        for column in range(int(x), int(x) + int(length)):
            drawn[int(y)][column] = True
    assert drawn == [list(row) for row in modules]


def test_svg_needs_no_style_and_scales() -> None:
    drawing = qr.svg(BADGE)
    assert 'viewBox="0 0 ' in drawing
    assert "style" not in drawing
    assert " width=" not in drawing


def test_code_is_made_in_a_few_milliseconds() -> None:
    qr.matrix(BADGE)
    times = []
    for number in range(5):
        another = f"{BADGE[:-1]}{number}"  # the last codes are kept
        begin = thread_time()
        qr.svg(another)
        times.append(thread_time() - begin)
    assert min(times) < 0.005
