"""What a new registration becomes."""

from __future__ import annotations

import pytest

from eventsys.registration.rules.decide import Decision, decide
from eventsys.registration.rules.states import ENDED, Status, may_move

OPEN = {"form_open": True, "category_offered": True, "place_given": True, "waiting_list": True}


def test_a_place_confirms():
    assert decide(**OPEN) == Decision(Status.CONFIRMED)


def test_without_a_place_one_waits():
    assert decide(**{**OPEN, "place_given": False}) == Decision(Status.WAITING)


def test_without_a_place_and_a_waiting_list_it_is_full():
    assert decide(**{**OPEN, "place_given": False, "waiting_list": False}) == Decision(
        None, "event_full"
    )


def test_a_closed_form_is_said_before_anything_else():
    closed = {
        "form_open": False,
        "category_offered": False,
        "place_given": False,
        "waiting_list": False,
    }
    assert decide(**closed) == Decision(None, "form_closed")


def test_a_category_that_is_not_offered_is_refused():
    assert decide(**{**OPEN, "category_offered": False}) == Decision(None, "category_not_offered")


@pytest.mark.parametrize("ended", sorted(ENDED))
def test_an_ended_registration_goes_nowhere(ended):
    assert not any(may_move(ended, after) for after in Status)


def test_who_waits_may_be_confirmed_and_not_the_other_way_round():
    assert may_move(Status.WAITING, Status.CONFIRMED)
    assert not may_move(Status.CONFIRMED, Status.WAITING)
