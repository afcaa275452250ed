"""Documents of a registration by link: who gets them, pro forma, invoice, and the PDF of each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response, flash, redirect, render_template, request, url_for

from eventsys.core.actor import Actor
from eventsys.core.errors import NotFound
from eventsys.core.i18n import gettext
from eventsys.payments.errors import InvoiceStands, NoIssuer, NothingDue, NothingToInvoice
from eventsys.payments.queries.documents import get_document_of, number_of, pdf_of
from eventsys.payments.rules.documents import DocumentKind
from eventsys.registration.operations.documents import ask_document
from eventsys.registration.queries.detail import get_by_link
from eventsys.registration.queries.documents import buyer_of, list_papers
from eventsys.registration.rules.names import full_name
from eventsys.web.public.blueprint import bp
from eventsys.web.public.present import event_view
from eventsys.web.shared.access import link_holder
from eventsys.web.shared.buyer import BuyerForm
from eventsys.web.shared.clock import now
from eventsys.web.shared.papers import KINDS, pdf_answer
from eventsys.web.shared.sentences import sentence

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from eventsys.registration.queries.detail import Detail

REFUSED = 422
_ASKED = {"pro_forma": DocumentKind.PRO_FORMA, "invoice": DocumentKind.INVOICE}


@bp.route("/registrations/<token>/documents", methods=["GET", "POST"])
@link_holder
def my_documents(token: str) -> ResponseReturnValue:
    """List the documents, and ask who gets the next one."""
    detail = get_by_link(token)
    papers = list_papers(detail)
    if papers is None:
        raise NotFound
    form = BuyerForm(data=papers.buyer or buyer_of(detail.registration, {}))
    refusal = ""
    if request.method == "POST" and form.validate():
        try:
            return _issue(detail, form, token)
        except (InvoiceStands, NoIssuer, NothingDue, NothingToInvoice) as error:
            refusal = sentence(error)
    page = render_template(
        "public/mine/documents.html",
        view=event_view(detail.event, (), now=now()),
        token=token,
        papers=papers,
        kinds=KINDS,
        number_of=number_of,
        form=form,
        refusal=refusal,
    )
    return page, REFUSED if request.method == "POST" else 200


def _issue(detail: Detail, form: BuyerForm, token: str) -> ResponseReturnValue:
    person = detail.registration
    kind = _ASKED.get(request.form.get("kind", ""))
    if kind is None:
        raise NotFound
    made = ask_document(
        person.id,
        kind,
        form.buyer(),
        actor=Actor("person", person.id, full_name(person.first_name, person.last_name)),
        now=now(),
        by_person=True,
    )
    flash(gettext("%(number)s is ready, and on its way to you by mail.", number=number_of(made)), "ok")  # fmt: skip
    return redirect(url_for(".my_documents", token=token), 303)


@bp.get("/registrations/<token>/documents/<key>.pdf")
@link_holder
def my_document(token: str, key: str) -> Response:
    """Give one document; that of somebody else is not found."""
    detail = get_by_link(token)
    document = get_document_of(key, detail.registration.id)
    return pdf_answer(number_of(document), pdf_of(document))
