"""Lists that people put in order, one step at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Sequence

Step = Literal["up", "down"]


class Placed(Protocol):
    """A row with its place in a list."""

    position: int


Row = TypeVar("Row", bound=Placed)


def move_one_step(rows: Sequence[Row], row: Row, step: Step) -> bool:
    """Swap a row with its neighbour and number all anew; False at the end of the list, where nothing happens."""
    order = list(rows)
    here = order.index(row)
    there = here + (-1 if step == "up" else 1)
    if not 0 <= there < len(order):
        return False
    order[here], order[there] = order[there], order[here]
    for position, item in enumerate(order):
        item.position = position
    return True
