"""The participants of an event: list with search and filters, export, and everything known of one person."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any, Final

from flask import (
    Response,
    abort,
    flash,
    redirect,
    render_template,
    request,
    stream_with_context,
    url_for,
)

from eventsys.accounts.rules import Permission
from eventsys.audit.queries import AuditFilter, list_entries
from eventsys.checkin.queries.scans import list_standing_entries
from eventsys.checkin.rules import MAIN_POINT
from eventsys.core.errors import NotFound
from eventsys.core.i18n import current_language, gettext, ngettext, text_in
from eventsys.events.queries import get_event, list_categories, list_questions
from eventsys.mail.queries import list_messages
from eventsys.members.queries import get_organisation
from eventsys.places.queries import get_cities
from eventsys.registration.operations.amend import amend_many
from eventsys.registration.operations.note_export import note_export
from eventsys.registration.queries.detail import get_detail, list_answers
from eventsys.registration.queries.lists import PAGE, find_participants, list_countries_of
from eventsys.registration.queries.waiting import waiting_number
from eventsys.registration.rules.states import ENDED
from eventsys.web.office.audit_facts import facts_text
from eventsys.web.office.audit_labels import action_words, actor_text
from eventsys.web.office.blueprint import bp
from eventsys.web.office.messages import KINDS
from eventsys.web.office.navigation import event_page
from eventsys.web.office.participants_export import TYPES, stream
from eventsys.web.office.participants_filter import (
    number,
    options,
    page_number,
    read_filter,
    sort_link,
)
from eventsys.web.office.participants_forms import NoteForm
from eventsys.web.office.participants_payment import (
    Sight,
    payment_options,
    payment_tags,
    payments_to_ask,
    sight,
)
from eventsys.web.shared.access import current_actor, requires
from eventsys.web.shared.clock import now

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from eventsys.events.queries import Event, Question
    from eventsys.registration.queries.detail import Detail

MOST_CHOSEN: Final = 500
ACTIONS: Final = ("confirmation", "category", "confirm")


@bp.get("/events/<slug>/participants")
@requires(Permission.PARTICIPANTS_VIEW)
def participants(slug: str) -> str:
    """List the participants that the filters leave, a page at a time."""
    event = get_event(slug)
    categories = list_categories(event.id)
    seen = sight(event)
    asked = read_filter(_here(slug), request.args, categories, payments_to_ask(seen))
    page, sums = page_number(request.args), seen is Sight.SUMS
    found = find_participants(event.id, asked.wanted, page=page, sums=sums)
    pages = max(-(-found.total // PAGE), 1)
    if page > pages:
        page = pages
        found = find_participants(event.id, asked.wanted, page=page, sums=sums)
    return render_template(
        "office/participants/list.html",
        asked=asked,
        found=found,
        options=options(categories, list_countries_of(event.id)),
        payments=payment_options(seen) if seen else [],
        payment_tags=payment_tags,
        categories={row.id: row for row in categories},
        cities=get_cities(row.city_id for row in found.rows),
        sorts={name: sort_link(asked, name) for name in ("name", "registered", "arrived")},
        page=page,
        pages=pages,
        first=(page - 1) * PAGE + 1,
        **event_page(event, "participants"),
    )


def _here(slug: str) -> str:
    return url_for("office.participants", slug=slug)


@bp.get("/events/<slug>/participants/<any(export, many):_action>")
@requires(Permission.PARTICIPANTS_VIEW)
def back_to_participants(slug: str, _action: str) -> ResponseReturnValue:
    """Lead from the address of an action to the list: after a refusal, or in another language."""
    return redirect(_here(slug))


@bp.post("/events/<slug>/participants/export")
@requires(Permission.PARTICIPANTS_EXPORT)
def export_participants(slug: str) -> Response:
    """Give the filtered list as a file. A POST, because taking people's data away is written to the log."""
    event = get_event(slug)
    categories = list_categories(event.id)
    seen = sight(event)
    asked = read_filter(_here(slug), request.form, categories, payments_to_ask(seen))
    form = request.form.get("form", "csv")
    if form not in TYPES:
        abort(400)
    filters = {name: value for name, value in asked.values.items() if value}
    note_export(event.id, form, filters, actor=current_actor(), now=now())
    pieces = stream(event, categories, asked.wanted, form, seen)
    return Response(
        stream_with_context(pieces),
        mimetype=TYPES[form],
        headers={"Content-Disposition": f'attachment; filename="{event.slug}-participants.{form}"'},
    )


@bp.post("/events/<slug>/participants/many")
@requires(Permission.PARTICIPANTS_EDIT)
def amend_participants(slug: str) -> ResponseReturnValue:
    """Do one thing to everybody who is ticked."""
    event = get_event(slug)
    categories = list_categories(event.id)
    asked = read_filter(_here(slug), request.form, categories, payments_to_ask(sight(event)))
    back = redirect(asked.query(), 303)
    chosen = [value for value in map(number, request.form.getlist("chosen")[:MOST_CHOSEN]) if value]
    action, _colon, code = request.form.get("action", "").partition(":")
    category = next((row.id for row in categories if row.code == code), None)
    if not chosen or action not in ACTIONS or (action == "category" and category is None):
        flash(gettext("Tick at least one person and choose what to do."), "warn")
        return back
    done, refused = amend_many(
        event.id, chosen, action, actor=current_actor(), now=now(), category_id=category
    )
    flash(
        ngettext("Done for %(n)s person.", "Done for %(n)s persons.", done),
        "ok" if done else "warn",
    )
    if refused:
        flash(
            ngettext(
                "Not possible for %(n)s person: the state of the registration or the number of places forbids it.",
                "Not possible for %(n)s persons: the state of the registrations or the number of places forbids it.",
                refused,
            ),
            "warn",
        )
    return back


@bp.get("/events/<slug>/participants/<int:registration_id>")
@requires(Permission.PARTICIPANTS_VIEW)
def participant(slug: str, registration_id: int) -> str:
    """Show everything known of one registration: states, what was said, history, mails."""
    event = get_event(slug)
    return render_template("office/participants/show.html", **person_page(event, registration_id))


def of_event(event: Event, registration_id: int) -> Detail:
    """Get a registration of this event; one of another event does not exist here."""
    detail = get_detail(registration_id)
    if detail.registration.event_id != event.id:
        raise NotFound
    return detail


def answer_in_words(question: Question, value: Any) -> str:  # noqa: ANN401 (any JSON)
    """Write an answer as the person saw it on the form, not as the code that is stored."""
    if isinstance(value, bool):
        return gettext("Yes") if value else gettext("No")
    words = {option["value"]: text_in(option["label"]) for option in question.options}
    values = value if isinstance(value, list) else [value]
    return ", ".join(words.get(item, str(item)) for item in values)


def person_page(event: Event, registration_id: int) -> dict[str, Any]:
    """Give what the page of one person shows."""
    detail = of_event(event, registration_id)
    registration = detail.registration
    given = list_answers(registration_id)
    city = get_cities([registration.city_id]).get(registration.city_id or 0)
    return {
        "detail": detail,
        "registration": registration,
        "category": detail.category,
        "city": city.name_in(current_language()) if city else "",
        "member": get_organisation(registration.organisation_id)
        if registration.organisation_id
        else None,
        "answers": [
            (question, answer_in_words(question, given[question.id]))
            for question in list_questions(event.id)
            if question.id in given
        ],
        "history": list_entries(AuditFilter(subject=("registration", registration_id)), limit=100),
        "messages": list_messages(registration_id=registration_id),
        "kinds": KINDS,
        "scan_id": str(uuid.uuid4()),
        "arrivals": list_standing_entries(registration_id, MAIN_POINT),
        "note_form": NoteForm(formdata=None, data={"note": registration.note}),
        "action_words": action_words,
        "actor_text": actor_text,
        "facts_text": facts_text,
        "ended": registration.status in ENDED,
        "waiting_number": waiting_number(registration) if registration.status == "waiting" else 0,
        **event_page(event, "participants"),
    }
