"""How sure it is that a name means a city: the closed set kept with each name in the index."""

from __future__ import annotations

from enum import IntEnum


class NameKind(IntEnum):
    """The smaller the surer."""

    MAIN = 0  # the name GeoNames prints, our display names and the curated aliases
    OTHER = 1  # an alternate name of GeoNames, in any language
    STANDS_FOR = 2  # a region, a part or an acronym of several: a person has to confirm it
