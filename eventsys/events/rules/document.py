"""An event written as a JSON document: what its fields mean, and what is wrong with them.

Only fields that are there are read, so that a document can also change a part of an event. Times are
clock times of the event's place unless they carry an offset.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, cast

from eventsys.core.text import clean
from eventsys.events.rules.colour import read_colour
from eventsys.events.rules.draft import FIRST_YEAR, LAST_YEAR, local_time, timezones
from eventsys.events.rules.kinds import CATEGORY_KINDS
from eventsys.events.rules.parts import CategoryDraft, Option, QuestionDraft, preset_category

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from eventsys.events.rules.draft import Problem, Texts

LANGUAGES: Final = ("en", "es", "fr")
TEXTS: Final = ("title", "summary", "description", "venue")
PARAGRAPHS: Final = frozenset({"summary", "description"})
STRINGS: Final = ("slug", "kind", "format", "timezone", "online_url", "contact_email", "series")
MOMENTS: Final = (
    "starts_at",
    "ends_at",
    "registration_opens_at",
    "registration_closes_at",
    "change_until",
)
NEEDED: Final = ("slug", "title", "kind", "format", "starts_at", "ends_at", "timezone")
OTHERS: Final = (
    "city",
    "country",
    "capacity",
    "waiting_list",
    "hue",
    "published",
    "categories",
    "questions",
)
KNOWN: Final = frozenset({*TEXTS, *STRINGS, *MOMENTS, *OTHERS})


@dataclass(slots=True)
class Document:
    """What a document says: fields of the draft, the place as typed, categories, questions."""

    fields: dict[str, Any] = field(default_factory=dict)
    city: str | None = None
    country: str | None = None
    published: bool | None = None
    categories: list[CategoryDraft] | None = None
    questions: list[QuestionDraft] | None = None
    problems: list[Problem] = field(default_factory=list)

    def wrong(self, name: str, reason: str, **facts: object) -> None:
        """Note a problem of a field."""
        self.problems.append((name, reason, facts))


def read_document(data: object, zone: str | None = None) -> Document:
    """Read a document. ``zone`` is the time zone of the event that it changes, if there is one."""
    found = Document()
    if not isinstance(data, dict):
        found.wrong("document", "not_an_object")
        return found
    for name in data:
        if name not in KNOWN:
            found.wrong(str(name), "unknown_field")
    for name in TEXTS:
        _take(found, data, name, _paragraphs if name in PARAGRAPHS else _texts)
    for name in STRINGS:
        _take(found, data, name, _string)
    _take(found, data, "capacity", _count)
    _take(found, data, "waiting_list", _flag)
    _take(found, data, "hue", _colour)
    _read_moments(found, data, zone)
    _read_rest(found, data)
    return found


class _WrongError(Exception):
    def __init__(self, reason: str, **facts: object) -> None:
        super().__init__(reason)
        self.reason = reason
        self.facts = facts


def _take(found: Document, data: Mapping[str, Any], name: str, read: Callable[[Any], Any]) -> None:
    if name not in data:
        return
    try:
        found.fields[name] = read(data[name])
    except _WrongError as error:
        found.wrong(name, error.reason, **error.facts)


def _string(value: object) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        raise _WrongError("not_text")
    return clean(value)


def _texts(value: object) -> Texts:
    """Read texts of one line: a title stands in headers of mails and calendars, which take no second line."""
    return _read_texts(value, clean)


def _paragraphs(value: object) -> Texts:
    return _read_texts(value, _clean_paragraphs)


def _clean_paragraphs(text: str) -> str:
    return "\n".join(map(clean, text.splitlines())).strip()


def _read_texts(value: object, tidy: Callable[[str], str]) -> Texts:
    if isinstance(value, str):
        return {"en": tidy(value)} if tidy(value) else {}
    if not isinstance(value, dict) or any(not isinstance(text, str) for text in value.values()):
        raise _WrongError("not_texts")
    for language in value:
        if language not in LANGUAGES:
            raise _WrongError("unknown_language", value=language)
    return {language: tidy(text) for language, text in value.items() if tidy(text)}


def _count(value: object) -> int | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int):
        raise _WrongError("not_whole_number")
    return value


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise _WrongError("not_true_or_false")
    return value


def _colour(value: object) -> str:
    text = _string(value)
    return (read_colour(text) or text) if text else ""


def _read_moments(found: Document, data: Mapping[str, Any], zone: str | None) -> None:
    place = found.fields.get("timezone", zone)
    if "timezone" in found.fields and place not in timezones():
        found.wrong("timezone", "unknown", value=place)
    for name in MOMENTS:
        if name not in data:
            continue
        if data[name] is None and name not in NEEDED:
            found.fields[name] = None
            continue
        moment = _moment(data[name])
        if moment is None:
            found.wrong(name, "bad_moment")
        elif place in timezones():
            placed = local_time(moment, place)
            if placed is None:
                found.wrong(name, "no_such_time")
            else:
                found.fields[name] = placed.astimezone(UTC)


def _moment(value: Any) -> datetime | None:  # noqa: ANN401 (any JSON)
    try:
        moment = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return None
    return moment if FIRST_YEAR <= moment.year <= LAST_YEAR else None


def _read_rest(found: Document, data: Mapping[str, Any]) -> None:
    for name in ("city", "country"):
        if name in data:
            try:
                setattr(found, name, _string(data[name]))
            except _WrongError as error:
                found.wrong(name, error.reason)
    if "published" in data:
        if isinstance(data["published"], bool):
            found.published = data["published"]
        else:
            found.wrong("published", "not_true_or_false")
    if "categories" in data:
        found.categories = _list(found, "categories", data["categories"], _category)
    if "questions" in data:
        found.questions = _list(found, "questions", data["questions"], _question)


def _list(found: Document, name: str, value: object, read: Callable[[Any], Any]) -> list[Any]:
    if not isinstance(value, list):
        found.wrong(name, "not_a_list")
        return []
    made = []
    for number, item in enumerate(value):
        try:
            made.append(read(item))
        except _WrongError as error:
            found.wrong(f"{name}[{number}]", error.reason, **error.facts)
    return made


def _known_keys(item: object, known: frozenset[str]) -> dict[str, Any]:
    if not isinstance(item, dict):
        raise _WrongError("not_an_object")
    for key in item:
        if key not in known:
            raise _WrongError("unknown_field", value=key)
    return cast("dict[str, Any]", item)


_CATEGORY: Final = frozenset(
    {"code", "name", "hint", "colour", "quota", "counted", "speaker", "open_to_public"}
)
_QUESTION: Final = frozenset(
    {
        "name",
        "kind",
        "label",
        "hint",
        "section",
        "options",
        "category_codes",
        "required",
        "sensitive",
    },
)


def _category(item: object) -> CategoryDraft:
    """Read a category; a text alone is the code of one of the usual ones."""
    usual = {code for code, *_ in CATEGORY_KINDS}
    if isinstance(item, str):
        if item not in usual:
            raise _WrongError("unknown", value=item)
        return preset_category(item)
    data = _known_keys(item, _CATEGORY)
    code = _string(data.get("code"))
    base = preset_category(code) if code in usual else CategoryDraft(code=code, name={})
    return CategoryDraft(
        code=code,
        name=_texts(data["name"]) if "name" in data else base.name,
        hint=_paragraphs(data["hint"]) if "hint" in data else base.hint,
        colour=_colour(data["colour"]) if "colour" in data else base.colour,
        quota=_count(data.get("quota")),
        counted=_flag(data.get("counted", base.counted)),
        speaker=_flag(data.get("speaker", base.speaker)),
        open_to_public=_flag(data.get("open_to_public", base.open_to_public)),
    )


def _question(item: object) -> QuestionDraft:
    data = _known_keys(item, _QUESTION)
    options = data.get("options", [])
    codes = data.get("category_codes", [])
    if not isinstance(options, list) or not isinstance(codes, list):
        raise _WrongError("not_a_list")
    return QuestionDraft(
        name=_string(data.get("name")),
        kind=_string(data.get("kind")),
        label=_texts(data.get("label", {})),
        hint=_paragraphs(data.get("hint", {})),
        section=_texts(data.get("section", {})),
        options=tuple(_option(option) for option in options),
        category_codes=tuple(_string(code) for code in codes),
        required=_flag(data.get("required", False)),
        sensitive=_flag(data.get("sensitive", False)),
    )


def _option(item: object) -> Option:
    data = _known_keys(item, frozenset({"value", "label"}))
    return Option(value=_string(data.get("value")), label=_texts(data.get("label", {})))
