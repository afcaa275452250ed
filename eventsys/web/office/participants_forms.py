"""What staff enter of a participant."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from email_validator import EmailNotValidError, validate_email
from wtforms import (
    EmailField,
    HiddenField,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)

from eventsys.core.i18n import LANGUAGES, OWN_NAMES, current_language, gettext, lazy, text_in
from eventsys.members.queries import find_organisation_id
from eventsys.places.queries import city_name, find_city, list_countries, resolve_city
from eventsys.registration.operations.submit import Place, Submission
from eventsys.web.shared.forms import AtMost, Filled, Form, options, strip
from eventsys.web.shared.labels import GENDERS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from wtforms import Field

    from eventsys.events.queries import Category
    from eventsys.registration.queries.detail import Detail

NOTE_LENGTH: Final = 5_000
_DIGITS: Final = 9


class ParticipantForm(Form):
    """The fields of every registration; gender and city may be left open, because staff may not know them."""

    first_name = StringField(
        lazy("Given names"),
        filters=[strip],
        validators=[Filled(lazy("Enter the given names")), AtMost(150)],
    )
    last_name = StringField(lazy("Family name"), filters=[strip], validators=[AtMost(150)])
    email = EmailField(
        lazy("Email address"),
        filters=[strip],
        validators=[Filled(lazy("Enter the email address")), AtMost(254)],
    )
    category = SelectField(lazy("Category"), validate_choice=False)
    gender = SelectField(lazy("Gender"), validate_choice=False)
    country = SelectField(
        lazy("Country or territory"),
        validate_choice=False,
        validators=[Filled(lazy("Choose a country"))],
    )
    city = StringField(lazy("City represented"), filters=[strip], validators=[AtMost(200)])
    city_id = HiddenField()
    organisation = StringField(lazy("Organisation"), filters=[strip], validators=[AtMost(200)])
    member = StringField(
        lazy("Member or partner represented"), filters=[strip], validators=[AtMost(200)]
    )
    job_title = StringField(lazy("Job title"), filters=[strip], validators=[AtMost(200)])
    mail_language = SelectField(
        lazy("Language of our messages"),
        choices=options((code, OWN_NAMES[code]) for code in LANGUAGES),
        validate_choice=False,
    )

    member_id: int | None = None

    def validate_email(self, field: Field) -> None:
        """Refuse what cannot be an address."""
        try:
            field.data = validate_email(field.data or "", check_deliverability=False).normalized
        except EmailNotValidError:
            raise ValidationError(
                gettext("Enter an email address, like name@example.org")
            ) from None

    def validate_country(self, field: Field) -> None:
        """Accept a country of the list only."""
        if field.data and field.data not in {choice.value for choice in field.choices}:
            raise ValidationError(gettext("Choose a country"))

    def validate_category(self, field: Field) -> None:
        """Accept a category of the event only."""
        if field.data not in {choice.value for choice in field.choices}:
            raise ValidationError(gettext("Choose a category"))

    def validate_gender(self, field: Field) -> None:
        """Accept the four answers, or none."""
        if field.data and field.data not in GENDERS:
            raise ValidationError(gettext("Choose one of the answers"))

    def validate_mail_language(self, field: Field) -> None:
        """Fall back to the language of the page."""
        if field.data not in LANGUAGES:
            field.data = current_language()

    def validate_member(self, field: Field) -> None:
        """Find the organisation by its name, or say that there is none."""
        self.member_id = find_organisation_id(field.data, self.country.data) if field.data else None
        if field.data and self.member_id is None:
            raise ValidationError(
                gettext("No organisation has this name. Look under Members, or leave this empty.")
            )


class NoteForm(Form):
    """A note that only staff read."""

    note = TextAreaField(lazy("Note of the office"), validators=[AtMost(NOTE_LENGTH)])


def participant_form(categories: Sequence[Category], **more: Any) -> ParticipantForm:  # noqa: ANN401 (handed to WTForms)
    """Make the form with the choices of an event, in the current language."""
    form = ParticipantForm(**more)
    countries = [(item.code, item.name) for item in list_countries(current_language())]
    form.country.choices = options([("", gettext("Choose a country")), *countries])
    form.category.choices = options((row.code, text_in(row.name)) for row in categories)
    form.gender.choices = options([("", gettext("Not stated")), *GENDERS.items()])
    for name in ("first_name", "email", "category", "country", "mail_language", "gender"):
        form[name].flags.required = True
    if not form.mail_language.data:
        form.mail_language.data = current_language()
    return form


def form_data(detail: Detail, member: str) -> dict[str, Any]:
    """Give what the form shows of a registration."""
    registration = detail.registration
    same = ("first_name", "last_name", "email", "organisation", "job_title")
    return {
        **{name: getattr(registration, name) for name in same},
        "category": detail.category.code,
        "gender": registration.gender or "",
        "country": registration.country or "",
        "city": registration.city_typed or city_name(registration.city_id, current_language()),
        "city_id": str(registration.city_id or ""),
        "member": member,
        "mail_language": registration.language,
    }


def place_from(form: ParticipantForm, detail: Detail | None = None) -> Place:
    """Find the city that was entered; what is not found goes to the review queue as it was typed."""
    typed, country = form.city.data or "", form.country.data
    before = detail.registration if detail else None
    if before is not None and (typed, country) == (before.city_typed, before.country):
        return Place(before.city_id, before.city_typed, before.city_status)
    if not typed:
        return Place(None, "", "none")
    chosen = form.city_id.data or ""
    if chosen.isascii() and chosen.isdigit() and len(chosen) <= _DIGITS:
        city = find_city(int(chosen))
        still = city is not None and city.name_in(current_language()).casefold() in typed.casefold()
        if city is not None and city.country == country and still:
            return Place(city.id, typed, "resolved")
    answer = resolve_city(typed, country, current_language())
    return Place(
        answer.geonameid,
        typed,
        "none" if answer.decided and answer.geonameid is None else answer.status,
    )


def submission(
    form: ParticipantForm,
    categories: Sequence[Category],
    place: Place,
    *,
    answers: dict[int, Any] | None = None,
    photo_consent: bool | None = None,
) -> Submission:
    """Turn a valid form into what the operations take; own answers and consents stay as they were."""
    return Submission(
        category_id=next(row.id for row in categories if row.code == form.category.data),
        first_name=form.first_name.data,
        last_name=form.last_name.data or "",
        email=form.email.data,
        gender=form.gender.data or None,
        country=form.country.data,
        city=place,
        organisation=form.organisation.data or "",
        organisation_id=form.member_id,
        job_title=form.job_title.data or "",
        language=form.mail_language.data,
        photo_consent=photo_consent,
        answers=answers or {},
        source="office",
    )
