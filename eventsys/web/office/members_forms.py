"""Forms about organisations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from flask_wtf.file import FileField
from wtforms import RadioField, SelectField, StringField, URLField
from wtforms.validators import InputRequired

from eventsys.core.i18n import lazy
from eventsys.members.rules import NAME_LENGTH, MemberDraft, Period
from eventsys.web.office.city_choice import CityForm, city_data
from eventsys.web.office.encodings import encoding_choices
from eventsys.web.office.fields import Day
from eventsys.web.office.members_labels import KINDS, NATURES, REGIONS
from eventsys.web.office.texts import read_texts, spread, texts
from eventsys.web.shared.forms import AtMost, Filled, Form, options, strip

if TYPE_CHECKING:
    from datetime import date

    from eventsys.members.queries import Organisation


class MemberForm(CityForm):
    """Everything about an organisation but its periods and further cities."""

    name = StringField(
        lazy("Name"),
        filters=[strip],
        validators=[Filled(lazy("Enter a name")), AtMost(NAME_LENGTH)],
    )
    names_en, names_es, names_fr = texts(lazy("Name in other languages"), NAME_LENGTH)
    kind = RadioField(
        lazy("What it is to us"),
        choices=options(KINDS.items()),
        validate_choice=False,
        default="member",
    )
    nature = SelectField(
        lazy("What it is"), choices=options(NATURES.items()), validate_choice=False, default="city"
    )
    region = SelectField(
        lazy("Region"), choices=options([("", "–"), *REGIONS.items()]), validate_choice=False
    )
    website = URLField(lazy("Website"), filters=[strip], validators=[AtMost(300)])
    external_id = StringField(
        lazy("Identifier in your own lists"), filters=[strip], validators=[AtMost(80)]
    )

    def draft(self) -> MemberDraft:
        """Give what was entered; to be asked only of a form that is valid."""
        return MemberDraft(
            name=self.name.data,
            names=read_texts(self, "names"),
            kind=self.kind.data or "",
            nature=self.nature.data or "",
            country=self.country.data or None,
            city_id=self.city_found,
            city_typed=self.city.data or "",
            region=self.region.data or "",
            website=self.website.data or "",
            external_id=self.external_id.data or None,
        )


class NewMemberForm(MemberForm):
    """An organisation and, for a member, since when."""

    since = Day(lazy("Member since"))


class PeriodForm(Form):
    """One period of membership."""

    since = Day(
        lazy("Since"), validators=[InputRequired(lazy("Enter the first day of membership"))]
    )
    until = Day(lazy("Until"))

    def period(self) -> Period:
        """Give what was entered; to be asked only of a form that is valid."""
        return Period(cast("date", self.since.data), self.until.data)


class ImportForm(Form):
    """A table of members."""

    file = FileField(lazy("Table"), validators=[Filled(lazy("Choose a file"))])
    encoding = SelectField(lazy("Encoding"), choices=encoding_choices, default="")


def form_data(organisation: Organisation) -> dict[str, Any]:
    """Give the data of the form of an existing organisation."""
    data: dict[str, Any] = {
        name: getattr(organisation, name) or ""
        for name in ("name", "kind", "nature", "region", "website", "external_id")
    }
    data |= spread("names", organisation.names) | city_data(
        organisation.city_id, organisation.country
    )
    data["city"] = data["city"] or organisation.city_typed
    return data
