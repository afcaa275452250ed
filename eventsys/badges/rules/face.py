"""What a badge shows, and where: facts in, data of ``templates/documents/badge.typ`` out.

A badge is A6 upright. From the top: the event, the name as large as it fits, the organisation and the
place beside the code, the category as a band of its colour. Distances in millimetres.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from eventsys.events.rules.colour import WHITE, contrast, read_colour
from eventsys.files import qr
from eventsys.files.fitting import MILLIMETRE, Piece, Text, fit, prepare
from eventsys.files.scripts import is_east_asian

LAYOUTS: Final = ("a6", "a4")
WIDTH: Final = 105.0
HEIGHT: Final = 148.5
MARGIN: Final = 8.0
CODE: Final = 31.0  # the code without its white border; under 30 mm phones must come too near
NAME_ON_ONE_LINE: Final = 31  # points: a name this large is not broken to make it larger
BLACK: Final = "#000000"  # with white, the only pair of which one is readable on every colour
DEFAULT_HUE: Final = "#0a5a7a"
_FULL: Final = WIDTH - 2 * MARGIN


@dataclass(frozen=True, slots=True)
class Person:
    """What is known of the person, in the words that were given."""

    first_name: str
    last_name: str
    job_title: str
    organisation: str
    city: str
    country: str
    country_code: str | None
    language: str
    photo_consent: bool | None


@dataclass(frozen=True, slots=True)
class Heading:
    """The event as a badge names it, in the person's language."""

    title: str
    when: str
    hue: str


@dataclass(frozen=True, slots=True)
class Band:
    """The category: its name in the person's language, its colour."""

    name: str
    colour: str


def grouped(short_code: str) -> str:
    """Write a short code in groups of four."""
    return "-".join(short_code[place : place + 4] for place in range(0, len(short_code), 4))


def ink_on(colour: str) -> str:
    """Choose white or black for a text on a colour, whichever is read better (WCAG contrast)."""
    return WHITE if contrast(WHITE, colour) >= contrast(BLACK, colour) else BLACK


def name_lines(person: Person) -> list[str]:
    """Give the name in one or two lines, the larger one first.

    Names in Han characters, kana or Hangul are one line, family name first, as their bearers write them.
    """
    given, family = person.first_name.strip(), person.last_name.strip()
    if given and family and is_east_asian(given) and is_east_asian(family):
        return [f"{family}{given}"]
    return [part for part in (given, family) if part]


def boxes() -> dict[str, list[float]]:
    """Give the places on the badge in points: x, y, width, height, seen from the leading edge."""
    quiet = CODE * qr.QUIET / 29  # white border, at the size of the usual code of 29 modules
    outer = CODE + 2 * quiet
    places = {
        "mark": (MARGIN, 9, 14, 1.6),
        "head": (MARGIN, 12.4, _FULL - 9, 14),
        "photo": (WIDTH - MARGIN - 7.2, 8.6, 7.2, 7.2),
        "names": (MARGIN, 29, _FULL, 51),
        "facts": (MARGIN, 86, _FULL - CODE - 5, 40),
        "code": (WIDTH - MARGIN - CODE - quiet, 81.5, outer, outer),
        "digits": (WIDTH - MARGIN - CODE, 81.5 + CODE + quiet + 3, CODE, 5),
        "band": (MARGIN, 130, _FULL, 18.5),
    }
    return {name: [round(part * MILLIMETRE, 2) for part in place] for name, place in places.items()}


def badge(
    person: Person, heading: Heading, band: Band, *, payload: str, short_code: str
) -> dict[str, Any]:
    """Compose one badge."""
    modules = qr.matrix(payload)
    colour = read_colour(band.colour) or DEFAULT_HUE
    names = [
        prepare(text, language=person.language, country=person.country_code, unbroken=True)
        for text in name_lines(person)
    ]
    return {
        "head": _fit_head(heading, person.language),
        "names": _fit_names(names),
        "facts": _fit_facts(person),
        "band": _fit_band(band.name, person.language),
        "hue": read_colour(heading.hue) or DEFAULT_HUE,
        "colour": colour,
        "ink": ink_on(colour),
        "rtl": bool(names) and names[0].right_to_left,
        "qr": qr.path(modules, qr.QUIET),
        "modules": len(modules) + 2 * qr.QUIET,
        "digits": grouped(short_code),
        "lang": person.language,
        "no_photo": person.photo_consent is False,
    }


def document(
    badges: list[dict[str, Any]], *, layout: str, title: str, language: str
) -> dict[str, Any]:
    """Compose the document of several badges."""
    return {
        "layout": layout,
        "title": title,
        "language": language,
        "page": [WIDTH * MILLIMETRE, HEIGHT * MILLIMETRE],
        "boxes": boxes(),
        "badges": badges,
    }


def printed_texts(person: Person) -> list[str]:
    """List the person's own words that stand on the badge: those whose characters must be known."""
    texts = (
        person.first_name,
        person.last_name,
        person.job_title,
        person.organisation,
        person.city,
    )
    return [text for text in texts if text]


@lru_cache(maxsize=64)
def _fit_head(heading: Heading, language: str) -> list[dict[str, Any]]:
    pieces = [Piece(prepare(heading.title, language=language), 1.0, 0.12, style="strong")]
    if heading.when:
        pieces.append(Piece(prepare(heading.when, language=language), 0.76, 0.15, 0.3, "muted"))
    return fit(pieces, 12, 7, *_inside("head"))


def _fit_names(names: list[Text]) -> list[dict[str, Any]]:
    """Fit the name: on one line each if that leaves it large, else broken at its spaces."""
    styles = (("given", 1.0, 0.0), ("family", 0.74, 0.16))
    pieces = [
        Piece(text, share, 0.08, gap, style)
        for text, (style, share, gap) in zip(names, styles, strict=False)
    ]
    width, height = _inside("names")
    largest: float = 50 if len(pieces) > 1 else 62
    unbroken = width / max((piece.text.length * piece.share for piece in pieces), default=1)
    if unbroken >= NAME_ON_ONE_LINE:
        largest = min(largest, unbroken)
    return fit(pieces, largest, 9, width, height)


def _fit_facts(person: Person) -> list[dict[str, Any]]:
    lines = (
        (person.organisation, 1.0, "strong", 0.0),
        (person.job_title, 0.84, "muted", 0.25),
        (person.city, 1.1, "strong", 0.75),
        (person.country, 0.84, "muted", 0.15),
    )
    pieces = [
        Piece(
            prepare(text, language=person.language, country=person.country_code),
            share,
            0.12,
            gap,
            style,
        )
        for text, share, style, gap in lines
        if text.strip()
    ]
    return fit(pieces, 12, 5, *_inside("facts"))


@lru_cache(maxsize=256)
def _fit_band(name: str, language: str) -> list[dict[str, Any]]:
    _, _, width, height = boxes()["band"]
    return fit(
        [Piece(prepare(name or "-", language=language), 1.0, 0.1, style="given")],
        24,
        8,
        width,
        height - 8,
    )


@lru_cache(maxsize=16)
def _inside(name: str) -> tuple[float, float]:
    _, _, width, height = boxes()[name]
    return width, height
