"""The sentences for the annual report, with the right plurals, in any of the three languages."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from eventsys.core.i18n import format_date, format_percent, in_language, ngettext, text_in
from eventsys.core.i18n import gettext as _
from eventsys.statistics.queries.tables.model import OPEN
from eventsys.statistics.rules.ladder import Rung
from eventsys.statistics.rules.rounding import round_down
from eventsys.statistics.rules.shares import GENDERS

if TYPE_CHECKING:
    from eventsys.statistics.queries.figures import Figures
    from eventsys.statistics.queries.year import YearFigures
    from eventsys.statistics.rules.publication import Veil


def event_sentences(figures: Figures, language: str, hidden: Veil = OPEN) -> list[str]:
    """Write what an annual report says of an event: people, cities, countries, members, women.

    With a veil, what would tell a hidden number is left unsaid. Only the number of people is rounded,
    and only downwards; the exact figure stands beside on the page.
    """
    with in_language(language):
        sentences = [
            _(
                "%(event)s brought together %(people)s from %(cities)s and %(countries)s.",
                event=text_in(figures.title),
                people=_people(figures.total, figures.on),
                cities=_cities(figures.cities),
                countries=_countries(figures.countries),
            ),
        ]
        if figures.members_present and not hidden.hides("members", "members"):
            sentences.append(
                _(
                    "%(representatives)s stood for %(members)s.",
                    representatives=ngettext(
                        "%(n)s person", "%(n)s people", figures.member_representatives
                    ),
                    members=ngettext("%(n)s member", "%(n)s members", figures.members_present),
                ),
            )
        women = figures.composition.share("woman")
        told = any(hidden.hides("gender", gender) for gender in (*GENDERS, "known", "unknown"))
        if women is not None and not told:
            sentences.append(
                _(
                    "Of those who stated their gender, %(share)s were women.",
                    share=format_percent(women),
                ),
            )
        return sentences


def year_sentences(figures: YearFigures, language: str) -> list[str]:
    """Write what an annual report says of a year: participations and persons (A34), members and new ones (A02)."""
    with in_language(language):
        sentences = [
            _(
                "In %(year)s, %(events)s counted %(participations)s by %(persons)s from %(cities)s and %(countries)s.",
                year=figures.year,
                events=ngettext("%(n)s event", "%(n)s events", len(figures.events)),
                participations=ngettext(
                    "%(n)s participation", "%(n)s participations", figures.participations
                ),
                persons=ngettext("%(n)s person", "%(n)s people", figures.unique_persons),
                cities=_cities(figures.cities),
                countries=_countries(figures.countries),
            ),
        ]
        if figures.members_total:
            day = format_date(date.fromisoformat(figures.members_day))
            sentences.append(
                ngettext(
                    "On %(day)s the association had %(n)s member.",
                    "On %(day)s the association had %(n)s members.",
                    figures.members_total,
                    day=day,
                )
            )
        if figures.new_members:
            sentences.append(
                ngettext(
                    "%(n)s member joined in %(year)s.",
                    "%(n)s members joined in %(year)s.",
                    len(figures.new_members),
                    year=figures.year,
                )
            )
        return sentences


def _cities(count: int) -> str:
    return ngettext("%(n)s city", "%(n)s cities", count)


def _countries(count: int) -> str:
    return ngettext("%(n)s country", "%(n)s countries", count)


def _people(count: int, rung: Rung) -> str:
    rounded = round_down(count)
    text = {
        Rung.REGISTERED: lambda n: ngettext(
            "%(n)s registered person", "%(n)s registered people", n
        ),
        Rung.APPROVED: lambda n: ngettext(
            "%(n)s approved participant", "%(n)s approved participants", n
        ),
        Rung.CONFIRMED: lambda n: ngettext(
            "%(n)s confirmed participant", "%(n)s confirmed participants", n
        ),
        Rung.ATTENDED: lambda n: ngettext("%(n)s attendee", "%(n)s attendees", n),
    }[rung](rounded.value)
    return text if rounded.exact else _("more than %(people)s", people=text)
