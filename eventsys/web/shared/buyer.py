"""The form that asks who gets the documents: on the own page and in the office."""

from __future__ import annotations

from typing import Any

from email_validator import EmailNotValidError, validate_email
from wtforms import EmailField, Field, SelectField, StringField, TextAreaField, ValidationError

from eventsys.core.i18n import current_language, gettext, lazy
from eventsys.core.text import clean
from eventsys.places.queries.countries import list_countries, resolve_country
from eventsys.web.shared.forms import AtMost, Filled, Form, options, strip


def _lines(value: str | None) -> str | None:
    return "\n".join(clean(line) for line in value.splitlines()).strip() if value else value


class BuyerForm(Form):
    """Who gets pro forma, invoice and receipt: a person, or whoever pays for them."""

    name = StringField(
        lazy("Name"),
        filters=[strip],
        validators=[Filled(lazy("Enter who gets the document")), AtMost(200)],
        render_kw={"autocomplete": "organization"},
    )
    address = TextAreaField(
        lazy("Postal address"),
        filters=[_lines],
        validators=[Filled(lazy("Enter the address")), AtMost(500)],
        render_kw={"autocomplete": "street-address", "rows": 3},
    )
    country = SelectField(lazy("Country or territory"), validate_choice=False)
    tax_number = StringField(lazy("Tax number"), filters=[strip], validators=[AtMost(40)])
    purchase_order = StringField(
        lazy("Your order number"), filters=[strip], validators=[AtMost(80)]
    )
    reference = StringField(lazy("Your reference"), filters=[strip], validators=[AtMost(80)])
    email = EmailField(lazy("Send a copy to"), filters=[strip], validators=[AtMost(254)])

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 (handed to WTForms)
        """Offer all countries."""
        super().__init__(*args, **kwargs)
        countries = ((country.code, country.name) for country in list_countries(current_language()))
        self.country.choices = options([("", gettext("Choose a country")), *countries])

    def validate_country(self, field: Field) -> None:
        """Refuse what is no country."""
        code = resolve_country(field.data or "")
        if code is None:
            raise ValidationError(gettext("Choose a country from the list"))
        field.data = code

    def validate_email(self, field: Field) -> None:
        """Refuse what cannot be an address."""
        if not field.data:
            return
        try:
            field.data = validate_email(field.data, check_deliverability=False).normalized
        except EmailNotValidError:
            raise ValidationError(
                gettext("Enter an email address, like name@example.org")
            ) from None

    def buyer(self) -> dict[str, str]:
        """Give what was entered; to be asked only of a form that is valid."""
        return {
            name: field.data
            for name, field in self._fields.items()
            if field.data and name != "csrf_token"
        }
