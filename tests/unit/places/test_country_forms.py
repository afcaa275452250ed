"""The forms in which people write a country."""

from __future__ import annotations

import pytest

from eventsys.places.rules.country_forms import MOST_FORMS, country_keys


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("The Gambia", "gambia"),
        ("Gambia, The", "gambia"),
        ("Los Países Bajos", "paisesbajos"),
        ("the USA", "usa"),
        ("Republic of Kosovo", "kosovo"),
        ("Kingdom of Eswatini", "eswatini"),
        ("Federal Republic of Nigeria", "nigeria"),
        ("Rép. du Congo", "congo"),
        ("Korea, Rep.", "republickorea"),
        ("China, People's Republic of", "peoplesrepublicofchina"),
        ("Trinidad and Tobago", "trinidadtobago"),
        ("St. Lucia", "saintlucia"),
    ],
)
def test_a_form_leads_to_the_plain_name(text, key):
    assert key in country_keys(text)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Democratic Republic of the Congo", "congo"),  # there are two
        ("Democratic People's Republic of Korea", "korea"),
        ("State of Georgia", "georgia"),  # in the United States
        ("La Mar", "mar"),  # the code of Morocco
    ],
)
def test_a_form_that_may_mean_another_country_is_left_alone(text, key):
    assert key not in country_keys(text)


def test_the_text_as_it_stands_comes_first_and_forms_are_few():
    assert country_keys("El Salvador")[0] == "elsalvador"
    assert len(country_keys("st is rep dem fed " * 4)) < 2 * MOST_FORMS
    assert country_keys(" , ") == []
