"""Colours that organisers choose, kept readable (WCAG 2.2, contrast of text 4.5:1)."""

from __future__ import annotations

import colorsys
import re
from dataclasses import dataclass
from typing import Final

COLOUR: Final = re.compile(r"#[0-9a-f]{6}")
READABLE: Final = 4.5
WHITE: Final = "#ffffff"
DARK_PAPER: Final = "#12191f"
_STEP: Final = 0.01
# Our colours of status: an event or a category that looked like one of them would say something it is not.
STATUS_COLOURS: Final = {"ok": "#14633f", "warn": "#7a4b00", "bad": "#a8201a"}
_TOO_NEAR: Final = 0.035


@dataclass(frozen=True, slots=True)
class Palette:
    """An event's colour on white paper, and its partner on dark paper."""

    light: str
    dark: str


def read_colour(text: str) -> str | None:
    """Read ``#RRGGBB``, ``RRGGBB`` or ``#RGB`` in any case; None when it is none of them."""
    text = text.strip().lower().removeprefix("#")
    if len(text) == 3:
        text = "".join(letter * 2 for letter in text)
    return f"#{text}" if COLOUR.fullmatch(f"#{text}") else None


def _channels(colour: str) -> tuple[float, float, float]:
    red, green, blue = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    return red, green, blue


def luminance(colour: str) -> float:
    """Give the relative luminance of a colour (WCAG 2.2, definition of relative luminance)."""
    linear = [
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
        for value in _channels(colour)
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Give the contrast of two colours, from 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def readable_on(colour: str, paper: str) -> str:
    """Give the nearest lightness of a colour that is readable on a paper."""
    hue, light, saturation = colorsys.rgb_to_hls(*_channels(colour))
    step = -_STEP if luminance(paper) > 0.5 else _STEP
    while contrast(colour, paper) < READABLE:
        light = min(1.0, max(0.0, light + step))
        colour = "#" + "".join(
            f"{round(part * 255):02x}" for part in colorsys.hls_to_rgb(hue, light, saturation)
        )
    return colour


def palette(hue: str) -> Palette:
    """Give the readable pair of an event's colour."""
    return Palette(readable_on(hue, WHITE), readable_on(hue, DARK_PAPER))


def near_status(colour: str) -> bool:
    """Tell whether a colour would be mistaken for one that means done, careful or wrong."""
    mine = _channels(colour)
    return any(
        sum((a - b) ** 2 for a, b in zip(mine, _channels(theirs), strict=True)) < _TOO_NEAR
        for theirs in STATUS_COLOURS.values()
    )
