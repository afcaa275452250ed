"""What an organiser should look at before an event is shown to the public. Nothing of it forbids."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from eventsys.events.rules.draft import missing_languages

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from eventsys.events.rules.draft import EventDraft, Texts


@dataclass(frozen=True, slots=True)
class Check:
    """One point of the list: a code, whether it is settled, and the languages that it is about."""

    code: str
    done: bool
    languages: tuple[str, ...] = ()


def checklist(
    draft: EventDraft,
    categories: Iterable[tuple[Texts, bool]],
    questions: Iterable[Texts],
    languages: tuple[str, ...],
    now: datetime,
) -> list[Check]:
    """List the points for an event; categories are (name, open to the public), questions their labels."""
    rows = list(categories)
    points = [
        Check("categories", done=bool(rows)),
        Check("open_category", done=any(open_to_public for _, open_to_public in rows)),
        _texts("title", [draft.title], languages),
        _texts("summary", [draft.summary], languages, needed=True),
        _texts("description", [draft.description], languages, needed=True),
        _texts("names", [name for name, _ in rows] + list(questions), languages),
        Check("contact", done=bool(draft.contact_email)),
        Check("dates", done=draft.ends_at > now),
    ]
    if draft.format != "online":
        points.append(Check("place", done=draft.city_id is not None))
        points.append(_texts("venue", [draft.venue], languages, needed=True))
    if draft.format != "in_person":
        points.append(Check("online_url", done=bool(draft.online_url)))
    return points


def _texts(
    code: str,
    texts: Iterable[Mapping[str, str]],
    languages: tuple[str, ...],
    *,
    needed: bool = False,
) -> Check:
    missing: set[str] = set()
    for text in texts:
        missing.update(missing_languages(dict(text), languages))
        if needed and not any(text.values()):
            missing.update(languages)
    return Check(
        code, done=not missing, languages=tuple(item for item in languages if item in missing)
    )
