"""Scans are judged by one published set of rules; the vectors are shared with every other engine."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventsys.checkin.rules import (
    LIVE,
    NAMING,
    OVERRIDABLE,
    UNDO_WINDOW,
    Code,
    Holder,
    Profile,
    Reason,
    Result,
    Sighting,
    Stay,
    corrected_time,
    judge,
    may_override,
    may_search,
    read_code,
    within_undo_window,
)
from eventsys.core.tokens import digest, new_token, short_code

VECTORS = json.loads((Path(__file__).parents[2] / "vectors" / "scans.json").read_text())
NINE = datetime(2026, 6, 12, 9, 0, tzinfo=UTC)
TOKEN = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def stay_of(facts: dict[str, Any] | None) -> Stay | None:
    return (
        Stay(moment(facts["first_at"]), facts["inside"], moment(facts["moved_at"]))
        if facts
        else None
    )


@pytest.mark.parametrize("vector", VECTORS["vectors"], ids=lambda vector: vector["name"])
def test_a_scan_is_judged_as_published(vector: dict[str, Any]) -> None:
    holders = tuple(
        Holder(h["event"], h["status"], h["payment"], h["retired"]) for h in vector["holders"]
    )
    scan = vector["scan"]
    sighting = Sighting(
        moment(scan["at"]), moment(scan["received_at"]), scan["direction"], scan["override"]
    )
    verdict = judge(
        read_code(vector["code"]), holders, sighting, VECTORS["event"], stay_of(vector["stay"])
    )
    expected = vector["expect"]
    assert (verdict.result, verdict.reason) == (expected["result"], expected["reason"])
    assert verdict.stay == stay_of(expected["stay"])


def test_the_vectors_show_every_result_and_every_reason() -> None:
    shown = [vector["expect"] for vector in VECTORS["vectors"]]
    assert {expected["result"] for expected in shown} == set(Result)
    assert {expected["reason"] for expected in shown} - {None} == set(Reason)


def test_every_refusal_has_a_reason_and_plain_success_has_none() -> None:
    for expected in (vector["expect"] for vector in VECTORS["vectors"]):
        if expected["result"] not in {Result.ADMITTED, Result.LEFT}:
            assert expected["reason"] is not None


def test_only_the_state_of_a_registration_can_be_overridden() -> None:
    assert OVERRIDABLE <= NAMING
    assert not OVERRIDABLE & {Result.UNKNOWN, Result.MALFORMED, Result.WRONG_EVENT, Result.REVOKED}


@pytest.mark.parametrize(
    "raw",
    [
        TOKEN,
        TOKEN.lower(),
        f"https://host.example/b/{TOKEN}",
        f"HTTPS://HOST/B/{TOKEN}",
        f"  {TOKEN}/ ",
    ],
)
def test_a_badge_is_read_in_every_spelling(raw: str) -> None:
    assert read_code(raw) == Code("badge", digest(TOKEN))


def test_a_short_code_is_read_as_people_type_it() -> None:
    code = short_code(TOKEN)
    assert read_code(code) == Code("short", code)
    assert read_code(f"{code[:4].lower()}-{code[4:]}") == Code("short", code)
    assert read_code(code.replace("0", "O").replace("1", "l")) == Code("short", code)


@given(st.integers(0, 7), st.sampled_from("0123456789ABCDEFGHJKMNPQRSTVWXYZ"))
def test_one_wrong_character_in_a_short_code_is_noticed(place: int, letter: str) -> None:
    code = short_code(TOKEN)
    wrong = code[:place] + letter + code[place + 1 :]
    assert (read_code(wrong).kind == "short") == (wrong == code)


@given(st.text(max_size=400))
def test_any_text_at_all_is_judged_without_a_crash(raw: str) -> None:
    assert read_code(raw).kind in {"badge", "short", "malformed"}


def test_the_token_of_a_device_is_no_badge_of_anybody() -> None:
    assert read_code(new_token()).kind == "malformed"


def test_a_slow_clock_is_corrected_by_what_the_device_says_when_sending() -> None:
    ten_minutes = timedelta(minutes=10)
    assert corrected_time(NINE - ten_minutes, NINE - ten_minutes, NINE) == NINE
    assert corrected_time(NINE - ten_minutes, NINE, NINE) == NINE - ten_minutes


def test_no_scan_was_made_after_it_arrived() -> None:
    assert corrected_time(NINE + timedelta(days=3), None, NINE) == NINE
    assert corrected_time(NINE + timedelta(days=3), NINE, NINE) == NINE


@given(
    st.lists(st.tuples(st.integers(0, 7200), st.booleans()), min_size=1, max_size=12), st.randoms()
)
def test_whatever_order_late_scans_arrive_in_the_first_one_is_the_arrival(
    scans: list[tuple[int, bool]], chance: Any
) -> None:
    holder = (Holder(1, "confirmed", "not_due"),)
    received = NINE + timedelta(hours=5)
    chance.shuffle(scans)
    stay: Stay | None = None
    for second, _ in scans:
        verdict = judge(
            read_code(TOKEN), holder, Sighting(NINE + timedelta(seconds=second), received), 1, stay
        )
        assert verdict.result in {Result.ADMITTED, Result.ALREADY_IN}
        stay = verdict.stay
    assert stay is not None
    assert stay.first_at == NINE + timedelta(seconds=min(second for second, _ in scans))
    assert stay.inside


def test_a_scan_is_live_for_half_a_minute() -> None:
    assert not Sighting(NINE, NINE + LIVE).late
    assert Sighting(NINE, NINE + LIVE + timedelta(milliseconds=1)).late


def test_a_door_only_scans_and_a_desk_may_more() -> None:
    assert may_search(Profile.DESK)
    assert may_override(Profile.DESK)
    assert not may_search(Profile.DOOR)
    assert not may_override(Profile.DOOR)


def test_a_device_may_undo_for_a_quarter_of_an_hour() -> None:
    assert within_undo_window(NINE, NINE + UNDO_WINDOW)
    assert not within_undo_window(NINE, NINE + UNDO_WINDOW + timedelta(seconds=1))


@pytest.mark.parametrize("year", [1, 1970, 9999])
def test_a_clock_that_was_never_set_does_not_date_an_entry(year: int) -> None:
    strange = datetime(year, 12, 31, 23, 59, tzinfo=UTC)
    assert corrected_time(strange, None, NINE) == NINE
    # What it says of itself corrects it, however far it is off.
    assert corrected_time(strange, strange, NINE) == NINE
    assert corrected_time(NINE, strange, NINE) == NINE
