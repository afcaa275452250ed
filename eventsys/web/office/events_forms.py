"""Forms about an event as a whole."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, cast
from zoneinfo import ZoneInfo

from wtforms import (
    BooleanField,
    EmailField,
    HiddenField,
    RadioField,
    SelectField,
    StringField,
    URLField,
)
from wtforms.validators import InputRequired

from eventsys.core.i18n import gettext, lazy
from eventsys.events.rules.colour import read_colour
from eventsys.events.rules.draft import (
    DESCRIPTION_LENGTH,
    SUMMARY_LENGTH,
    TITLE_LENGTH,
    VENUE_LENGTH,
    EventDraft,
    local_time,
    timezones,
)
from eventsys.events.rules.kinds import suggest_slug
from eventsys.web.office.city_choice import CityForm, city_data
from eventsys.web.office.fields import Moment, WholeNumber
from eventsys.web.office.texts import check_texts, read_texts, spread, texts
from eventsys.web.shared.forms import AtMost, options, strip
from eventsys.web.shared.labels import FORMATS, KINDS
from eventsys.web.shared.sentences import reason_sentence

if TYPE_CHECKING:
    from eventsys.events.queries import Event

TEXTS = ("title", "summary", "description", "venue")
MOMENTS = (
    "starts_at",
    "ends_at",
    "registration_opens_at",
    "registration_closes_at",
    "change_until",
)


class BasicForm(CityForm):
    """What an event needs to exist: kind, title, dates, place."""

    kind = SelectField(lazy("Kind"), choices=options(KINDS.items()), validate_choice=False)
    title_en, title_es, title_fr = texts(lazy("Title"), TITLE_LENGTH)
    format = RadioField(
        lazy("Format"), choices=options(FORMATS.items()), validate_choice=False, default="in_person"
    )
    starts_at = Moment(
        lazy("Begins"), validators=[InputRequired(lazy("Enter when the event begins"))]
    )
    ends_at = Moment(lazy("Ends"), validators=[InputRequired(lazy("Enter when the event ends"))])
    timezone = SelectField(lazy("Time zone"), validate_choice=False, default="Europe/Madrid")
    capacity = WholeNumber(lazy("Number of places"))
    slug = StringField(lazy("Address"), filters=[strip], validators=[AtMost(80)])

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 (handed to WTForms)
        """Offer all time zones."""
        super().__init__(*args, **kwargs)
        zones = sorted(timezones())
        self.timezone.choices = options((name, name.replace("_", " ")) for name in zones)

    def validate(self, extra_validators: Any = None) -> bool:  # noqa: ANN401 (WTForms)
        """Check every field, that there is a title, and that the hours exist at the place."""
        valid = bool(super().validate(extra_validators)) & check_texts(
            self, "title", gettext("Enter a title in at least one language")
        )
        if self.timezone.data in timezones():
            for name in MOMENTS:
                field = self._fields.get(name)
                if (
                    field is not None
                    and field.data
                    and local_time(field.data, self.timezone.data) is None
                ):
                    field.errors = [*field.errors, reason_sentence("no_such_time", {})]
                    valid = False
        else:
            self.timezone.errors = [gettext("Choose a time zone from the list")]
            valid = False
        return valid

    def moment(self, name: str) -> datetime | None:
        """Give a time of the form as a moment in UTC."""
        value = self[name].data if name in self else None
        placed = local_time(value, cast("str", self.timezone.data)) if value else None
        return placed.astimezone(UTC) if placed else None

    def draft(self) -> EventDraft:
        """Give what was entered; to be asked only of a form that is valid."""
        title = read_texts(self, "title")
        starts_at = cast("datetime", self.moment("starts_at"))
        return EventDraft(
            slug=self.slug.data or suggest_slug(next(iter(title.values()), ""), starts_at.year),
            kind=self.kind.data or "",
            format=self.format.data or "",
            title=title,
            starts_at=starts_at,
            ends_at=cast("datetime", self.moment("ends_at")),
            timezone=self.timezone.data,
            country=self.country.data or None,
            city_id=self.city_found,
            capacity=self.capacity.data,
        )


class EventForm(BasicForm):
    """Everything about an event."""

    summary_en, summary_es, summary_fr = texts(lazy("In one sentence"), SUMMARY_LENGTH, rows=2)
    description_en, description_es, description_fr = texts(
        lazy("Description"), DESCRIPTION_LENGTH, rows=8
    )
    venue_en, venue_es, venue_fr = texts(lazy("Venue"), VENUE_LENGTH)
    online_url = URLField(
        lazy("Link for taking part online"), filters=[strip], validators=[AtMost(500)]
    )
    contact_email = EmailField(
        lazy("Contact for questions"), filters=[strip], validators=[AtMost(254)]
    )
    waiting_list = BooleanField(lazy("Keep a waiting list when the event is full"))
    registration_opens_at = Moment(lazy("Registration opens"))
    registration_closes_at = Moment(lazy("Registration closes"))
    change_until = Moment(lazy("People may change or cancel until"))
    hue = StringField(lazy("Colour of the event"), filters=[strip], validators=[AtMost(20)])
    series = StringField(lazy("Series"), filters=[strip], validators=[AtMost(80)])
    seen = HiddenField()

    def draft(self) -> EventDraft:
        """Give what was entered; to be asked only of a form that is valid."""
        basic = super().draft()
        hue = self.hue.data or ""
        return EventDraft(
            **{name: getattr(basic, name) for name in BASIC},
            summary=read_texts(self, "summary"),
            description=read_texts(self, "description"),
            venue=read_texts(self, "venue"),
            online_url=self.online_url.data or "",
            contact_email=self.contact_email.data or "",
            waiting_list=bool(self.waiting_list.data),
            registration_opens_at=self.moment("registration_opens_at"),
            registration_closes_at=self.moment("registration_closes_at"),
            change_until=self.moment("change_until"),
            hue=(read_colour(hue) or hue) if hue else "",
            series=self.series.data or "",
        )

    def seen_at(self) -> datetime | None:
        """Give when the event was last changed as far as this page knows."""
        try:
            return datetime.fromisoformat(self.seen.data or "")
        except ValueError:
            return None


BASIC = (
    "slug", "kind", "format", "title", "starts_at", "ends_at", "timezone", "country", "city_id", "capacity",
)  # fmt: skip


def form_data(event: Event) -> dict[str, Any]:
    """Give the data of the form of an existing event; times on the clock of its place."""
    zone = ZoneInfo(event.timezone)
    data: dict[str, Any] = {
        "seen": event.updated_at.isoformat(),
        **city_data(event.city_id, event.country),
    }
    for name in TEXTS:
        data |= spread(name, getattr(event, name))
    for name in MOMENTS:
        value = getattr(event, name)
        data[name] = value.astimezone(zone).replace(tzinfo=None) if value else None
    for name in (
        "kind",
        "format",
        "timezone",
        "capacity",
        "slug",
        "online_url",
        "contact_email",
        "waiting_list",
        "hue",
        "series",
    ):
        data[name] = getattr(event, name)
    return data
