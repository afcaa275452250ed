"""What a new registration becomes."""

from __future__ import annotations

from dataclasses import dataclass

from eventsys.registration.rules.states import Status


@dataclass(frozen=True, slots=True)
class Decision:
    """A status, or the code of a refusal."""

    status: Status | None
    refusal: str | None = None


def decide(
    *,
    form_open: bool,
    category_offered: bool,
    place_given: bool,
    waiting_list: bool,
    pay_first: bool = False,
) -> Decision:
    """Decide in a fixed order: is the form open, is the category offered, is there a place, may one wait.

    With ``pay_first`` the place is held, and the registration is confirmed when its fee has come.
    """
    if not form_open:
        return Decision(None, "form_closed")
    if not category_offered:
        return Decision(None, "category_not_offered")
    if place_given:
        return Decision(Status.SUBMITTED if pay_first else Status.CONFIRMED)
    if waiting_list:
        return Decision(Status.WAITING)
    return Decision(None, "event_full")
