"""Which of the cities of one name is meant."""

from __future__ import annotations

from dataclasses import replace

import pytest

from eventsys.places.rules import typos
from eventsys.places.rules.decide import Candidate, decide, sure_of_misspelling
from eventsys.places.rules.kinds import NameKind
from eventsys.places.rules.slips import is_rather_a_slip, slip_of_large_city, without_cut_words


def city(number, population, *, country="US", lat=0.0, kind=NameKind.MAIN, **more):
    return Candidate(number, country, population, lat, 0.0, kind, **more)


def test_nobody_is_unknown():
    assert decide([], country_known=True).status == "unknown"


def test_one_city_is_resolved():
    assert decide([city(1, 5_000)], country_known=True).status == "resolved"


def test_a_much_larger_city_is_meant_in_a_known_country():
    found = decide([city(1, 90_000), city(2, 900_000, lat=10)], country_known=True)
    assert (found.status, found.ranked[0].city_id) == ("resolved", 2)


def test_cities_of_one_order_are_asked():
    found = decide([city(1, 300_000), city(2, 900_000, lat=10)], country_known=True)
    assert found.status == "ambiguous"
    assert [c.city_id for c in found.ranked] == [2, 1]


def test_a_district_beside_its_city_is_no_homonym():
    found = decide([city(1, 130_000, lat=0.1), city(2, 400_000)], country_known=True)
    assert (found.status, found.ranked[0].city_id) == ("resolved", 2)


def test_neighbours_of_one_order_are_homonyms_and_twin_entries_are_not():
    neighbours = [city(1, 50_000, lat=0.1, key="nagold"), city(2, 140_000, key="nagold")]
    assert decide(neighbours, country_known=True).status == "ambiguous"
    kansas_city = [city(1, 150_000, lat=0.04, admin1="KS"), city(2, 470_000, admin1="MO")]
    assert decide(kansas_city, country_known=True).status == "ambiguous"
    twins = [city(1, 350_000, lat=0.05), city(2, 400_000)]
    assert decide(twins, country_known=True).status == "resolved"


def test_a_large_city_and_its_municipality_are_one():
    near = [city(1, 240_000, lat=0.3, key="buena"), city(2, 430_000, key="buena")]
    assert decide(near, country_known=True).status == "resolved"
    far = [city(1, 240_000, lat=0.6, key="buena"), city(2, 430_000, key="buena")]
    assert decide(far, country_known=True).status == "ambiguous"
    other_state = [replace(near[0], admin1="X"), near[1]]
    assert decide(other_state, country_known=True).status == "ambiguous"


def test_a_large_city_entered_twice_is_one_wherever_its_entries_lie():
    twice = [city(2, 194_342, lat=1, key="karuri"), city(1, 194_342, key="karuri", admin1="X")]
    found = decide(twice, country_known=True)
    assert (found.status, found.ranked[0].city_id) == ("resolved", 1)
    rounded = [replace(entry, population=200_000) for entry in twice]
    assert decide(rounded, country_known=True).status == "ambiguous"
    towns = [replace(entry, population=63_319) for entry in twice]
    assert decide(towns, country_known=True).status == "ambiguous"


def test_a_part_that_is_called_after_its_city_is_no_rival():
    city_, part = city(1, 2_200_000, key="kowloon"), city(2, 410_000, key="kowlooncity", admin1="X")
    assert decide([city_, part], country_known=True).status == "resolved"
    assert decide([city_, replace(part, lat=1.0)], country_known=True).status == "ambiguous"


def test_a_town_of_the_same_main_name_is_passed_over_only_by_a_much_larger_city():
    portland = [city(1, 66_000), city(2, 450_000, lat=9)]
    assert decide(portland, country_known=True).status == "ambiguous"
    village = [city(1, 6_000), city(2, 41_000, lat=9)]
    assert decide(village, country_known=True).status == "resolved"


def test_without_a_country_a_large_homonym_is_always_asked():
    london = [city(1, 9_000_000, country="GB"), city(2, 400_000, country="CA", lat=40)]
    assert decide(london, country_known=False).status == "ambiguous"
    paris = [city(1, 2_000_000, country="FR"), city(2, 25_000, lat=40)]
    assert decide(paris, country_known=False).status == "resolved"


def test_without_a_country_a_small_town_is_asked():
    assert decide([city(1, 8_000)], country_known=False).status == "ambiguous"


def test_what_stands_for_a_city_needs_a_person():
    gauteng = [city(1, 4_000_000, kind=NameKind.STANDS_FOR)]
    assert decide(gauteng, country_known=True).status == "ambiguous"
    assert decide([city(1, 4_000_000, region=True)], country_known=True).status == "ambiguous"


def test_the_main_name_weighs_more_than_another_name():
    found = decide(
        [city(1, 300_000), city(2, 1_000_000, lat=9, kind=NameKind.OTHER)], country_known=True
    )
    assert (found.status, found.ranked[0].city_id) == ("resolved", 1)


def test_what_was_typed_letter_by_letter_weighs_more():
    plain, accented = city(1, 40_000), city(2, 35_000, lat=9, same_words=True, same_accents=True)
    assert decide([plain, accented], country_known=True).ranked[0].city_id == 2


def test_two_errors_in_a_short_name_are_only_shown():
    assert not sure_of_misspelling(city(1, 900_000, distance=2), 10, sounds_alike=False)
    assert sure_of_misspelling(city(1, 900_000, distance=2), 10, sounds_alike=True)
    assert sure_of_misspelling(city(1, 900_000, distance=1), 6, sounds_alike=False)


def test_the_score_falls_with_errors_and_with_what_was_taken_away():
    exact = city(1, 1).score
    assert exact > city(1, 1, cost=1).score > city(1, 1, distance=1).score
    assert (
        exact > city(1, 1, kind=NameKind.OTHER).score > city(1, 1, kind=NameKind.STANDS_FOR).score
    )


def test_swapped_and_doubled_letters_are_slips():
    assert typos.is_slip("troonto", "toronto")
    assert typos.is_slip("maddrid", "madrid")
    assert not typos.is_slip("mdrid", "madrid")
    assert not typos.is_slip("maltid", "madrid")


def test_the_nearest_names_are_given():
    names = ["toronto", "torino", "trento"]
    assert typos.nearest("troonto", names, 1) == [("toronto", 1)]
    assert typos.nearest("xxxxxxx", names, 1) == []
    assert typos.nearest("torino", [], 1) == []
    assert [typos.allowed_errors("a" * n) for n in (3, 4, 9, 10)] == [0, 1, 1, 2]


@pytest.mark.parametrize(
    ("typed", "name", "nearness"),
    [
        ("mdrid", "madrid", typos.ONE_WORD),
        ("mardid", "madrid", typos.ONE_WORD),
        ("maltid", "madrid", 0),
        ("maddrid", "madrid", 0),  # an added letter
        ("adrid", "madrid", 0),  # the first letter stands
        ("lt krabang", "lat krabang", typos.ONE_WORD),
        ("el ued", "el oued", typos.ONE_WORD),
        ("lac eiba", "la ceiba", typos.ONE_SPACE),
        ("lt krabang", "latkrabang", typos.OTHER_SPACES),
        ("santo doming oeste", "santo domingo oeste", typos.ONE_WORD),
        ("santo doming oeste", "santo domingo este", typos.ONE_SPACE),
    ],
)
def test_how_near_a_slip_is(typed, name, nearness):
    assert typos.slip_nearness(typed.split(), name.split()) == nearness


def slip(number, population, **more):
    return city(number, population, distance=1, nearness=typos.ONE_WORD, lat=number, **more)


def test_the_slip_of_a_large_city_is_chosen_before_other_errors():
    wrong_letter = city(1, 900_000, distance=1, lat=1)
    assert slip_of_large_city([wrong_letter, slip(2, 200_000)]).ranked[0].city_id == 2
    assert (
        slip_of_large_city([replace(wrong_letter, population=3_000_000), slip(2, 200_000)]) is None
    )


def test_the_slips_of_two_cities_of_one_order_are_not_told_apart():
    assert slip_of_large_city([slip(1, 1_300_000), slip(2, 400_000)]) is None
    assert slip_of_large_city([slip(1, 1_300_000), slip(2, 200_000)]).ranked[0].city_id == 1
    assert slip_of_large_city([slip(1, 140_000)]) is None
    assert slip_of_large_city([slip(1, 900_000, kind=NameKind.OTHER)]) is None


def test_a_name_is_a_slip_only_where_its_bearer_is_much_smaller():
    large = slip(1, 1_000_000)
    assert is_rather_a_slip(city(2, 14_000, kind=NameKind.OTHER), large)
    assert not is_rather_a_slip(city(2, 30_000, kind=NameKind.OTHER), large)
    assert is_rather_a_slip(city(2, 19_000, kind=NameKind.OTHER), large)
    assert not is_rather_a_slip(city(2, 14_000, kind=NameKind.OTHER), replace(large, nearness=2))
    other_spaces, other_accents = city(2, 1_500_000), city(2, 1_500_000, same_words=True)
    assert is_rather_a_slip(other_spaces, large)
    assert not is_rather_a_slip(other_accents, large)


def test_a_name_in_which_two_words_would_be_wrong_is_left_out():
    whole, cut = city(1, 10_000, one_word_errs=True), city(2, 900_000)
    assert without_cut_words([cut, whole]) == [whole]
    assert without_cut_words([cut]) == [cut]
