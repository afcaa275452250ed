"""Receipts of money that came before anybody issued documents: made with one press."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, redirect, url_for

from eventsys.accounts.rules import Permission
from eventsys.core.i18n import gettext, ngettext
from eventsys.events.queries import get_event
from eventsys.payments.errors import NoIssuer
from eventsys.payments.operations.make_receipts import make_receipts
from eventsys.web.office.blueprint import bp
from eventsys.web.shared.access import current_actor, requires
from eventsys.web.shared.clock import now
from eventsys.web.shared.sentences import sentence

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@bp.post("/documents/receipts")
@requires(Permission.PAYMENTS_EDIT)
def make_all_receipts() -> ResponseReturnValue:
    """Have the missing receipts of all events made."""
    return _make(None, url_for("office.all_documents"))


@bp.post("/events/<slug>/documents/receipts")
@requires(Permission.PAYMENTS_EDIT)
def make_event_receipts(slug: str) -> ResponseReturnValue:
    """Have the missing receipts of an event made."""
    return _make(get_event(slug).id, url_for("office.event_documents", slug=slug))


def _make(event_id: int | None, back: str) -> ResponseReturnValue:
    try:
        count = make_receipts(event_id, actor=current_actor(), now=now())
    except NoIssuer as error:
        flash(sentence(error), "bad")
    else:
        text = ngettext(
            "%(n)s receipt is being made and goes out by mail.",
            "%(n)s receipts are being made and go out by mail.",
            count,
        )
        flash(text if count else gettext("No receipt is missing."), "ok" if count else "info")
    return redirect(back, 303)
