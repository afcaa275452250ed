"""Jinja without HTTP: mails and documents made by the worker and by commands."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup, escape

from eventsys.core import i18n, money
from eventsys.core.hours import format_duration, format_moment

if TYPE_CHECKING:
    from collections.abc import Mapping

TEMPLATES: Final = Path(__file__).parent.parent.parent / "templates"


def install(environment: Environment) -> None:
    """Give an environment our filters and translation calls; the pages' environment uses it as well."""
    environment.undefined = StrictUndefined
    environment.trim_blocks = True
    environment.lstrip_blocks = True
    environment.add_extension("jinja2.ext.i18n")
    environment.add_extension("jinja2.ext.do")
    environment.install_gettext_callables(  # type: ignore[attr-defined]
        gettext=i18n.gettext,
        ngettext=_plural,
        newstyle=True,
        pgettext=i18n.pgettext,
    )
    environment.filters.update(
        number=i18n.format_number,
        money=money.format_money,
        percent=i18n.format_percent,
        date=i18n.format_date,
        time=i18n.format_time,
        datetime=i18n.format_datetime,
        duration=format_duration,
        moment=format_moment,
        country=i18n.country_name,
        text=_text,
        said=said,
        text_language=i18n.text_language,
    )
    environment.globals.update(date_range=i18n.format_date_range, language_name=i18n.language_name)


def _text(value: Mapping[str, str] | None) -> str:
    return i18n.typeset(i18n.text_in(value), i18n.text_language(value))


def said(value: Mapping[str, str] | None) -> Markup:
    """Show an organiser's text; one that fell back to another language is marked, for voices and hyphens."""
    text, language = escape(_text(value)), i18n.text_language(value)
    if not text or language == i18n.current_language():
        return text
    return Markup('<span lang="{}">{}</span>').format(language, text)


def _plural(one: str, many: str, n: int) -> str:
    # New-style gettext fills the placeholders itself; it only needs the chosen form.
    text: str = i18n.plural_form(one, many, n)
    return text


@cache
def environment() -> Environment:
    """Give the one environment used outside HTTP."""
    made = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=select_autoescape(("html",)))
    install(made)
    return made


def render(name: str, /, **context: Any) -> str:  # noqa: ANN401 (template values)
    """Render a template in the current language."""
    return environment().get_template(name).render(language=i18n.current_language(), **context)
