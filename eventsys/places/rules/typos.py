"""Typing errors: one letter left out, doubled, wrong, or two in the wrong order."""

from __future__ import annotations

import re
from typing import Final

from rapidfuzz import process
from rapidfuzz.distance import OSA

ONE_ERROR: Final = 4  # letters from which one error is forgiven
_DOUBLED: Final = re.compile(r"(.)\1+")
ALIKE_LETTERS: Final = 3  # letters to one difference
TWO_ERRORS: Final = 10  # letters from which two errors are forgiven
# How near a slip is to a name.
ONE_WORD: Final = 3  # all other words stand as they are
ONE_SPACE: Final = 2  # the space itself was the slip
OTHER_SPACES: Final = 1  # the spaces differ besides


def allowed_errors(key: str) -> int:
    """Say how many typing errors a name of this length may have."""
    if len(key) >= TWO_ERRORS:
        return 2
    return 1 if len(key) >= ONE_ERROR else 0


def nearest(key: str, names: list[str], errors: int) -> list[tuple[str, int]]:
    """Give the names with the fewest errors, none with more than ``errors``."""
    if not names or errors < 1:
        return []
    found = process.extract(key, names, scorer=OSA.distance, score_cutoff=errors, limit=30)
    if not found:
        return []
    fewest = min(distance for _name, distance, _place in found)
    return [(name, int(distance)) for name, distance, _place in found if distance == fewest]


def alike(key: str, name: str) -> bool:
    """Tell whether two names with the same consonants are near enough to be spellings of one name."""
    return OSA.distance(key, name) <= max(1, min(len(key), len(name)) // ALIKE_LETTERS)


def is_slip(key: str, name: str) -> bool:
    """Tell a slip of the fingers (two letters swapped, one doubled) from a wrong or missing letter."""
    swapped = len(key) == len(name) and sorted(key) == sorted(name)
    return swapped or (
        len(key) > len(name) and _DOUBLED.sub(r"\1", key) == _DOUBLED.sub(r"\1", name)
    )


def is_drop_or_swap(typed: str, name: str) -> bool:
    """Tell whether one letter was left out of a name or two neighbours were swapped, after its first letter.

    These are the errors of people who know the name; a wrong or an added letter is another name as often.
    """
    if typed[:1] != name[:1] or len(name) - len(typed) not in {0, 1}:
        return False
    if len(name) == len(typed) and sorted(typed) != sorted(name):
        return False
    return OSA.distance(typed, name, score_cutoff=1) == 1


def slipped(typed: str, names: list[str]) -> list[str]:
    """Give the names of which a text is a slip."""
    near = process.extract(typed, names, scorer=OSA.distance, score_cutoff=1, limit=None)
    return [name for name, _distance, _place in near if is_drop_or_swap(typed, name)]


def errs_in_one_word(typed: list[str], name: list[str]) -> bool:
    """Tell whether a name has all the typed words but one: ``Santo Dominggo Este`` is not Oeste."""
    if len(typed) != len(name):
        return False
    return sum(one != other for one, other in zip(typed, name, strict=True)) == 1


def slip_nearness(typed: list[str], name: list[str]) -> int:
    """Say how near a slip (a letter left out, two neighbours swapped) is to a name; 0 is no slip.

    ``Lt Krabang`` is nearer to Lat Krabang than to Latkrabang, where the space is one error more.
    """
    if is_drop_or_swap(" ".join(typed), " ".join(name)):
        return ONE_WORD if errs_in_one_word(typed, name) else ONE_SPACE
    return OTHER_SPACES if is_drop_or_swap("".join(typed), "".join(name)) else 0
