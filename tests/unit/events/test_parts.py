"""Categories and questions: what is wrong, and how options are read."""

from __future__ import annotations

from dataclasses import replace

import pytest

from eventsys.events.rules.kinds import CATEGORIES_OF_KIND, KINDS, categories_of
from eventsys.events.rules.parts import (
    CategoryDraft,
    Option,
    QuestionDraft,
    category_problems,
    preset_category,
    question_problems,
    read_options,
    suggest_code,
)

CATEGORY = CategoryDraft(code="mayor", name={"en": "Mayor"})
QUESTION = QuestionDraft(name="diet", kind="text", label={"en": "Diet"})
TWO = (Option(value="yes", label={"en": "Yes"}), Option(value="no", label={"en": "No"}))


def reasons(problems):
    return [(name, reason) for name, reason, _ in problems]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_starts_with_categories_in_three_languages(kind):
    for code in categories_of(kind):
        preset = preset_category(code)
        assert set(preset.name) == {"en", "es", "fr"}
        assert category_problems(preset) == []
    assert any(preset_category(code).open_to_public for code in categories_of(kind))


def test_the_table_of_kinds_names_no_unknown_kind():
    assert set(CATEGORIES_OF_KIND) <= set(KINDS)


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"name": {}}, ("name", "missing")),
        ({"name": {"es": "x" * 81}}, ("name", "too_long")),
        ({"code": "Mayor!"}, ("code", "bad_code")),
        ({"colour": "teal"}, ("colour", "bad_colour")),
        ({"colour": "#ffff00"}, ("colour", "pale_colour")),
        ({"quota": 0}, ("quota", "out_of_range")),
    ],
)
def test_what_is_wrong_with_a_category_is_named(changes, problem):
    assert reasons(category_problems(replace(CATEGORY, **changes))) == [problem]


def test_a_pale_colour_comes_with_a_readable_one():
    [(_, _, facts)] = category_problems(replace(CATEGORY, colour="#ffff00"))
    assert category_problems(replace(CATEGORY, colour=facts["better"])) == []


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"label": {}}, ("label", "missing")),
        ({"kind": "riddle"}, ("kind", "unknown")),
        ({"name": "email"}, ("name", "name_taken")),
        ({"name": "9lives"}, ("name", "bad_code")),
        ({"kind": "choice"}, ("options", "too_few")),
        ({"kind": "choice", "options": (*TWO, TWO[0])}, ("options", "twice")),
        (
            {"kind": "choices", "options": (TWO[0], Option(value="b", label={}))},
            ("options", "missing"),
        ),
        ({"category_codes": ("ghost",)}, ("category_codes", "unknown")),
    ],
)
def test_what_is_wrong_with_a_question_is_named(changes, problem):
    assert reasons(question_problems(replace(QUESTION, **changes), {"mayor"})) == [problem]


def test_options_are_read_line_by_line_in_all_languages():
    made = read_options({"en": "Vegan\nHalal", "es": "Vegana\n", "fr": ""})
    assert made == (
        Option(value="vegan", label={"en": "Vegan", "es": "Vegana"}),
        Option(value="halal", label={"en": "Halal"}),
    )


def test_an_option_keeps_its_value_when_a_translation_is_added_or_the_order_changes():
    first = read_options({"en": "Vegan\nHalal"})
    again = read_options({"en": "Halal\nVegan", "fr": "Halal\nVégétalien"}, first)
    assert [option.value for option in again] == ["halal", "vegan"]
    assert again[1].label == {"en": "Vegan", "fr": "Végétalien"}


def test_a_new_option_never_takes_the_value_of_one_that_went_away():
    first = (Option(value="vegan", label={"en": "Plants only"}),)
    [made] = read_options({"en": "Vegan"}, first)
    assert made.value == "vegan_2"


def test_options_without_latin_letters_get_values_all_the_same():
    made = read_options({"en": "素食\n清真"})
    assert [option.value for option in made] == ["option_1", "option_2"]


def test_codes_are_made_from_names_and_never_twice():
    assert suggest_code({"es": "Alcaldía electa"}, set(), "category") == "alcaldia_electa"
    assert suggest_code({"en": "Mayor"}, {"mayor", "mayor_2"}, "category") == "mayor_3"
    assert suggest_code({"en": "市长"}, set(), "category") == "category"
