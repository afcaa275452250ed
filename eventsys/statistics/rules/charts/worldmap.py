"""The world map: Equal Earth projection, circles by area, labels that never lie on one another.

Source of the projection: Šavrič, Patterson, Jenny, "The Equal Earth map projection" (2018).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_A1: Final = 1.340264
_A2: Final = -0.081106
_A3: Final = 0.000893
_A4: Final = 0.003796
_M: Final = math.sqrt(3) / 2

WIDTH: Final = 1000
# Inhabited land: Antarctica and the empty polar sea are left out.
NORTH: Final = 83.7
SOUTH: Final = -56.5


def equal_earth(lon: float, lat: float) -> tuple[float, float]:
    """Project degrees to the plane; x grows eastwards and y northwards."""
    theta = math.asin(_M * math.sin(math.radians(lat)))
    square = theta * theta
    sixth = square * square * square
    slope = _A1 + 3 * _A2 * square + sixth * (7 * _A3 + 9 * _A4 * square)
    x = math.radians(lon) * math.cos(theta) / (_M * slope)
    return x, theta * (_A1 + _A2 * square + sixth * (_A3 + _A4 * square))


_RIGHT: Final = equal_earth(180, 0)[0]
_SCALE: Final = WIDTH / (2 * _RIGHT)
_TOP: Final = equal_earth(0, NORTH)[1]
HEIGHT: Final = round((_TOP - equal_earth(0, SOUTH)[1]) * _SCALE)


def place(lon: float, lat: float) -> tuple[float, float]:
    """Give the position on the map of ``WIDTH`` by ``HEIGHT`` units."""
    x, y = equal_earth(lon, lat)
    return (x + _RIGHT) * _SCALE, (_TOP - y) * _SCALE


@dataclass(frozen=True, slots=True)
class Spot:
    """What is known of one city: where it is, how many came, how it is called in the page's language."""

    lon: float
    lat: float
    value: int
    label: str


@dataclass(frozen=True, slots=True)
class Circle:
    """A circle on the map; its area, not its radius, stands for the number."""

    x: float
    y: float
    radius: float
    value: int
    label: str


@dataclass(frozen=True, slots=True)
class Label:
    """A text on the map and how it is anchored: start, middle or end."""

    x: float
    y: float
    anchor: str
    text: str


@dataclass(frozen=True, slots=True)
class WorldMap:
    """Everything to draw: circles with the largest first (so small ones stay visible), then labels."""

    circles: tuple[Circle, ...]
    labels: tuple[Label, ...]


def draw(
    spots: Iterable[Spot],
    *,
    labels: int,
    font: float = 13,
    largest: float = 15,
    smallest: float = 2.2,
) -> WorldMap:
    """Place circles and the labels of the largest cities.

    ``labels``: how many names to try; a name that would lie on another name is left out. ``font``:
    height of the text and ``largest``, ``smallest``: radii, in units of the map.
    """
    found = sorted(spots, key=lambda spot: (-spot.value, spot.label))
    if not found:
        return WorldMap((), ())
    unit = largest / math.sqrt(found[0].value)
    circles = tuple(
        Circle(
            *place(spot.lon, spot.lat),
            max(smallest, unit * math.sqrt(spot.value)),
            spot.value,
            spot.label,
        )
        for spot in found
    )
    return WorldMap(circles, _labels(circles, labels, font))


Box = tuple[float, float, float, float]


def _labels(circles: Sequence[Circle], wanted: int, font: float) -> tuple[Label, ...]:
    placed: list[Label] = []
    boxes: list[Box] = []
    for circle in circles:
        if len(placed) == wanted:
            break
        # A name must not lie on the circle of another named city either.
        marks = [_around(other) for other in circles[:wanted] if other is not circle]
        for label in _positions(circle, font):
            box = _box(label, font)
            if _inside(box) and not any(_touch(box, other) for other in (*boxes, *marks)):
                placed.append(label)
                boxes.append(box)
                break
    return tuple(placed)


def _positions(circle: Circle, font: float) -> tuple[Label, ...]:
    side, middle = circle.radius + font * 0.3, circle.y + font * 0.35
    return (
        Label(circle.x, circle.y - circle.radius - font * 0.35, "middle", circle.label),
        Label(circle.x + side, middle, "start", circle.label),
        Label(circle.x - side, middle, "end", circle.label),
        Label(circle.x, circle.y + circle.radius + font * 0.95, "middle", circle.label),
    )


def _box(label: Label, font: float) -> Box:
    # 0.6 of the height is a generous mean width of a semi-bold letter; wide scripts take a whole square.
    width = sum(font if ord(letter) > 0x2E00 else font * 0.6 for letter in label.text)
    left = {"start": label.x, "middle": label.x - width / 2, "end": label.x - width}[label.anchor]
    return left, label.y - font * 0.85, left + width, label.y + font * 0.3


def _around(circle: Circle) -> Box:
    reach = circle.radius * 0.8
    return circle.x - reach, circle.y - reach, circle.x + reach, circle.y + reach


def _inside(box: Box) -> bool:
    return box[0] >= 0 and box[1] >= 0 and box[2] <= WIDTH and box[3] <= HEIGHT


def _touch(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
