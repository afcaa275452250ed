"""Lines and columns over time: a scale with round numbers, and labels at the ends that never collide."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

_STEPS: Final = (1, 2, 2.5, 5, 10)


@dataclass(frozen=True, slots=True)
class Frame:
    """The drawing in its own units, and the room for the axis and the labels around the plot."""

    width: int
    height: int
    left: int
    right: int
    top: int = 12
    bottom: int = 26

    @property
    def floor(self) -> int:
        """The height of the zero line."""
        return self.height - self.bottom

    @property
    def end(self) -> int:
        """The right edge of the plot."""
        return self.width - self.right


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark on an axis: its position and the number or index it stands for."""

    at: float
    value: int


@dataclass(frozen=True, slots=True)
class End:
    """The end of a line: the dot, and the height of its label, moved so that labels keep apart."""

    x: float
    y: float
    label_y: float
    value: int


@dataclass(frozen=True, slots=True)
class LineChart:
    """Everything to draw: one path and one end for each series."""

    frame: Frame
    paths: tuple[str, ...]
    ends: tuple[End, ...]
    rows: tuple[Tick, ...]
    columns: tuple[Tick, ...]


def round_scale(largest: int, marks: int = 4) -> tuple[int, ...]:
    """Give whole, round marks from 0 to at least the largest value, about so many."""
    if largest <= 0:
        return (0, 1)
    raw = max(1.0, largest / marks)
    power = 10 ** math.floor(math.log10(raw))
    step = max(1, math.ceil(next(power * step for step in _STEPS if power * step >= raw)))
    return tuple(range(0, step * math.ceil(largest / step) + 1, step))


def apart(wanted: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Move heights as little as needed so that neighbours are at least ``gap`` apart, inside low … high."""
    order = sorted(range(len(wanted)), key=lambda index: wanted[index])
    placed: dict[int, float] = {}
    floor = low
    for index in order:
        placed[index] = max(wanted[index], floor)
        floor = placed[index] + gap
    ceiling = high
    for index in reversed(order):
        placed[index] = min(placed[index], ceiling)
        ceiling = placed[index] - gap
    return [placed[index] for index in range(len(wanted))]


def line_chart(
    series: Sequence[Sequence[int]], frame: Frame, *, columns: int, gap: float = 30
) -> LineChart:
    """Draw series of equal length over the same points in time. ``columns``: how many dates to mark."""
    count = max((len(values) for values in series), default=0)
    marks = round_scale(max((value for values in series for value in values), default=0))

    def x(index: int) -> float:
        return frame.left + (frame.end - frame.left) * (index / (count - 1) if count > 1 else 0.5)

    def y(value: int) -> float:
        return frame.floor - (frame.floor - frame.top) * value / marks[-1]

    paths = tuple(
        "M" + "L".join(f"{x(index):.1f} {y(value):.1f}" for index, value in enumerate(values))
        for values in series
        if values
    )
    finals = [values[-1] for values in series if values]
    heights = apart([y(value) for value in finals], gap, frame.top, frame.floor - 4)
    return LineChart(
        frame,
        paths,
        tuple(
            End(x(count - 1), y(value), height, value)
            for value, height in zip(finals, heights, strict=True)
        ),
        tuple(Tick(y(value), value) for value in marks),
        tuple(Tick(x(index), index) for index in spread(count, columns)),
    )


def spread(count: int, wanted: int) -> list[int]:
    """Choose indexes evenly, the first and the last among them."""
    if count <= wanted:
        return list(range(count))
    return [round(number * (count - 1) / (wanted - 1)) for number in range(wanted)]


def running(values: Sequence[int]) -> list[int]:
    """Give the running sums of a series."""
    return list(accumulate(values))
