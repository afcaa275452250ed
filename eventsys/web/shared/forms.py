"""The one base of all forms, and fields that keep what was typed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from flask_wtf import FlaskForm
from flask_wtf.csrf import _FlaskFormCSRF
from wtforms import ValidationError
from wtforms.fields.choices import SelectChoice

from eventsys.core.i18n import gettext, ngettext
from eventsys.core.text import clean

if TYPE_CHECKING:
    from collections.abc import Iterable

    from wtforms import Field


class _Translations:
    """Hands WTForms' own messages to our catalogues."""

    def gettext(self, string: str) -> str:
        return gettext(string)

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        return ngettext(singular, plural, n)


class _Csrf(_FlaskFormCSRF):  # type: ignore[misc]  # Flask-WTF ships no types
    def validate_csrf_token(self, form: Any, field: Any) -> None:  # noqa: ANN401 (WTForms)
        try:
            super().validate_csrf_token(form, field)
        except ValidationError:
            raise ValidationError(
                gettext(
                    "The page was open too long or cookies are off. Your answers are still here: please send again."
                ),
            ) from None


class Form(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """A form whose messages are in the person's language and whose failures keep what was typed."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]  # Flask-WTF ships no types
        """Our translations and our sentence for a stale page."""

        csrf_class = _Csrf
        locales = ("en",)

        def get_translations(self, form: Any) -> _Translations:  # noqa: ANN401, ARG002 (WTForms)
            """Use our catalogues."""
            return _Translations()

    def error_list(self) -> list[tuple[str, str]]:
        """List all errors for the summary: field id, sentence."""
        return [
            (field.id, str(error))
            for field in self
            for error in field.errors
            if not isinstance(error, dict | list)
        ]


def options(pairs: Iterable[tuple[str, Any]]) -> list[SelectChoice]:
    """Make the choices of a select or of radios from (value, label) pairs."""
    return [SelectChoice(value, label) for value, label in pairs]


def strip(value: str | None) -> str | None:
    """Filter for text fields: trim and drop invisible characters, keep any script."""
    return clean(value) if value else value


class Filled:
    """Validator: something was entered. No ``required`` attribute: the server says it in words."""

    # Read by the macros, which mark every other field as optional.
    field_flags: ClassVar = {"required": True}

    def __init__(self, message: Any) -> None:  # noqa: ANN401 (lazy text)
        """Keep the sentence."""
        self.message = message

    def __call__(self, _form: Form, field: Field) -> None:
        """Refuse an empty field."""
        if not field.data or (isinstance(field.data, str) and not field.data.strip()):
            raise ValidationError(str(self.message))


class AtMost:
    """Validator: no longer than the database keeps; said as a sentence with the number."""

    def __init__(self, limit: int) -> None:
        """Keep the limit, in characters."""
        self.limit = limit

    def __call__(self, _form: Form, field: Field) -> None:
        """Refuse a text that is too long."""
        if field.data and len(field.data) > self.limit:
            raise ValidationError(
                ngettext("Use at most %(n)s character", "Use at most %(n)s characters", self.limit),
            )
