"""Documents of one registration in the office: issue, issue anew to somebody else, and the files of each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response, abort, flash, redirect, render_template, request, url_for

from eventsys.accounts.rules import Permission
from eventsys.core.errors import NotFound
from eventsys.core.i18n import gettext
from eventsys.events.queries import get_event
from eventsys.payments.errors import InvoiceStands, NoIssuer, NothingDue, NothingToInvoice
from eventsys.payments.queries.documents import get_document_in, number_of, pdf_of
from eventsys.payments.rules.cii import xml_of
from eventsys.payments.rules.documents import DocumentKind
from eventsys.payments.rules.einvoice import lack_of
from eventsys.registration.operations.documents import ask_document, issue_anew
from eventsys.registration.queries.documents import buyer_of, list_papers
from eventsys.registration.rules.names import full_name
from eventsys.web.office.blueprint import bp
from eventsys.web.office.participants import of_event
from eventsys.web.office.payments_tabs import money_page
from eventsys.web.shared.access import current_actor, may, requires
from eventsys.web.shared.buyer import BuyerForm
from eventsys.web.shared.clock import now
from eventsys.web.shared.papers import KINDS, LACKS, pdf_answer, xml_answer
from eventsys.web.shared.sentences import sentence

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from eventsys.events.queries import Event
    from eventsys.payments.queries.documents import Document
    from eventsys.registration.queries.detail import Detail

REFUSED = 422
ACTIONS = ("pro_forma", "invoice", "anew")


@bp.get("/events/<slug>/payments/<int:registration_id>/documents")
@requires(Permission.PAYMENTS_VIEW)
def documents_of(slug: str, registration_id: int) -> str:
    """List the documents of a registration, with the form for the next one."""
    event = get_event(slug)
    detail = of_event(event, registration_id)
    papers = list_papers(detail)
    given = papers.buyer if papers else {}
    return _page(event, detail, BuyerForm(data=given or buyer_of(detail.registration, {})))


@bp.post("/events/<slug>/payments/<int:registration_id>/documents")
@requires(Permission.PAYMENTS_EDIT)
def issue_document(slug: str, registration_id: int) -> ResponseReturnValue:
    """Issue a pro forma or an invoice; or take the invoice back and issue it anew to somebody else."""
    event = get_event(slug)
    detail = of_event(event, registration_id)
    action = request.form.get("kind", "")
    if action not in ACTIONS:
        abort(400)
    form, refusal = BuyerForm(), ""
    if form.validate():
        try:
            made = _issue(registration_id, action, form.buyer())
        except (InvoiceStands, NoIssuer, NothingDue, NothingToInvoice) as error:
            refusal = sentence(error)
        else:
            flash(gettext("%(number)s is issued and goes out by mail.", number=number_of(made)), "ok")  # fmt: skip
            here = url_for("office.documents_of", slug=slug, registration_id=registration_id)
            return redirect(here, 303)
    return _page(event, detail, form, refusal), REFUSED


def _issue(registration_id: int, action: str, buyer: dict[str, str]) -> Document:
    actor, moment = current_actor(), now()
    if action == "anew":
        return issue_anew(registration_id, buyer, actor=actor, now=moment)
    kind = DocumentKind(action)
    return ask_document(registration_id, kind, buyer, actor=actor, now=moment, by_person=False)


def _page(event: Event, detail: Detail, form: BuyerForm, refusal: str = "") -> str:
    registration, papers = detail.registration, list_papers(detail)
    documents = papers.documents if papers else ()
    return render_template(
        "office/documents/registration.html",
        registration=registration,
        name=full_name(registration.first_name, registration.last_name),
        papers=papers,
        lacks={document.id: lack_of(document.content) for document in documents},
        lack_words=LACKS,
        kinds=KINDS,
        number_of=number_of,
        form=form,
        refusal=refusal,
        can_issue=may(Permission.PAYMENTS_EDIT, event.id),
        **money_page(event, "documents"),
    )


@bp.get("/events/<slug>/documents/<key>.pdf")
@requires(Permission.PAYMENTS_VIEW)
def document_pdf(slug: str, key: str) -> Response:
    """Give one document of this event; that of another event is not found."""
    document = get_document_in(key, get_event(slug).id)
    return pdf_answer(number_of(document), pdf_of(document))


@bp.get("/events/<slug>/documents/<key>.xml")
@requires(Permission.PAYMENTS_VIEW)
def document_xml(slug: str, key: str) -> Response:
    """Give an invoice or a credit note for machines; not found where there is none."""
    document = get_document_in(key, get_event(slug).id)
    content = xml_of(document.content)
    if content is None:
        raise NotFound
    return xml_answer(number_of(document), content)
