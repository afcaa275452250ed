"""Compare with Stripe: what the last comparisons found, and a button for another one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, redirect, render_template, url_for

from eventsys.accounts.rules import Permission
from eventsys.core.errors import NotFound
from eventsys.core.i18n import gettext
from eventsys.jobs.queries import last_jobs
from eventsys.payments.queries.bookings import count_unbooked
from eventsys.registration.operations.ask_reconcile import ask_reconcile
from eventsys.web.office.blueprint import bp
from eventsys.web.office.payments_tabs import money_page
from eventsys.web.shared.access import current_actor, may, requires
from eventsys.web.shared.clock import now
from eventsys.web.shared.pages import settings

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

SHOWN = 10


@bp.get("/payments/stripe")
@requires(Permission.PAYMENTS_VIEW)
def all_stripe() -> ResponseReturnValue:
    """Show the last comparisons, and whether Stripe's fees are known."""
    jobs = last_jobs("payments.reconcile", now=now(), limit=SHOWN)
    return render_template(
        "office/payments/compare.html",
        **money_page(None, "stripe"),
        jobs=jobs,
        unbooked=count_unbooked(),
        hidden=next(
            (not row.progress.get("sees_bookings", True) for row in jobs if row.progress), False
        ),
        has_key=settings().stripe_secret_key is not None,
        may_edit=may(Permission.PAYMENTS_EDIT),
    )


@bp.post("/payments/stripe")
@requires(Permission.PAYMENTS_EDIT)
def compare_with_stripe() -> ResponseReturnValue:
    """Ask the worker for a comparison."""
    if settings().stripe_secret_key is None:
        raise NotFound
    ask_reconcile(actor=current_actor(), now=now())
    flash(gettext("Stripe is asked now. Look again in a moment."), "ok")
    return redirect(url_for(".all_stripe"), 303)
