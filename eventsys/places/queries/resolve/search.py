"""One question put to the index: by name, by state, by typing error, by sound."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from eventsys.core.i18n import country_name
from eventsys.places.queries.index import Named
from eventsys.places.queries.resolve.candidates import (
    candidate_of,
    keeps_accents,
    stands_as_typed,
)
from eventsys.places.rules import typos
from eventsys.places.rules.decide import (
    LARGE_CITY,
    SHOWN,
    WORLD_RIVAL,
    Candidate,
    Decision,
    decide,
    sure_of_misspelling,
)
from eventsys.places.rules.fold import is_logographic, key
from eventsys.places.rules.kinds import NameKind
from eventsys.places.rules.skeleton import skeletons
from eventsys.places.rules.slips import (
    TIMES,
    is_rather_a_slip,
    slip_of_large_city,
    without_cut_words,
)
from eventsys.places.rules.territories import BELONGS, DISPUTED
from eventsys.places.rules.variants import Variant, variants

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from eventsys.places.queries.index import City, Index
    from eventsys.places.queries.resolve.question import Question

LONGEST_REGION: Final = 4  # words of the name of a state or province
MISSPELT_READINGS: Final = 3  # readings compared letter by letter
PLAINLY_MEANT: Final = 200_000  # people; names that begin otherwise are not looked at any more
KNOWN_ELSEWHERE: Final = 100_000  # people; a city of this size in another country is no misspelling
COUNTRY_LANGUAGES: Final = ("en", "es", "fr")


def _compared(spelt: list[Variant]) -> list[Variant]:
    """Give the readings to be compared: ``de Mdrid`` tells no more than ``Mdrid``.

    They are the whole text, what remains when least is taken away ("Quezn City"), and the shortest remains.
    """
    least = [v for v in spelt[1:] if v.cost > 0 and not v.region][:1]
    shortest = sorted(spelt[1:], key=lambda v: len(v.key))[: MISSPELT_READINGS - 1]
    return list(dict.fromkeys([*spelt[:1], *least, *shortest]))


class Search:
    """Looks one question up; keeps the cities it met so that they need no second query."""

    def __init__(self, index: Index, question: Question) -> None:
        """Remember the question."""
        self.index = index
        self.question = question
        self.country = question.country
        self.met: dict[int, City] = {}
        self._read: dict[str, list[Variant]] = {}

    def _readings(self, name: str) -> list[Variant]:
        """Give the readings of a name, worked out once."""
        if name not in self._read:
            self._read[name] = variants(name)
        return self._read[name]

    def decision(self) -> Decision | None:
        """Find the cities that may be meant, by the surest way that finds any."""
        found = (
            self._not_misread(self._first(self._by_whole_name, self._by_region, self._by_name))
            or self._as_country()
            or self._in_territory()
            or self._first(self._by_typing_error, self._by_sound)
            or self._beside_the_name()
            or self._elsewhere()
        )
        named = self.question.named_country
        if found and named and self.country is None and found.ranked[0].country != named:
            return replace(found, status="ambiguous")  # "Cuba" is a country and, in Turkish, a city
        return found

    def _first(self, *ways: Callable[[list[Variant]], Decision | None]) -> Decision | None:
        for find in ways:
            for name in self.question.names:
                readings = self._readings(name)
                found = find(readings) if readings else None
                if found is not None:
                    return self._whole_misspelt(name) or found
        return None

    def _whole_misspelt(self, name: str) -> Decision | None:
        """Prefer the misspelt whole to its exact part: ``Zürich (Kries 11)`` is not just Zürich."""
        return None if name == self.question.names[0] else self._misspelt_whole()

    def _misspelt_whole(self) -> Decision | None:
        found = self._by_typing_error(self._readings(self.question.names[0])[:1])
        return found if found is not None and found.status == "resolved" else None

    def _not_misread(self, found: Decision | None) -> Decision | None:
        """Prefer a large city, misspelt: to a region in the text ("Hon Kong Island"), to another name."""
        if found is None or self.country is None:
            return found
        if found.ranked[0].region:
            whole = self._misspelt_whole()
            return whole if whole is not None and whole.ranked[0].nearness else found
        return self._rather_a_slip(found) or found

    def _keep(self, found: Iterable[Named]) -> list[Named]:
        kept = list(found)
        self.met.update((named.city.id, named.city) for named in kept)
        return kept

    def _decide(self, candidates: list[Candidate]) -> Decision:
        return decide(candidates, country_known=self.country is not None)

    def _in_region(self, found: list[Named], region_keys: frozenset[str]) -> list[Named]:
        return [
            n for n in found if region_keys & self.index.admin_keys(n.city.country, n.city.admin1)
        ]

    def _by_whole_name(self, readings: list[Variant]) -> Decision | None:
        """Take the text as it stands: before its last word is read as a state or an institution.

        Without a country ``Hamilton City``, as one city is called, may be another Hamilton as well.
        """
        found = self._by_name([v for v in readings if v.cost == 0])
        if found is not None and self.country is not None:
            return self._rather_its_city(found, readings)
        if found is None or found.status != "resolved":
            return found
        stripped = self._by_name([v for v in readings if v.cost > 0 and not v.region])
        rivals = tuple(
            rival
            for rival in (stripped.ranked if stripped else ())
            if rival.city_id != found.ranked[0].city_id
            and rival.kind == NameKind.MAIN
            and rival.population >= WORLD_RIVAL
        )
        ranked = (*rivals, *(c for c in found.ranked if c not in rivals))[:SHOWN]
        return Decision("ambiguous", ranked) if rivals else found

    def _rather_a_slip(self, found: Decision) -> Decision | None:
        """Prefer a large city whose main name is one slip away to what bears the text otherwise.

        ``Chengu`` is another name of Chenggu, and Chengdu without its d.
        """
        exact = found.ranked[0]
        typed = self._reading_of(exact)
        if typed is None or not self._may_be_misspelt(typed):
            return None
        found_by = Named(exact.key, exact.kind, self.met[exact.city_id])
        if stands_as_typed(found_by, typed):
            return None
        size = len(typed.key)
        names = self.index.typo_keys(self.country, size, size + 1, typed.key[0])
        near = typos.slipped(typed.key, names)
        slip = slip_of_large_city(
            [
                candidate_of(named, typed, 1)
                for named in self._keep(self.index.named(near, self.country))
                if named.city.id != exact.city_id
            ]
        )
        if slip is None or not is_rather_a_slip(exact, slip.ranked[0]):
            return None
        if exact.same_words and not keeps_accents(self.met[slip.ranked[0].city_id], typed):
            return None
        ranked = (*slip.ranked[:1], *(c for c in found.ranked if c not in slip.ranked[:1]))
        return Decision("resolved", ranked[:SHOWN])

    def _reading_of(self, exact: Candidate) -> Variant | None:
        readings = [v for found in self._read.values() for v in found if v.key == exact.key]
        return min(readings, key=lambda v: v.cost, default=None)

    @staticmethod
    def _may_be_misspelt(reading: Variant) -> bool:
        return typos.allowed_errors(reading.key) > 0 and not is_logographic(reading.key)

    def _rather_its_city(self, found: Decision, readings: list[Variant]) -> Decision:
        """Prefer a large city with its institution to another name of a small place.

        ``City of Victoria`` is another name of Central, one of its parts.
        """
        exact = found.ranked[0]
        if exact.kind == NameKind.MAIN:
            return found
        city = self._by_name([v for v in readings if v.cost > 0 and not v.region])
        if city is None or city.status != "resolved":
            return found
        best = city.ranked[0]
        is_large = best.population >= max(LARGE_CITY, TIMES * exact.population)
        return city if is_large and best.kind == NameKind.MAIN else found

    def _by_name(self, readings: list[Variant]) -> Decision | None:
        """Take the first reading that is a name; a surer reading is never overruled."""
        found = self._keep(self.index.named([v.key for v in readings], self.country))
        if found and self.question.beside:
            found = self._in_region(found, self.question.keys_beside) or found
        for cost in sorted({v.cost for v in readings}):
            for region in (False, True):
                chosen = {v.key: v for v in readings if v.cost == cost and v.region == region}
                candidates = [candidate_of(n, chosen[n.key]) for n in found if n.key in chosen]
                if candidates:
                    return self._decide(candidates)
        return None

    def _by_region(self, readings: list[Variant]) -> Decision | None:
        """Take the last words as a state or province: ``Springfield Illinois``, ``Portland OR``."""
        typed = readings[0].spaced.split()
        for size in range(min(LONGEST_REGION, len(typed) - 1), 0, -1):
            name, region = typed[:-size], "".join(typed[-size:])
            found = self._keep(self.index.named(["".join(name)], self.country))
            inside = self._in_region(found, frozenset([region]))
            if inside:
                return self._decide(
                    [candidate_of(n, Variant(n.key, 1, spaced=" ".join(name))) for n in inside]
                )
        return None

    def _by_typing_error(self, readings: list[Variant]) -> Decision | None:
        """Find the names that differ by the fewest typing errors."""
        spelt = [v for v in readings if self._may_be_misspelt(v)]
        nearest = self._nearest(_compared(spelt))
        if not nearest:
            return None
        fewest, cost = min((distance, variant.cost) for _name, distance, variant in nearest)
        chosen = {n: v for n, distance, v in nearest if (distance, v.cost) == (fewest, cost)}
        found = self._keep(self.index.named(list(chosen), self.country))
        candidates = [candidate_of(n, chosen[n.key], fewest) for n in found]
        slip = slip_of_large_city(candidates) if self.country else None
        if slip is not None:
            return slip
        decision = self._decide(without_cut_words(candidates))
        if decision.status != "resolved" or self._is_misspelt_city(decision, spelt, chosen):
            return decision
        return replace(decision, status="ambiguous")

    def _nearest(self, spelt: list[Variant]) -> list[tuple[str, int, Variant]]:
        """Compare with the names that begin alike; with the others when that finds no large city."""
        found = [near for variant in spelt for near in self._beginning_alike(variant)]
        keys = [name for name, distance, _variant in found if distance == 1]
        if not spelt or (keys and self.index.is_large_city(keys, PLAINLY_MEANT)):
            return found
        remains = min(spelt, key=lambda variant: len(variant.key))
        others = self.index.beginning_otherwise(remains.key, self.country)
        return [*found, *((name, 1, remains) for name in others)]

    def _beginning_alike(self, variant: Variant) -> list[tuple[str, int, Variant]]:
        errors = typos.allowed_errors(variant.key) if self.country else 1
        size = len(variant.key)
        names = self.index.typo_keys(
            self.country, size - errors, size + errors, "".join(dict.fromkeys(variant.key[:2]))
        )
        nearest = typos.nearest(variant.key, names, errors)
        return [(name, distance, variant) for name, distance in nearest]

    def _is_misspelt_city(
        self, decision: Decision, spelt: list[Variant], chosen: dict[str, Variant]
    ) -> bool:
        """Tell a misspelt city from a village, and from a city of another country."""
        if self.country is None:
            return False
        keys = [v.key for v in spelt]
        best = self.met[decision.ranked[0].city_id]
        sounds = any(
            skeletons(v.key) & skeletons(key(name))
            for v in chosen.values()
            for name in (best.name, *best.names.values())
        )
        return (
            sure_of_misspelling(decision.ranked[0], len(next(iter(chosen))), sounds_alike=sounds)
            and not self.index.is_small_place(keys, self.country)
            and not self.index.is_large_city(keys, KNOWN_ELSEWHERE)
        )

    def _by_sound(self, readings: list[Variant]) -> Decision | None:
        """Compare consonants, across alphabets and spellings, inside a country."""
        if not self.country:
            return None
        for variant in readings:
            found = self._keep(
                named
                for bones in sorted(skeletons(variant.key))
                for named in self.index.sounding(bones, self.country)
                if not variant.key.isascii() or typos.alike(variant.key, key(named.city.name))
            )
            if found:
                decision = self._decide([candidate_of(n, variant, 2) for n in found])
                keys = [v.key for v in readings]
                if self.index.is_small_place(keys, self.country) or self.index.is_large_city(
                    keys, KNOWN_ELSEWHERE
                ):
                    return replace(decision, status="ambiguous")
                return decision
        return None

    def _as_country(self) -> Decision | None:
        """Take the name of a country for the city that bears it: ``Andorre`` in Andorra."""
        if self.country is None or self.question.named_country != self.country:
            return None
        keys = list({key(country_name(self.country, language)) for language in COUNTRY_LANGUAGES})
        found = self._keep(self.index.named(keys, self.country))
        return self._decide([candidate_of(n, Variant(n.key, 1)) for n in found]) if found else None

    def _in_territory(self) -> Decision | None:
        """Look in territories that people count to a country: Hong Kong in China."""
        for group in (BELONGS, DISPUTED):
            for territory in group.get(self.country or "", ()):
                found = Search(self.index, replace(self.question, country=territory))
                decision = found.by_name()
                if decision is not None:
                    self.met |= found.met
                    return decision if group is BELONGS else replace(decision, status="ambiguous")
        return None

    def by_name(self) -> Decision | None:
        """Find by name and nothing else."""
        return self._first(self._by_name)

    def _beside_the_name(self) -> Decision | None:
        """Take what stands beside the name for the city (``Town hall, Quito``): a person has to confirm it."""
        for name in self.question.beside:
            decision = self._by_name(variants(name))
            if decision is not None:
                return replace(decision, status="ambiguous")
        return None

    def _elsewhere(self) -> Decision | None:
        """Show the cities of that name in other countries: a person has to find out what is wrong."""
        if self.country is None:
            return None
        found = Search(self.index, replace(self.question, country=None))
        decision = found.by_name()
        if decision is None:
            return None
        self.met |= found.met
        return replace(decision, status="ambiguous")
