"""No hidden number can be worked out from what is published."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from eventsys.statistics.rules.hiding import Flow, flows_of_row, flows_of_table, flows_of_tree, hide
from eventsys.statistics.rules.publication import flows_of_people

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

K = 5
small_counts = st.integers(min_value=0, max_value=9)


def row(**cells: int) -> frozenset[Hashable] | None:
    return hide(flows_of_row(cells), K)


def other_value(flows: Sequence[Flow], hidden: frozenset[Hashable], k: int, key: Hashable) -> bool:
    """Search for a world in which one hidden number differs and nothing that is published does.

    For a reader who knows the rule and which hidden numbers are small. Steps of one person are enough to try:
    where a larger step is possible, so is that of one.
    """
    secret = sorted((f for f in flows if f.key in hidden), key=lambda f: f.key != key)
    left = Counter(node for flow in secret for node in (flow.tail, flow.head))
    gained: Counter[Hashable] = Counter()

    def search(number: int) -> bool:
        if number == len(secret):
            return True
        flow = secret[number]
        for step in (1, -1) if number == 0 else (0, 1, -1):
            value = flow.value + step
            if value < 1 or (value < k) != (flow.value < k):
                continue
            for node, sign in ((flow.tail, -1), (flow.head, 1)):
                gained[node] += sign * step
                left[node] -= 1
            closed = all(left[node] or not gained[node] for node in (flow.tail, flow.head))
            found = closed and search(number + 1)
            for node, sign in ((flow.tail, -1), (flow.head, 1)):
                gained[node] -= sign * step
                left[node] += 1
            if found:
                return True
        return False

    return search(0)


def assert_nothing_is_given_away(flows: Sequence[Flow], k: int) -> None:
    hidden = hide(flows, k)
    if hidden is None:
        return
    small = {flow.key for flow in flows if 0 < flow.value < k}
    assert small <= hidden
    for key in small:
        assert other_value(flows, hidden, k, key), (key, hidden)


def test_large_groups_stay() -> None:
    assert row(woman=120, man=130) == set()


def test_a_small_group_takes_the_next_smallest_with_it() -> None:
    assert row(woman=120, man=130, other=3) == {"other", "woman"}


def test_two_small_groups_protect_each_other() -> None:
    assert row(woman=120, man=130, first=3, second=2) == {"first", "second"}


def test_two_groups_of_one_do_not_protect_each_other() -> None:
    assert row(woman=120, man=130, first=1, second=1) == {"first", "second", "woman"}


def test_two_groups_of_four_do_not_protect_each_other() -> None:
    assert row(woman=120, man=130, first=4, second=4) == {"first", "second", "woman"}


def test_a_true_zero_stays() -> None:
    assert row(woman=120, man=130, first=3, second=0) == {"first", "woman"}


def test_one_small_group_alone_cannot_be_published() -> None:
    assert row(only=3) is None


def test_a_country_is_hidden_in_its_region_and_its_city_with_it() -> None:
    tree = flows_of_tree(
        {
            ("150", "ES", "1"): 20,
            ("150", "ES", "2"): 9,
            ("150", "FR", "3"): 3,
            ("002", "MA", "4"): 30,
            ("002", "SN", "5"): 40,
        },
    )

    hidden = hide(tree, K)

    assert hidden is not None
    assert {("150", "FR"), ("150", "FR", "3"), ("150", "ES"), ("150", "ES", "2")} == hidden


@given(st.lists(small_counts, min_size=1, max_size=4), st.integers(min_value=3, max_value=6))
def test_no_hidden_number_of_a_row_can_be_derived(values: list[int], k: int) -> None:
    assert_nothing_is_given_away(
        flows_of_row({str(index): value for index, value in enumerate(values)}), k
    )


@settings(max_examples=50, deadline=None)
@given(
    st.lists(
        st.lists(st.integers(min_value=0, max_value=6), min_size=2, max_size=2),
        min_size=2,
        max_size=3,
    )
)
def test_no_hidden_number_of_a_table_can_be_derived(values: list[list[int]]) -> None:
    table = {
        f"r{r}": {f"c{c}": value for c, value in enumerate(cells)} for r, cells in enumerate(values)
    }
    assert_nothing_is_given_away(flows_of_table(table), 3)


@settings(max_examples=50, deadline=None)
@given(
    st.dictionaries(
        st.tuples(st.sampled_from("AB"), st.sampled_from("xyz")),
        st.integers(min_value=1, max_value=7),
        min_size=1,
        max_size=5,
    ),
)
def test_no_hidden_number_of_a_tree_can_be_derived(leaves: dict[tuple[str, str], int]) -> None:
    assert_nothing_is_given_away(flows_of_tree(dict(leaves)), 3)


@given(st.lists(small_counts, min_size=1, max_size=8), st.integers(min_value=3, max_value=10))
def test_zeros_are_never_hidden(values: list[int], k: int) -> None:
    cells = {str(index): value for index, value in enumerate(values)}
    hidden = hide(flows_of_row(cells), k)
    assert hidden is None or not any(cells[str(key)] == 0 for key in hidden)


@settings(max_examples=30, deadline=None)
@given(
    st.lists(
        st.lists(st.integers(min_value=0, max_value=5), min_size=3, max_size=3),
        min_size=1,
        max_size=2,
    )
)
def test_no_hidden_gender_can_be_derived_from_categories_and_known_answers(
    rows: list[list[int]],
) -> None:
    answers = ("woman", "man", "prefer not to say")
    table = {f"c{number}": dict(zip(answers, row, strict=True)) for number, row in enumerate(rows)}
    gender = {answer: sum(cells[answer] for cells in table.values()) for answer in answers}
    assert_nothing_is_given_away(flows_of_people(table, gender), 3)
    assert_nothing_is_given_away(flows_of_people({}, gender), 3)
