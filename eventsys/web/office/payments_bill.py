"""Bill people who registered before the event had its fees: what each would pay is shown before it is done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import flash, redirect, render_template, request, url_for

from eventsys.accounts.rules import Permission
from eventsys.core.i18n import gettext, ngettext
from eventsys.events.queries import get_event, list_categories
from eventsys.registration.operations.bill_now import MOST_AT_ONCE, bill_now
from eventsys.registration.queries.fees import find_plan
from eventsys.registration.queries.unbilled import list_unbilled
from eventsys.web.office.blueprint import bp
from eventsys.web.office.payments_tabs import money_page
from eventsys.web.shared.access import current_actor, requires
from eventsys.web.shared.clock import now

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from eventsys.events.queries import Event


@bp.route("/events/<slug>/payments/bill", methods=["GET", "POST"])
@requires(Permission.PAYMENTS_EDIT)
def bill_payments(slug: str) -> ResponseReturnValue:
    """Show who was never billed and what they would pay; bill those who are chosen."""
    event = get_event(slug)
    if request.method == "GET":
        return _page(event)
    shown = _chosen()
    if not shown:
        flash(gettext("Choose at least one"), "bad")
        return redirect(url_for("office.bill_payments", slug=slug), 303)
    done, refused = bill_now(event.id, shown, actor=current_actor(), now=now())
    if done:
        text = ngettext(
            "%(n)s registration is billed; the person is told by mail.",
            "%(n)s registrations are billed; the persons are told by mail.",
            done,
        )
        flash(text, "ok")
    if refused:
        text = ngettext(
            "%(n)s was not billed: billed already, or the fee is another one now.",
            "%(n)s were not billed: billed already, or the fee is another one now.",
            refused,
        )
        flash(text, "warn")
    return redirect(url_for("office.payments", slug=slug), 303)


def _chosen() -> dict[int, int]:
    """Read who was chosen at which fee: ``12:25000``, as it stood on the page."""
    found = {}
    for value in request.form.getlist("chosen")[:MOST_AT_ONCE]:
        number, _, total = value.partition(":")
        if all(part.isascii() and part.isdigit() and len(part) < 16 for part in (number, total)):
            found[int(number)] = int(total)
    return found


def _page(event: Event) -> str:
    wanted = request.args.get("registration", "")
    only = [int(wanted)] if wanted.isascii() and wanted.isdigit() and len(wanted) < 10 else None
    rows = list_unbilled(event.id, only)
    plan = find_plan(event.id)
    page: dict[str, Any] = {
        "rows": rows[:MOST_AT_ONCE],
        "count": len(rows),
        "total": sum(row.quote.total for row in rows[:MOST_AT_ONCE]),
        "plan": plan,
        "categories": {row.id: row for row in list_categories(event.id)},
    }
    return render_template("office/payments/bill.html", **page, **money_page(event, "payments"))
