"""The headline figures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from eventsys.core.i18n import gettext as _
from eventsys.core.i18n import pgettext
from eventsys.statistics.queries.tables.model import OPEN, Cell, Row, Table

if TYPE_CHECKING:
    from eventsys.statistics.queries.figures import Figures
    from eventsys.statistics.rules.publication import Veil


# They tell what became of single registrations, and the public networks do not protect them.
_OFFICE: Final = frozenset(
    {"approved", "submitted", "waiting", "declined", "expired", "unresolved_cities", "speakers"}
)


def summary(figures: Figures, hidden: Veil) -> Table:
    """List the headline figures; in public without those that would give a small group away."""
    veiled = {"registrations", "confirmed", "attended", "cancelled", "no_shows"}
    rows = [
        Row(key, label, (None if key in veiled and hidden.hides("ladder", key) else value,))
        for key, label, value in _headline(figures)
        if hidden is OPEN or key not in _OFFICE
    ]
    kept = rows if hidden is OPEN else [row for row in rows if row.values[0] is not None]
    return Table("summary", _("Summary"), _("Figure"), ("value",), (_("Value"),), tuple(kept))


def _headline(figures: Figures) -> list[tuple[str, str, Cell]]:
    return [
        ("registrations", _("Registrations received"), figures.registrations),
        ("approved", pgettext("counted", "Approved"), figures.approved),
        ("confirmed", pgettext("counted", "Confirmed"), figures.confirmed),
        ("attended", pgettext("counted", "Attended"), figures.attended),
        ("no_shows", _("No-shows"), figures.no_shows),
        ("cancelled", pgettext("counted", "Cancelled"), figures.cancelled),
        ("submitted", pgettext("counted", "Place held"), figures.submitted),
        ("waiting", _("Waiting list"), figures.waiting),
        ("declined", pgettext("counted", "Declined"), figures.declined),
        ("expired", pgettext("counted", "Expired"), figures.expired),
        ("total", _("People on this rung"), figures.total),
        ("cities", _("Cities"), figures.cities),
        ("countries", _("Countries and territories"), figures.countries),
        ("members_present", _("Members represented"), figures.members_present),
        ("member_representatives", _("Representatives of members"), figures.member_representatives),
        ("speakers", _("Speakers (unique persons)"), figures.speakers),
        ("unresolved_cities", _("People whose city is not resolved"), figures.unresolved_cities),
    ]
