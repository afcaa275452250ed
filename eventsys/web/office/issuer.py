"""Who issues the documents: one page for the whole association."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, redirect, render_template, request, url_for

from eventsys.accounts.rules import Permission
from eventsys.core.i18n import SOURCE, gettext
from eventsys.payments.errors import InvalidIssuer
from eventsys.payments.operations.issuer import save_issuer
from eventsys.payments.queries.documents import find_issuer
from eventsys.payments.rules.documents import DocumentKind, number_text, series_of
from eventsys.places.queries.countries import list_countries
from eventsys.web.office.blueprint import bp
from eventsys.web.office.issuer_forms import IssuerForm, form_data
from eventsys.web.office.problems import show_refusal
from eventsys.web.office.texts import text_fields
from eventsys.web.shared.access import current_actor, requires
from eventsys.web.shared.clock import now

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

REFUSED = 422


@bp.route("/issuer", methods=["GET", "POST"])
@requires(Permission.PAYMENTS_EDIT)
def issuer() -> ResponseReturnValue:
    """Show and keep who issues documents."""
    known = find_issuer()
    form = IssuerForm() if request.method == "POST" else IssuerForm(data=form_data(known))
    status = 200
    if form.is_submitted():
        status = REFUSED
        if form.validate():
            countries = frozenset(country.code for country in list_countries(SOURCE))
            try:
                save_issuer(form.draft(), countries, actor=current_actor(), now=now())
            except InvalidIssuer as error:
                show_refusal(form, error)
            else:
                flash(gettext("Saved. It stands on all documents from now on."), "ok")
                return redirect(url_for("office.issuer"), 303)
    series = series_of(known.series if known else "", DocumentKind.INVOICE)
    page = render_template(
        "office/documents/issuer.html",
        form=form,
        known=known,
        text_fields=text_fields,
        sample=number_text(series, now().year, 1),
    )
    return page, status
