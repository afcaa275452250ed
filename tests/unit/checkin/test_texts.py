"""Nobody at the door meets a verdict without a word, a shape, a colour, a sound and a next step."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from eventsys.checkin.rules import OVERRIDABLE, Reason, Result
from eventsys.web.desk.pages import SCREENS
from eventsys.web.desk.texts import TEXTS
from eventsys.web.shared.verdicts import LOGGED, REASONS, WORDS

ROOT = Path(__file__).parents[3]
# The result says it all: a second sentence would only be noise.
SILENT = {
    Reason.EARLIER_ENTRY, Reason.NO_SUCH_CODE, Reason.NOT_A_BADGE, Reason.OTHER_EVENT, Reason.REPLACED,
    Reason.WAITING, Reason.CANCELLED, Reason.DUE,
}  # fmt: skip
PASSED = {Result.ADMITTED, Result.LEFT}


@pytest.mark.parametrize("screen", SCREENS)
def test_every_verdict_has_word_shape_colour_and_sound(screen: str) -> None:
    assert f"word.{screen}" in TEXTS
    assert f'id="shape-{screen}"' in (ROOT / "templates/desk/shapes.html").read_text()
    assert f'[data-result="{screen}"]' in (ROOT / "static/desk/desk.css").read_text()
    if screen != "checking":
        sound = (ROOT / "static/desk/sound.js").read_text()
        assert len(re.findall(rf"\b{screen}: \[", sound)) == 2


def test_every_verdict_sounds_and_shakes_differently() -> None:
    sound = (ROOT / "static/desk/sound.js").read_text()
    tunes = re.findall(r"^  (\w+): (\[\[.*\]\]),$", sound, re.MULTILINE)
    assert len(tunes) == len(SCREENS) - 1
    assert len({tune for _, tune in tunes}) == len(tunes)


@pytest.mark.parametrize("result", set(Result) - PASSED)
def test_every_refusal_says_what_to_do_next(result: Result) -> None:
    assert f"next.{result}" in TEXTS


@pytest.mark.parametrize("reason", set(Reason) - SILENT - {Reason.RE_ENTRY})
def test_every_reason_that_adds_something_is_said(reason: Reason) -> None:
    assert f"reason.{reason}" in TEXTS
    assert reason in REASONS


def test_the_office_has_a_word_for_every_result() -> None:
    assert set(Result) | {"undone"} == set(WORDS) == set(LOGGED)


def test_every_text_that_a_script_asks_for_exists() -> None:
    asked = set()
    for file in (ROOT / "static/desk").glob("*.js"):
        asked |= set(re.findall(r"""\bt\(\s*"([\w.]+)\"""", file.read_text()))
    for file in (ROOT / "templates/desk").glob("*.html"):
        asked |= set(re.findall(r'data-(?:text|label)="([\w.]+)"', file.read_text()))
    assert asked - set(TEXTS) == set()
    assert OVERRIDABLE
