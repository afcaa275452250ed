"""Categories and questions of an event: what an organiser enters, and what is wrong with it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from eventsys.core.text import fold
from eventsys.events.rules.colour import READABLE, WHITE, contrast, read_colour, readable_on
from eventsys.events.rules.draft import MOST_PLACES, Problem, Texts
from eventsys.events.rules.kinds import CATEGORY_KINDS

CODE: Final = re.compile(r"[a-z][a-z0-9_-]{0,39}")
NAME_LENGTH: Final = 80
LABEL_LENGTH: Final = 300
HINT_LENGTH: Final = 1_000
OPTION_LENGTH: Final = 200
MOST_OPTIONS: Final = 100
MOST_QUESTIONS: Final = 60
MOST_CATEGORIES: Final = 40

QUESTION_KINDS: Final = ("text", "long_text", "choice", "choices", "yes_no", "number", "date")
WITH_OPTIONS: Final = frozenset({"choice", "choices"})
# Names that the form has already: a question of that name would overwrite an answer.
TAKEN_NAMES: Final = frozenset(
    {"first_name", "last_name", "email", "gender", "country", "city", "city_id", "organisation", "job_title",
     "category", "consent", "language", "photo_consent", "participation", "csrf_token", "status", "registered_at",
     "checked_in_at", "member"},
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryDraft:
    """What an organiser enters of a category."""

    code: str
    name: Texts
    hint: Texts = field(default_factory=dict)
    colour: str = "#0a5a7a"
    quota: int | None = None
    counted: bool = True
    speaker: bool = False
    open_to_public: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One answer to choose, and its words by language."""

    value: str
    label: Texts


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionDraft:
    """What an organiser enters of a question. ``category_codes`` empty: asked of everybody."""

    name: str
    kind: str
    label: Texts
    hint: Texts = field(default_factory=dict)
    section: Texts = field(default_factory=dict)
    options: tuple[Option, ...] = ()
    category_codes: tuple[str, ...] = ()
    required: bool = False
    sensitive: bool = False


def preset_category(code: str) -> CategoryDraft:
    """Give one of the usual categories with its names in three languages."""
    for known, english, spanish, french, colour, speaker, counted, open_to_public in CATEGORY_KINDS:
        if known == code:
            return CategoryDraft(
                code=code,
                name={"en": english, "es": spanish, "fr": french},
                colour=colour,
                speaker=speaker,
                counted=counted,
                open_to_public=open_to_public,
            )
    raise KeyError(code)


def suggest_code(texts: Texts, taken: frozenset[str] | set[str], default: str) -> str:
    """Make a code from a name: ``Elected official`` becomes ``elected_official``; never one that is taken."""
    text = next((texts[language] for language in ("en", "es", "fr") if texts.get(language)), "")
    words = "_".join(re.findall(r"[a-z0-9]+", fold(text)))[:34].strip("_")
    base = words if CODE.fullmatch(words) else default
    code, number = base, 1
    while code in taken:
        number += 1
        code = f"{base}_{number}"
    return code


def category_problems(draft: CategoryDraft) -> list[Problem]:
    """List what is wrong with a category."""
    found = _text_problems("name", draft.name, NAME_LENGTH, needed=True)
    found += _text_problems("hint", draft.hint, HINT_LENGTH)
    if not CODE.fullmatch(draft.code):
        found.append(("code", "bad_code", {}))
    colour = read_colour(draft.colour)
    if colour is None:
        found.append(("colour", "bad_colour", {}))
    elif contrast(colour, WHITE) < READABLE:
        found.append(("colour", "pale_colour", {"better": readable_on(colour, WHITE)}))
    if draft.quota is not None and not 1 <= draft.quota <= MOST_PLACES:
        found.append(("quota", "out_of_range", {"limit": MOST_PLACES}))
    return found


def question_problems(draft: QuestionDraft, category_codes: set[str]) -> list[Problem]:
    """List what is wrong with a question of an event that has these categories."""
    found = _text_problems("label", draft.label, LABEL_LENGTH, needed=True)
    found += _text_problems("hint", draft.hint, HINT_LENGTH)
    found += _text_problems("section", draft.section, LABEL_LENGTH)
    if draft.kind not in QUESTION_KINDS:
        found.append(("kind", "unknown", {"value": draft.kind}))
    if not CODE.fullmatch(draft.name):
        found.append(("name", "bad_code", {}))
    elif draft.name in TAKEN_NAMES:
        found.append(("name", "name_taken", {}))
    if draft.kind in WITH_OPTIONS:
        found += _option_problems(draft.options)
    found.extend(
        ("category_codes", "unknown", {"value": code})
        for code in draft.category_codes
        if code not in category_codes
    )
    return found


def _option_problems(options: tuple[Option, ...]) -> list[Problem]:
    if len(options) < 2:
        return [("options", "too_few", {})]
    if len(options) > MOST_OPTIONS:
        return [("options", "too_many", {"limit": MOST_OPTIONS})]
    found: list[Problem] = []
    values = [option.value for option in options]
    if len(set(values)) < len(values):
        found.append(("options", "twice", {}))
    if not all(CODE.fullmatch(value) for value in values):
        found.append(("options", "bad_code", {}))
    for option in options:
        found.extend(_text_problems("options", option.label, OPTION_LENGTH, needed=True))
    return found[:1]


def _text_problems(name: str, texts: Texts, limit: int, *, needed: bool = False) -> list[Problem]:
    if needed and not any(texts.values()):
        return [(name, "missing", {})]
    if any(len(text) > limit for text in texts.values()):
        return [(name, "too_long", {"limit": limit})]
    return []


def read_options(columns: dict[str, str], known: tuple[Option, ...] = ()) -> tuple[Option, ...]:
    """Read options typed one per line, a column of lines for each language; line n is one option.

    An option keeps its stored value when its words in any language are still the same: answers that
    were given must not change their meaning when a translation is added.
    """
    lines = {language: text.splitlines() for language, text in columns.items()}
    lines = {language: [line.strip() for line in texts] for language, texts in lines.items()}
    made: list[Option] = []
    taken: set[str] = set()
    for number in range(max((len(texts) for texts in lines.values()), default=0)):
        label = {
            language: texts[number]
            for language, texts in lines.items()
            if number < len(texts) and texts[number]
        }
        if not label:
            continue
        value = _known_value(label, known, taken) or suggest_code(
            label,
            taken | {option.value for option in known},
            f"option_{number + 1}",
        )
        taken.add(value)
        made.append(Option(value=value, label=label))
    return tuple(made)


def _known_value(label: Texts, known: tuple[Option, ...], taken: set[str]) -> str | None:
    for option in known:
        if option.value not in taken and any(
            option.label.get(language) == text for language, text in label.items()
        ):
            return option.value
    return None
