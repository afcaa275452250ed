"""Set badges as PDF. Nothing is stored: the code is derived again from the server's secret.

Many badges are set in portions and put together, so the memory used does not grow with the event.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from eventsys.badges.errors import NoBadge, UnknownLayout
from eventsys.badges.queries import BadgeFacts, badge_of, heading, list_badges
from eventsys.badges.rules import face
from eventsys.core.i18n import SOURCE, text_in
from eventsys.core.tokens import badge_url
from eventsys.files import pages, pdf
from eventsys.registration.operations.identify import badge_token
from eventsys.registration.rules.states import has_badge

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from eventsys.events.queries import Event
    from eventsys.registration.queries.detail import Detail

# A multiple of four, so that every sheet of four is full; larger portions take more memory and no less time.
PORTION: Final = 40


def render_badge(detail: Detail, *, secret: str, base_url: str, layout: str = "a6") -> bytes:
    """Set the badge of one registration, in the person's language; raises NoBadge unless confirmed."""
    _check(layout)
    if not has_badge(detail.registration.status):
        raise NoBadge(status=detail.registration.status)
    made = _Press(detail.event, secret, base_url).badge(badge_of(detail))
    language = detail.registration.language
    title = text_in(detail.event.title, language)
    return pdf.render("badge", face.document([made], layout=layout, title=title, language=language))


def render_event(
    event: Event,
    *,
    secret: str,
    base_url: str,
    layout: str = "a6",
    language: str = SOURCE,
    registration_ids: Collection[int] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> bytes:
    """Set the badges of all confirmed people of an event, by name, each in its own language.

    ``language`` is that of the document's title. ``progress`` is told how many of how many are done.
    """
    _check(layout)
    people = list_badges(event.id, registration_ids)
    if not people:
        raise NoBadge(status="")
    press = _Press(event, secret, base_url)
    title = text_in(event.title, language)

    def portions() -> Iterator[bytes]:
        for start in range(0, len(people), PORTION):
            made = [press.badge(facts) for facts in people[start : start + PORTION]]
            yield pdf.render(
                "badge", face.document(made, layout=layout, title=title, language=language)
            )
            if progress:
                progress(start + len(made), len(people))

    return pages.join(portions(), title=title, language=language)


class _Press:
    """Composes the badges of one event; its heading is made once per language."""

    def __init__(self, event: Event, secret: str, base_url: str) -> None:
        self._event = event
        self._secret = secret
        self._base_url = base_url
        self._headings: dict[str, face.Heading] = {}

    def badge(self, facts: BadgeFacts) -> dict[str, Any]:
        language = facts.person.language
        if language not in self._headings:
            self._headings[language] = heading(self._event, language)
        token = badge_token(self._secret, facts.key, facts.generation)
        return face.badge(
            facts.person,
            self._headings[language],
            facts.band,
            payload=badge_url(self._base_url, token),
            short_code=facts.short_code,
        )


def _check(layout: str) -> None:
    if layout not in face.LAYOUTS:
        raise UnknownLayout(layout=layout)
