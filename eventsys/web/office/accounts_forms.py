"""Forms about staff accounts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from email_validator import EmailNotValidError, validate_email
from wtforms import EmailField, PasswordField, RadioField, SelectField, StringField, ValidationError

from eventsys.accounts.rules import Role
from eventsys.core.i18n import LANGUAGES, OWN_NAMES, gettext, lazy
from eventsys.web.shared.forms import AtMost, Filled, Form, options, strip

if TYPE_CHECKING:
    from wtforms import Field

ROLES: Final[dict[str, Any]] = {
    Role.SECRETARIAT.value: lazy("Secretariat"),
    Role.MANAGER.value: lazy("Manager"),
    Role.FINANCE.value: lazy("Finance"),
    Role.CHECK_IN.value: lazy("Check-in"),
    Role.VIEWER.value: lazy("Viewer"),
}
ROLE_NOTES: Final[dict[str, Any]] = {
    Role.SECRETARIAT.value: lazy(
        "Everything: all events, members, places, accounts. Never for one event only."
    ),
    Role.MANAGER.value: lazy(
        "Runs an event: settings, participants, mails, badges, devices, figures. Sees payments, moves no money."
    ),
    Role.FINANCE.value: lazy(
        "Fees and payments: records, sends back, lets go, decides cases. Sees participants, changes none."
    ),
    Role.CHECK_IN.value: lazy(
        "Sees participants and whether they have paid, checks them in, prints badges."
    ),
    Role.VIEWER.value: lazy("Sees the overview and the figures, no persons."),
}
LANGUAGE_CHOICES: Final = options((code, OWN_NAMES[code]) for code in LANGUAGES)


class RoleForm(Form):
    """A role, for all events or for one."""

    role = RadioField(
        lazy("Role"),
        choices=options(ROLES.items()),
        validate_choice=False,
        default=Role.VIEWER.value,
    )
    event = SelectField(lazy("For"), validate_choice=False)

    def validate_event(self, field: Field) -> None:
        """Accept an event of the list only; the secretariat's role is for everything."""
        if field.data and field.data not in {choice.value for choice in field.choices}:
            raise ValidationError(gettext("Choose an event from the list"))
        if field.data and self.role.data == Role.SECRETARIAT:
            raise ValidationError(gettext("The role Secretariat is for all events"))

    def validate_role(self, field: Field) -> None:
        """Accept a role of the list only."""
        if field.data not in ROLES:
            raise ValidationError(gettext("Choose a role from the list"))

    @property
    def event_id(self) -> int | None:
        """Give the id of the event, None for all."""
        return int(self.event.data) if self.event.data else None


class AccountForm(RoleForm):
    """A new account."""

    email = EmailField(
        lazy("Email address"),
        filters=[strip],
        validators=[Filled(lazy("Enter an email address, like name@example.org")), AtMost(254)],
    )
    name = StringField(lazy("Name"), filters=[strip], validators=[AtMost(200)])
    language = SelectField(lazy("Language"), choices=LANGUAGE_CHOICES, validate_choice=False)

    def validate_email(self, field: Field) -> None:
        """Refuse what cannot be an address."""
        try:
            validate_email(field.data or "", check_deliverability=False)
        except EmailNotValidError:
            raise ValidationError(
                gettext("Enter an email address, like name@example.org")
            ) from None


class TeamForm(Form):
    """Who works on an event, and as what."""

    account = SelectField(lazy("Colleague"), validate_choice=False)
    role = RadioField(
        lazy("Role"),
        choices=options((code, text) for code, text in ROLES.items() if code != Role.SECRETARIAT),
        validate_choice=False,
        default=Role.VIEWER.value,
    )

    def validate_account(self, field: Field) -> None:
        """Accept an account of the list only."""
        if field.data not in {choice.value for choice in field.choices if choice.value}:
            raise ValidationError(gettext("Choose a colleague from the list"))

    def validate_role(self, field: Field) -> None:
        """Accept a role of the list only."""
        if field.data not in {choice.value for choice in field.choices}:
            raise ValidationError(gettext("Choose a role from the list"))


class OwnForm(Form):
    """One's own name and language."""

    name = StringField(lazy("Name"), filters=[strip], validators=[AtMost(200)])
    language = SelectField(lazy("Language"), choices=LANGUAGE_CHOICES, validate_choice=False)


class OwnPasswordForm(Form):
    """A new password for oneself."""

    old = PasswordField(
        lazy("Present password"),
        validators=[Filled(lazy("Enter your password")), AtMost(1000)],
        render_kw={"autocomplete": "current-password"},
    )
    new = PasswordField(
        lazy("New password"),
        validators=[Filled(lazy("Enter a password")), AtMost(1000)],
        render_kw={"autocomplete": "new-password"},
    )
