"""The registration form: the fields of everybody, then the event's own questions."""

from __future__ import annotations

import secrets
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar, Final, cast

from email_validator import EmailNotValidError, validate_email
from markupsafe import Markup, escape
from wtforms import (
    BooleanField,
    DateField,
    EmailField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import StopValidation
from wtforms.widgets import html_params

from eventsys.core.i18n import LANGUAGES, OWN_NAMES, current_language, gettext, lazy, text_in
from eventsys.places.queries import list_countries, resolve_country
from eventsys.web.shared.forms import AtMost, Filled, Form, options, strip

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from wtforms import Field
    from wtforms.fields.choices import SelectChoice

    from eventsys.events.queries import CategoryFacts, Question

# The date of the wording of privacy notice and consents; kept with every consent.
CONSENT_VERSION: Final = "2026-11-21"
LONG_FORM: Final = 6  # own questions from which the answers are shown again before sending

GENDERS: Final = (
    ("woman", lazy("Woman")),
    ("man", lazy("Man")),
    ("non-binary", lazy("Non-binary")),
    ("prefer not to say", lazy("I prefer not to say")),
)


@cache
def _countries(language: str) -> list[SelectChoice]:
    """Make the 250 choices once per language: they are most of the form."""
    return options((item.code, item.name) for item in list_countries(language))


@cache
def _country_options(language: str) -> str:
    return "".join(
        f'<option value="{choice.value}">{escape(choice.label)}</option>'
        for choice in _countries(language)
    )


class CountryWidget:
    """A select whose options are drawn once per language and only marked for each person."""

    field_flags: ClassVar[dict[str, Any]] = {}

    def __call__(self, field: Field, **attributes: Any) -> Markup:  # noqa: ANN401 (attributes of an element)
        """Draw the element."""
        attributes = {"id": field.id, "name": field.name} | attributes
        given = html_params(
            **{name: value for name, value in attributes.items() if value is not False}
        )
        drawn = _country_options(current_language())
        if field.data:
            drawn = drawn.replace(
                f'value="{escape(field.data)}"', f'value="{escape(field.data)}" selected', 1
            )
        empty = f'<option value="">{escape(gettext("Choose a country"))}</option>'
        return Markup(f"<select {given}>{empty}{drawn}</select>")  # noqa: S704 (every part is escaped)


def check_email(_form: Form, field: Field) -> None:
    """Refuse what cannot be an address; whether it exists is shown by the mail."""
    try:
        field.data = validate_email(
            field.data or "", check_deliverability=False, allow_display_name=False
        ).normalized
    except EmailNotValidError:
        raise ValidationError(gettext("Enter your email address, like name@example.org")) from None


def check_country(_form: Form, field: Field) -> None:
    """Accept a country by its code or its name in any of our languages."""
    code = resolve_country(field.data or "")
    if code is None:
        raise ValidationError(gettext("Choose your country or territory"))
    field.data = code


class RegistrationForm(Form):
    """What is asked of everybody."""

    first_name = StringField(
        lazy("Given names"),
        filters=[strip],
        validators=[Filled(lazy("Enter your given names")), AtMost(150)],
        render_kw={"autocomplete": "given-name", "spellcheck": "false"},
    )
    last_name = StringField(
        lazy("Family name"),
        filters=[strip],
        validators=[AtMost(150)],
        render_kw={"autocomplete": "family-name", "spellcheck": "false"},
    )
    email = EmailField(
        lazy("Email address"),
        filters=[strip],
        validators=[
            Filled(lazy("Enter your email address, like name@example.org")),
            AtMost(254),
            check_email,
        ],
        render_kw={"autocomplete": "email", "spellcheck": "false", "autocapitalize": "none"},
    )
    gender = RadioField(
        lazy("Gender"),
        choices=options(GENDERS),
        validate_choice=False,
        validators=[
            Filled(lazy("Choose how your gender should be counted, or “I prefer not to say”"))
        ],
    )
    country = SelectField(
        lazy("Country or territory"),
        validate_choice=False,
        validators=[Filled(lazy("Choose your country or territory")), check_country],
        render_kw={"autocomplete": "country"},
        widget=CountryWidget(),
    )
    city = StringField(
        lazy("City or metropolitan area"),
        filters=[strip],
        validators=[Filled(lazy("Enter the city that you come from or represent")), AtMost(200)],
    )
    city_id = HiddenField()
    organisation = StringField(
        lazy("Organisation"),
        filters=[strip],
        validators=[AtMost(200)],
        render_kw={"autocomplete": "organization"},
    )
    job_title = StringField(
        lazy("Position"),
        filters=[strip],
        validators=[AtMost(200)],
        render_kw={"autocomplete": "organization-title"},
    )
    category = RadioField(lazy("How do you take part?"), validate_choice=False)
    mail_language = SelectField(
        lazy("Language of our messages to you"),
        choices=options((code, OWN_NAMES[code]) for code in LANGUAGES),
        validate_choice=False,
    )
    consent = BooleanField(
        lazy(
            "I have read the privacy notice and agree that my data are used to organise this event"
        )
    )
    photo_consent = BooleanField(
        lazy("I agree that photographs and films in which I can be recognised are published")
    )
    code = StringField(lazy("Code"), filters=[strip], validators=[AtMost(40)])
    # What the person saw that it costs, in minor units: sent with the answers that are sent in the end.
    shown_total = HiddenField()
    submission_key = HiddenField()

    def validate_gender(self, field: Field) -> None:
        """Accept the four answers only."""
        if field.data and field.data not in dict(GENDERS):
            raise ValidationError(gettext("Choose one of the answers"))

    def validate_mail_language(self, field: Field) -> None:
        """Fall back to the language of the page."""
        if field.data not in LANGUAGES:
            field.data = current_language()

    def validate_category(self, field: Field) -> None:
        """One of the categories on offer; asked only where there are several."""
        codes = [choice.value for choice in field.choices]
        if not field.data and len(codes) == 1:
            field.data = codes[0]
        if field.data not in codes:
            raise ValidationError(gettext("Choose how you take part"))

    def validate_consent(self, field: Field) -> None:
        """Without it we may not keep the registration."""
        if not field.data:
            raise ValidationError(gettext("Tick the box to let us use your data for this event"))

    def own_fields(self) -> list[Any]:
        """List the fields of the event's own questions, in order."""
        return [field for field in self if field.name in self.questions]

    questions: dict[str, Question] = {}  # noqa: RUF012 (set on each made class)


class OwnAnswer:
    """Validator of an own question: filled when it is required of this category, and readable."""

    def __init__(self, question: Question) -> None:
        """Keep the question."""
        self.question = question

    def __call__(self, form: RegistrationForm, field: Field) -> None:
        """Refuse an empty answer to a required question, and one that does not fit its kind."""
        question = self.question
        asked = not question.category_codes or form.category.data in question.category_codes
        typed = [text for text in (field.raw_data or []) if text.strip()]
        if not typed or not asked:
            field.errors = []  # an empty number is no wrong number
            if asked and question.required:
                raise StopValidation(
                    gettext("Answer the question “%(question)s”", question=text_in(question.label))
                )
            raise StopValidation
        if field.process_errors:
            raise StopValidation(str(_UNREADABLE[question.kind]))
        if question.options and not {option["value"] for option in question.options}.issuperset(
            typed
        ):
            raise StopValidation(gettext("Choose one of the answers"))


_UNREADABLE: Final = {
    "number": lazy("Enter a whole number"),
    "date": lazy("Enter a day"),
    "choices": lazy("Choose one of the answers"),
}


def _own_field(question: Question) -> Any:  # noqa: ANN401 (an unbound field)
    label = text_in(question.label)
    offered = options((option["value"], text_in(option["label"])) for option in question.options)
    check = [OwnAnswer(question)]
    made: dict[str, Any] = {
        "text": lambda: StringField(label, filters=[strip], validators=[*check, AtMost(500)]),
        "long_text": lambda: TextAreaField(label, validators=[*check, AtMost(5000)]),
        "choice": lambda: RadioField(
            label, choices=offered, validators=check, validate_choice=False
        ),
        "choices": lambda: SelectMultipleField(
            label, choices=offered, validators=check, validate_choice=False
        ),
        "yes_no": lambda: BooleanField(label, validators=check),
        "number": lambda: IntegerField(label, validators=check),
        "date": lambda: DateField(label, validators=check),
    }
    return made[question.kind]()


def _put_after(form: RegistrationForm, name: str, moved: Collection[str]) -> None:
    """Bring fields into the order of the page, in which the summary names what is wrong."""
    first = [other for other in form._fields if other not in moved]
    here = first.index(name) + 1
    order = [*first[:here], *moved, *first[here:]]
    form._fields = {field: form._fields[field] for field in order}


def make_form(
    questions: Sequence[Question], categories: Sequence[CategoryFacts], *, costs: bool = False
) -> RegistrationForm:
    """Make the form of an event in the current language. Only where it ``costs``, a code is asked for."""
    own = {question.name: question for question in questions}
    fields: dict[str, Any] = {name: _own_field(question) for name, question in own.items()}
    # A class is dear to make: without own questions there is no need for another one.
    made = (
        type("EventForm", (RegistrationForm,), {**fields, "questions": own})
        if own
        else RegistrationForm
    )
    form = cast("RegistrationForm", made())
    if not costs:
        del form.code, form.shown_total
    _put_after(form, "category", ["code", *own] if costs else own)
    form.country.choices = _countries(current_language())
    form.category.choices = options((item.code, text_in(item.name)) for item in categories)
    if not form.mail_language.data:
        form.mail_language.data = current_language()
    if not form.submission_key.data:
        form.submission_key.data = secrets.token_urlsafe(24)
    # What must be answered carries no mark; the optional fields say so in words.
    for name in (
        "first_name",
        "email",
        "gender",
        "country",
        "city",
        "category",
        "consent",
        "mail_language",
    ):
        form[name].flags.required = True
    for name, question in own.items():
        form[name].flags.required = question.required
    return form


def answers(form: RegistrationForm) -> dict[int, Any]:
    """Give the answers to the event's own questions that were given, by question id."""
    given: dict[int, Any] = {}
    for field in form.own_fields():
        question = form.questions[field.name]
        asked = not question.category_codes or form.category.data in question.category_codes
        if asked and field.data not in (None, "", []):
            given[question.id] = field.data.isoformat() if question.kind == "date" else field.data
    return given
