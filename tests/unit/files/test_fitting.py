from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventsys.files.fitting import Piece, count_lines, fit, height_at, prepare, sizes_at
from eventsys.files.scripts import is_east_asian, is_right_to_left, language_of

LONG_WORD = "Wolfeschlegelsteinhausenbergerdorff"


def sizes(text: str, width: float, height: float, largest: float = 40) -> float:
    return float(fit([Piece(prepare(text, language="es"))], largest, 8, width, height)[0]["size"])


def test_short_name_gets_the_largest_size() -> None:
    assert sizes("Ana", 250, 150) == 40


def test_longer_name_is_smaller_and_never_higher_than_its_box() -> None:
    name = "María de los Ángeles Guadalupe Fernández-Villaverde y Rodríguez de la Borbolla"
    pieces = [Piece(prepare(name, language="es"))]
    size = sizes(name, 250, 150)
    assert 8 < size < 40
    assert height_at(pieces, [size], 250) <= 150


def test_word_that_cannot_be_broken_is_never_wider_than_its_box() -> None:
    text = prepare(LONG_WORD, language="de")
    assert text.widest * sizes(LONG_WORD, 250, 150) <= 250
    assert count_lines(text, sizes(LONG_WORD, 250, 150), 250) == 1


def test_endless_word_is_broken_so_that_it_can_still_be_read() -> None:
    assert sizes("A" * 150, 250, 150) > 12
    assert prepare(LONG_WORD, language="de").text == LONG_WORD


def test_long_word_shrinks_alone() -> None:
    pieces = [Piece(prepare("Hubert", language="de")), Piece(prepare(LONG_WORD, language="de"))]
    first, second = sizes_at(pieces, 40, 250)
    assert first == 40
    assert second < 20


def test_name_is_broken_after_a_hyphen_between_letters_only() -> None:
    assert len(prepare("Wójcik-Żółtowski", language="pl").words) == 2
    assert len(prepare("3-2", language="pl").words) == 1


def test_chinese_organisation_is_broken_and_chinese_name_is_not() -> None:
    text = "广州市人民政府外事办公室"
    assert len(prepare(text, language="es").words) == len(text)
    assert len(prepare(text, language="es", unbroken=True).words) == 1


def test_signs_without_a_font_are_left_out_and_letters_are_kept() -> None:
    assert prepare("Ana 🙂 Li", language="es").text == "Ana Li"
    assert prepare("🙂", language="es").text == "🙂"
    assert prepare("བོད", language="es").text == "བོད"


@pytest.mark.parametrize(
    ("text", "country", "language"),
    [
        ("Núria", "ES", "ca"),
        ("محمد", "MA", "ar"),
        ("پریسا", "IR", "fa"),
        ("יעל", "IL", "he"),
        ("王", "CN", "zh"),
        ("佐藤", "JP", "ja"),
        ("さくら", None, "ja"),
        ("김", None, "ko"),
        ("Љубица", "RS", "sr"),
        ("प्रिया", "IN", "hi"),
    ],
)
def test_language_is_found_by_script_and_country(
    text: str, country: str | None, language: str
) -> None:
    assert language_of(text, "ca", country) == language


def test_direction_is_that_of_the_first_letter() -> None:
    assert is_right_to_left("(12) محمد Ali")
    assert not is_right_to_left("Ali محمد")
    assert not is_right_to_left("123")


def test_east_asian_is_said_of_pure_names_only() -> None:
    assert is_east_asian("佐々木さくら")
    assert not is_east_asian("Kim 민준")
    assert not is_east_asian("")


@given(st.text(max_size=120), st.floats(20, 400), st.floats(20, 400))
def test_any_text_fits_its_box(text: str, width: float, height: float) -> None:
    pieces = [Piece(prepare(text, language="en"))]
    size = fit(pieces, 40, 6, width, height)[0]["size"]
    assert size > 0
    assert height_at(pieces, [size], width) <= height + 0.5 or size <= 1
