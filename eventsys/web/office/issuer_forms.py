"""What is entered about who issues documents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wtforms import EmailField, SelectField, StringField, TextAreaField

from eventsys.core.i18n import current_language, gettext, lazy
from eventsys.payments.rules.issuer import LIMITS, NOTE_LENGTH, IssuerDraft
from eventsys.places.queries.countries import list_countries
from eventsys.web.office.texts import clean_lines, read_texts, spread, texts
from eventsys.web.shared.forms import AtMost, Filled, Form, options, strip

if TYPE_CHECKING:
    from eventsys.payments.queries.documents import Issuer

_PLAIN = ("name", "address", "country", "tax_number", "email")


class IssuerForm(Form):
    """Name and address on every paper, and what is printed below."""

    name = StringField(
        lazy("Name"),
        filters=[strip],
        validators=[
            Filled(lazy("Enter the name under which documents are issued")),
            AtMost(LIMITS["name"]),
        ],
    )
    address = TextAreaField(
        lazy("Postal address"),
        filters=[clean_lines],
        validators=[Filled(lazy("Enter the address")), AtMost(LIMITS["address"])],
        render_kw={"rows": 3},
    )
    country = SelectField(lazy("Country or territory"), validate_choice=False)
    tax_number = StringField(
        lazy("Tax number"), filters=[strip], validators=[AtMost(LIMITS["tax_number"])]
    )
    email = EmailField(lazy("Email address"), filters=[strip], validators=[AtMost(LIMITS["email"])])
    footer_en, footer_es, footer_fr = texts(lazy("Small print"), NOTE_LENGTH, rows=2)
    series = StringField(
        lazy("Beginning of the numbers"), filters=[strip], validators=[AtMost(LIMITS["series"])]
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 (handed to WTForms)
        """Offer all countries."""
        super().__init__(*args, **kwargs)
        countries = ((country.code, country.name) for country in list_countries(current_language()))
        self.country.choices = options([("", gettext("Choose a country")), *countries])

    def draft(self) -> IssuerDraft:
        """Give what was entered; to be asked only of a form that is valid."""
        return IssuerDraft(
            **{name: self[name].data or "" for name in _PLAIN if name != "country"},
            country=self.country.data or None,
            series=(self.series.data or "").upper(),
            footer=read_texts(self, "footer"),
        )


def form_data(issuer: Issuer | None) -> dict[str, Any]:
    """Give the data of the form."""
    if issuer is None:
        return {}
    return {
        **{name: getattr(issuer, name) or "" for name in (*_PLAIN, "series")},
        **spread("footer", issuer.footer),
    }
