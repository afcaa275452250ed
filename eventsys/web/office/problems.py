"""Refusals of an operation, put next to the fields that caused them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eventsys.core.i18n import SOURCE
from eventsys.events.errors import InvalidEvent
from eventsys.members.errors import InvalidMember
from eventsys.payments.errors import InvalidIssuer
from eventsys.registration.errors import InvalidFees
from eventsys.web.shared.sentences import reason_sentence, sentence

if TYPE_CHECKING:
    from eventsys.core.errors import DomainError
    from eventsys.web.shared.forms import Form


def show_refusal(form: Form, error: DomainError, field: str = "") -> None:
    """Write a refusal into a form: each problem to its field, what has no field to the summary."""
    if isinstance(error, InvalidEvent | InvalidMember | InvalidFees | InvalidIssuer):
        for name, reason, facts in error.problems:
            _add(form, name, reason_sentence(reason, facts))
    else:
        _add(form, field, sentence(error))


def _add(form: Form, name: str, text: str) -> None:
    for candidate in (name, f"{name}_{SOURCE}"):
        if candidate in form:
            form[candidate].errors = [*form[candidate].errors, text]
            return
    form.form_errors.append(text)
