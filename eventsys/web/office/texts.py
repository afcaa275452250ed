"""Fields for texts in three languages, side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wtforms import StringField, TextAreaField

from eventsys.core.i18n import LANGUAGES
from eventsys.core.text import clean
from eventsys.web.shared.forms import AtMost, strip

if TYPE_CHECKING:
    from collections.abc import Mapping

    from wtforms import Field

    from eventsys.web.shared.forms import Form


def clean_lines(value: str | None) -> str | None:
    """Filter for long texts: clean every line, keep the lines."""
    return "\n".join(clean(line) for line in value.splitlines()).strip() if value else value


def texts(label: Any, limit: int, *, rows: int = 0) -> tuple[Any, ...]:  # noqa: ANN401 (lazy text, unbound fields)
    """Make one field for each language, in the order of ``LANGUAGES``, to be unpacked into a form."""
    if rows:
        return tuple(
            TextAreaField(
                label, filters=[clean_lines], validators=[AtMost(limit)], render_kw={"rows": rows}
            )
            for _ in LANGUAGES
        )
    return tuple(StringField(label, filters=[strip], validators=[AtMost(limit)]) for _ in LANGUAGES)


def text_fields(form: Form, name: str) -> list[tuple[str, Field]]:
    """List language and field of a text, for the ``localised`` macro."""
    return [(language, form[f"{name}_{language}"]) for language in LANGUAGES]


def read_texts(form: Form, name: str) -> dict[str, str]:
    """Gather what was entered of a text, by language; empty ones are left out."""
    return {language: field.data for language, field in text_fields(form, name) if field.data}


def check_texts(form: Form, name: str, message: str) -> bool:
    """Tell whether a text was entered in at least one language; say so next to it when it was not."""
    if read_texts(form, name):
        return True
    first = form[f"{name}_{LANGUAGES[0]}"]
    first.errors = [*first.errors, message]
    return False


def spread(name: str, value: Mapping[str, str]) -> dict[str, str]:
    """Give the data of a text's fields, for filling a form."""
    return {f"{name}_{language}": value.get(language, "") for language in LANGUAGES}
