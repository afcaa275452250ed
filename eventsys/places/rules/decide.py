"""Which of the cities that bear a name is meant, and whether that is sure enough to go unasked."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final, Literal

from eventsys.places.rules.kinds import NameKind

Status = Literal["resolved", "ambiguous", "unknown"]

MAIN_BONUS: Final = 1.5  # a main name weighs as much as thirty times the people
TYPO_MAIN_BONUS: Final = (
    3.0  # alternate names are many: one of them is near almost any misspelt word
)
SOUND_BONUS: Final = 1.0  # an alternate name that is the main name in another alphabet or spelling
SAME_WORDS_BONUS: Final = 0.5  # "Arifwala" before "Arif Wala" when that is what was typed
SAME_ACCENTS_BONUS: Final = 0.5  # "Tōkai" before "Tokai" when that is what was typed
SLIP_BONUS: Final = 0.7
FIRST_LETTER: Final = 0.7  # people seldom miss the first letter
DOMINANCE: Final = 6.0  # times as many people as the next city of that name, in a known country
RIVAL: Final = 15_000  # people; a city of this size that bears the same main name is a real homonym
RIVAL_DOMINANCE: Final = 7.0  # times its people, instead
WORLD_DOMINANCE: Final = 30.0  # the same without a country
WORLD_OTHER_DOMINANCE: Final = (
    10.0  # the same where the next city has that name only in another language
)
WORLD_SMALLEST: Final = {
    NameKind.MAIN: 15_000,
    NameKind.OTHER: 100_000,
}  # without a country; smaller ones are asked
WORLD_RIVAL: Final = 100_000  # a city of this size is never passed over when no country is known
SAME_PLACE_KM: Final = 25.0  # a district that bears its city's name is no homonym
TWIN_KM: Final = 10.0  # nearer than that it is one city entered twice
LARGE_CITY: Final = 150_000  # people
LARGE_TWIN_KM: Final = 50.0  # a large city and its municipality, entered by the same name
ROUNDED: Final = 1_000  # populations are rounded to it: two of them may be equal by chance
DISTRICT: Final = 3.0  # times as many people as its district: else they are neighbours
EARTH_KM: Final = 6371.0
OTHER_NAME_POPULATION: Final = (
    50_000  # alternate names of smaller cities are not trusted with an error
)
TWO_ERRORS_LETTERS: Final = 14  # a shorter name with two errors is only shown, not taken
SHOWN: Final = 8  # alternatives given


@dataclass(frozen=True, slots=True)
class Candidate:
    """A city that may be meant; ``distance`` counts typing errors, ``cost`` what was taken away."""

    city_id: int
    country: str
    population: int
    lat: float
    lon: float
    kind: int
    admin1: str = ""
    cost: int = 0
    distance: int = 0
    region: bool = False
    same_sound: bool = False
    same_words: bool = False
    same_accents: bool = False
    same_start: bool = True
    slip: bool = False  # letters doubled or in the wrong order: likelier than a wrong letter
    key: str = ""  # the name it was found by
    nearness: int = 0  # of a slip: see typos.slip_nearness
    one_word_errs: bool = False  # all the other typed words are words of its name

    @property
    def weight(self) -> float:
        """Compare homonyms: the order of magnitude of the population, main names first."""
        weight = math.log10(self.population + 100)
        if self.kind == NameKind.MAIN:
            weight += TYPO_MAIN_BONUS if self.distance == 1 else MAIN_BONUS
        elif self.same_sound:
            weight += SOUND_BONUS
        if self.same_words:
            weight += SAME_WORDS_BONUS
        if self.same_accents:
            weight += SAME_ACCENTS_BONUS
        if self.slip:
            weight += SLIP_BONUS
        return weight if self.same_start else weight - FIRST_LETTER

    @property
    def score(self) -> float:
        """Say how near the name is to what was typed, from 0 to 1."""
        kind = {NameKind.MAIN: 1.0, NameKind.OTHER: 0.95}.get(NameKind(self.kind), 0.6)
        return round(max(0.0, kind - 0.05 * min(self.cost, 3) - 0.1 * self.distance), 3)


@dataclass(frozen=True, slots=True)
class Decision:
    """What follows from the candidates, the best first."""

    status: Status
    ranked: tuple[Candidate, ...]


def kilometres(one: Candidate, other: Candidate) -> float:
    """Measure the way between two cities (great circle)."""
    lat1, lat2 = math.radians(one.lat), math.radians(other.lat)
    half_lat, half_lon = (lat2 - lat1) / 2, math.radians(other.lon - one.lon) / 2
    chord = math.sin(half_lat) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin(half_lon) ** 2
    return 2 * EARTH_KM * math.asin(min(1.0, math.sqrt(chord)))


def _is_same_place(best: Candidate, rival: Candidate) -> bool:
    if best.country != rival.country:
        return False
    if _is_double_entry(best, rival) or _is_its_part(best, rival):
        return True
    if best.admin1 != rival.admin1:
        return False
    is_district = best.population >= DISTRICT * rival.population
    return kilometres(best, rival) <= (SAME_PLACE_KM if is_district else TWIN_KM)


def _is_double_entry(best: Candidate, rival: Candidate) -> bool:
    """Tell a large city that was entered twice, be it with the people of its district.

    Small towns of one name may have been given the same figure by mistake: they are asked.
    """
    if best.key != rival.key or {best.kind, rival.kind} != {NameKind.MAIN}:
        return False
    if best.population < LARGE_CITY:
        return False
    if best.population == rival.population and best.population % ROUNDED:
        return True
    return best.admin1 == rival.admin1 and kilometres(best, rival) <= LARGE_TWIN_KM


def _is_its_part(best: Candidate, rival: Candidate) -> bool:
    """Tell Kowloon City, a district, from Kowloon where both readings are open: ``Kowloon City Council``."""
    return (
        rival.key.startswith(best.key)
        and rival.key != best.key != ""
        and best.population >= DISTRICT * rival.population
        and kilometres(best, rival) <= SAME_PLACE_KM
    )


def _dominates(best: Candidate, rival: Candidate, *, country_known: bool) -> bool:
    if _is_same_place(best, rival):
        return True
    if country_known:
        is_homonym = rival.kind == NameKind.MAIN and rival.population >= RIVAL
        times = RIVAL_DOMINANCE if is_homonym else DOMINANCE
        return best.weight - rival.weight >= math.log10(times)
    times = WORLD_OTHER_DOMINANCE if rival.kind > best.kind else WORLD_DOMINANCE
    return rival.population < WORLD_RIVAL and best.population >= times * rival.population


def is_same_city(best: Candidate, rival: Candidate) -> bool:
    """Tell whether two candidates are one city: the same entry, a double one, its district."""
    return best.city_id == rival.city_id or _is_same_place(best, rival)


def by_weight(candidates: list[Candidate]) -> list[Candidate]:
    """Give each city once, by the name that weighs most; the best city first."""
    best_of: dict[int, Candidate] = {}
    for candidate in candidates:
        known = best_of.get(candidate.city_id)
        if known is None or (candidate.weight, -candidate.cost) > (known.weight, -known.cost):
            best_of[candidate.city_id] = candidate
    return sorted(best_of.values(), key=lambda c: (-c.weight, c.cost, c.city_id))


def decide(candidates: list[Candidate], *, country_known: bool) -> Decision:
    """Choose among cities that bear the same name.

    Resolved only when the best one dominates every other; a name that merely stands for the city, or
    a region of that name, is never resolved without a person.
    """
    if not candidates:
        return Decision("unknown", ())
    ranked = by_weight(candidates)
    best = ranked[0]
    sure = not best.region and best.kind != NameKind.STANDS_FOR
    sure = sure and all(
        _dominates(best, rival, country_known=country_known) for rival in ranked[1:]
    )
    if not country_known:
        sure = sure and best.population >= WORLD_SMALLEST.get(NameKind(best.kind), 0)
    return Decision("resolved" if sure else "ambiguous", tuple(ranked[:SHOWN]))


def sure_of_misspelling(best: Candidate, letters: int, *, sounds_alike: bool) -> bool:
    """Tell whether a misspelt name of so many letters may be taken for the city without a person."""
    if best.distance > 1 and letters < TWO_ERRORS_LETTERS and not sounds_alike:
        return False
    return best.kind == NameKind.MAIN or best.same_sound or best.population >= OTHER_NAME_POPULATION
