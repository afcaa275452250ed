"""Small groups: no published number gives a group of 1 to k-1 people away (k = 5, setting 3 to 10).

Published numbers are edges of a network: each flows from a sum into the sum that it is part of, and the
grand total flows back, so that in every node what flows in equals what flows out. A hidden number can
be derived exactly when it lies on no circle along which one could shift one person without touching a
published number. So every small number that lies on no such circle gets one, by hiding the numbers on
the cheapest circle (fewest people hidden). Source: J. P. Kelly, "Confidentiality protection in two and
three-dimensional tables" (1990), network-flow cell suppression.

A true zero is never hidden and stays 0. The rule is strict: even somebody who knows which of the hidden
numbers are small finds at least two possible values for each.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping, Sequence

K_RANGE: Final = (3, 10)
DEFAULT_K: Final = 5


@dataclass(frozen=True, slots=True)
class Flow:
    """One published number: ``value`` people flow from the node ``tail`` to the node ``head``.

    ``fixed``: known anyway (a total printed elsewhere), never hidden.
    """

    key: Hashable
    tail: Hashable
    head: Hashable
    value: int
    fixed: bool = False


def is_small(value: int, k: int) -> bool:
    """Tell whether a count would show a group too small to publish."""
    return 0 < value < k


def hide(flows: Sequence[Flow], k: int = DEFAULT_K) -> frozenset[Hashable] | None:
    """Choose the numbers to hide; None when nothing of these numbers can be published safely."""
    hidden = {flow.key for flow in flows if is_small(flow.value, k) and not flow.fixed}
    network = _Network(flows, k, hidden)
    for flow in sorted((f for f in flows if f.key in hidden), key=lambda f: f.value):
        if not network.protect(flow):
            return None
    return frozenset(network.hidden)


class _Network:
    """The residual network: along an arc, one person more (forwards) or fewer (backwards)."""

    def __init__(self, flows: Sequence[Flow], k: int, hidden: set[Hashable]) -> None:
        self.k = k
        self.hidden = hidden
        self.at: dict[Hashable, list[Flow]] = defaultdict(list)
        for flow in flows:
            if flow.value > 0 and not flow.fixed:
                self.at[flow.tail].append(flow)
                self.at[flow.head].append(flow)

    def may_grow(self, flow: Flow) -> bool:
        return flow.value != self.k - 1

    def may_shrink(self, flow: Flow) -> bool:
        return flow.value not in {1, self.k}

    def protect(self, flow: Flow) -> bool:
        """Hide what is needed so that the number has a second possible value."""
        ways = []
        if self.may_grow(flow):
            ways.append(self._circle(flow, flow.head, flow.tail))
        if self.may_shrink(flow):
            ways.append(self._circle(flow, flow.tail, flow.head))
        found = [way for way in ways if way is not None]
        if not found:
            return False
        self.hidden.update(min(found, key=lambda way: way[0])[1])
        return True

    def _arcs(self, node: Hashable) -> Iterable[tuple[Flow, Hashable]]:
        for flow in self.at[node]:
            if flow.tail == node and self.may_grow(flow):
                yield flow, flow.head
            elif flow.head == node and self.may_shrink(flow):
                yield flow, flow.tail

    def _circle(
        self, own: Flow, start: Hashable, goal: Hashable
    ) -> tuple[int, set[Hashable]] | None:
        """Find the cheapest way back from start to goal (Dijkstra); hidden numbers cost nothing."""
        tie = count()
        queue: list[tuple[int, int, Hashable]] = [(0, next(tie), start)]
        best: dict[Hashable, int] = {start: 0}
        came: dict[Hashable, tuple[Hashable, Hashable]] = {}
        while queue:
            cost, _, node = heapq.heappop(queue)
            if node == goal:
                return cost, _walk(came, start, goal)
            if cost > best[node]:
                continue
            for flow, other in self._arcs(node):
                if flow.key == own.key:
                    continue
                reached = cost + (0 if flow.key in self.hidden else flow.value)
                if reached < best.get(other, reached + 1):
                    best[other] = reached
                    came[other] = (node, flow.key)
                    heapq.heappush(queue, (reached, next(tie), other))
        return None


def _walk(
    came: Mapping[Hashable, tuple[Hashable, Hashable]], start: Hashable, goal: Hashable
) -> set[Hashable]:
    keys, node = set(), goal
    while node != start:
        node, key = came[node]
        keys.add(key)
    return keys


def flows_of_row(cells: Mapping[str, int]) -> list[Flow]:
    """Describe one row of numbers whose total is published."""
    return [Flow(key, "all", "part", value) for key, value in cells.items()]


def flows_of_table(table: Mapping[str, Mapping[str, int]]) -> list[Flow]:
    """Describe a two-way table with its totals. Keys: (row, column), (row, None), (None, column)."""
    flows: list[Flow] = []
    columns: dict[str, int] = defaultdict(int)
    for row, cells in table.items():
        flows.append(Flow((row, None), "rows", ("row", row), sum(cells.values())))
        for column, value in cells.items():
            flows.append(Flow((row, column), ("row", row), ("column", column), value))
            columns[column] += value
    flows.extend(
        Flow((None, column), ("column", column), "columns", value)
        for column, value in columns.items()
    )
    # The grand total closes the circle; it is printed at the head of the page.
    return flows


def flows_of_tree(leaves: Mapping[tuple[str, ...], int]) -> list[Flow]:
    """Describe nested numbers: a leaf such as (region, country, city) and the sums above it.

    Keys are the paths: (region,), (region, country), (region, country, city).
    """
    sums: dict[tuple[str, ...], int] = defaultdict(int)
    for path, value in leaves.items():
        for depth in range(1, len(path) + 1):
            sums[path[:depth]] += value
    inner = {path[:depth] for path in leaves for depth in range(1, len(path))}
    flows = []
    for path, value in sums.items():
        tail: Hashable = path if path in inner else "leaves"
        head: Hashable = path[:-1] or "all"
        flows.append(Flow(path, tail, head, value))
    return flows
