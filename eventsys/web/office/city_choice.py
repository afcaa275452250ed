"""A city typed in the office: chosen from the list, found by name, or asked again with the candidates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wtforms import HiddenField, RadioField, SelectField, StringField, ValidationError

from eventsys.core.i18n import country_name, current_language, gettext, lazy
from eventsys.places.queries import city_name, find_city, list_countries, resolve_city
from eventsys.web.shared.forms import AtMost, Form, options, strip

if TYPE_CHECKING:
    from wtforms import Field

    from eventsys.places.queries import Alternative


class CityForm(Form):
    """Country and city. After validation ``city_found`` holds the id, or None when no city was typed."""

    country = SelectField(lazy("Country or territory"), validate_choice=False)
    city = StringField(lazy("City"), filters=[strip], validators=[AtMost(200)])
    city_id = HiddenField()
    city_which = RadioField(lazy("Which one?"), validate_choice=False)

    city_found: int | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 (handed to WTForms)
        """Offer the countries in the order of the page's language."""
        super().__init__(*args, **kwargs)
        countries = [(item.code, item.name) for item in list_countries(current_language())]
        self.country.choices = options([("", gettext("Choose a country")), *countries])
        self.city_which.choices = []

    def validate_country(self, field: Field) -> None:
        """Accept a code of the list only."""
        if field.data and field.data not in {choice.value for choice in field.choices}:
            raise ValidationError(gettext("Choose a country from the list"))

    def validate_city(self, field: Field) -> None:
        """Find the one city that is meant; offer the candidates where there are several."""
        country = self.country.data or None
        chosen = self._chosen()
        if chosen is not None and (country is None or chosen[1] == country):
            self._found(*chosen)
            return
        if not field.data:
            return
        answer = resolve_city(field.data, country, current_language())
        if answer.status == "resolved" and answer.geonameid is not None:
            self._found(answer.geonameid, answer.country)
            return
        if answer.alternatives:
            self.city_which.choices = options(
                (str(item.geonameid), _describe(item)) for item in answer.alternatives
            )
            raise ValidationError(
                gettext("There are several cities of this name. Choose the right one below.")
            )
        raise ValidationError(
            gettext("We do not know this city. Check the spelling and the country.")
        )

    def _chosen(self) -> tuple[int, str] | None:
        for raw in (self.city_which.data, self.city_id.data):
            if raw and raw.isascii() and raw.isdigit() and len(raw) < 10:
                city = find_city(int(raw))
                # A hidden id counts only while the text beside it is still that city's name.
                if city is not None and (raw == self.city_which.data or self._still(city.id)):
                    return city.id, city.country
        return None

    def _still(self, city_id: int) -> bool:
        typed = (self.city.data or "").casefold()
        name = city_name(city_id, current_language()).casefold()
        return bool(typed) and (typed == name or typed.startswith((name + ",", name + " (")))

    def _found(self, city_id: int, country: str | None) -> None:
        self.city_found = city_id
        self.city_id.data = str(city_id)
        self.country.data = self.country.data or country


def _describe(city: Alternative) -> str:
    return ", ".join(part for part in (city.name, city.region, country_name(city.country)) if part)


def city_data(city_id: int | None, country: str | None) -> dict[str, str]:
    """Give the data of the fields, for filling a form."""
    name = city_name(city_id, current_language())
    return {"country": country or "", "city": name, "city_id": str(city_id) if name else ""}
