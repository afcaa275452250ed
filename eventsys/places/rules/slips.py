"""When a text is rather a large city with a letter left out, or two swapped, than what else it may be.

People leave out and swap letters far more often than they type a wrong or an additional one, and far more
people type the name of a large city than that of a small town. All of it holds in a known country only.
"""

from __future__ import annotations

from typing import Final

from eventsys.places.rules.decide import (
    DOMINANCE,
    LARGE_CITY,
    RIVAL,
    SHOWN,
    Candidate,
    Decision,
    by_weight,
    is_same_city,
)
from eventsys.places.rules.kinds import NameKind
from eventsys.places.rules.typos import ONE_WORD

TIMES: Final = 10.0  # times as many people as what else may be meant
TIMES_A_NAME: Final = 50.0  # the same where the text is another name of a larger town


def _is_overruled(best: Candidate, rival: Candidate) -> bool:
    """Tell whether a rival is too large to be passed over for the slip."""
    if is_same_city(best, rival):
        return False
    if rival.kind == NameKind.MAIN and rival.nearness >= best.nearness:
        return best.population < DOMINANCE * rival.population  # "Antaya": Antalya or Antakya
    is_name = rival.kind == NameKind.MAIN or rival.nearness > 0
    return is_name and rival.population > TIMES * best.population


def slip_of_large_city(candidates: list[Candidate]) -> Decision | None:
    """Choose the large city whose main name was typed with a slip, if there is only one.

    The candidates are all names one error away. A main name that is as near is a rival like a homonym; what is
    reached by a wrong or an added letter, or is only another name of its place, must be ten times larger.
    """
    meant = [
        c
        for c in candidates
        if c.nearness and c.kind == NameKind.MAIN and c.population >= LARGE_CITY and not c.region
    ]
    if not meant:
        return None
    best = min(meant, key=lambda c: (-c.nearness, -c.population, c.city_id))
    if any(_is_overruled(best, rival) for rival in candidates):
        return None
    others = [c for c in by_weight(candidates) if c.city_id != best.city_id]
    return Decision("resolved", (best, *others)[:SHOWN])


def is_rather_a_slip(exact: Candidate, slip: Candidate) -> bool:
    """Tell whether a text that is a name is rather the slip of a large city.

    ``exact`` bears the text only as another name ("Chengu"), or with other spaces ("Port Alegre",
    "Santo Doming Oeste") or accents ("Goiâna"): where the text is its main name as it stands, nobody asks.
    """
    if exact.city_id == slip.city_id or slip.nearness < ONE_WORD:
        return False
    if exact.kind == NameKind.MAIN and not exact.same_words:
        return TIMES * slip.population >= exact.population
    if exact.kind == NameKind.MAIN or exact.population < RIVAL:
        return slip.population >= TIMES * exact.population
    return slip.population >= TIMES_A_NAME * exact.population


def without_cut_words(candidates: list[Candidate]) -> list[Candidate]:
    """Leave out the main names for which a second word would have to be wrong, too."""
    if not any(c.one_word_errs and c.kind == NameKind.MAIN for c in candidates):
        return candidates
    return [c for c in candidates if c.one_word_errs or c.kind != NameKind.MAIN]
