"""Add a participant, change what is known of one, and everything that is one press: confirm, mail, note, badge."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from flask import Response, flash, redirect, render_template, request, url_for

from eventsys.accounts.rules import Permission
from eventsys.badges.operations.render import render_badge
from eventsys.core.i18n import gettext
from eventsys.core.money import format_money
from eventsys.events.queries import event_facts, get_event, list_categories
from eventsys.members.queries import name_told_apart
from eventsys.payments.queries import find_charge_of
from eventsys.registration.errors import CategoryFull, EmailTaken, EventFull, WrongState
from eventsys.registration.operations.amend import renew_badge, send_confirmation, write_note
from eventsys.registration.operations.cancel import cancel
from eventsys.registration.operations.change import change
from eventsys.registration.operations.promote import confirm_waiting
from eventsys.registration.operations.submit import submit
from eventsys.registration.queries.after_cancelling import after_cancelling
from eventsys.registration.queries.detail import list_answers
from eventsys.registration.queries.lists import find_live_id
from eventsys.registration.rules.states import ENDED, has_badge
from eventsys.web.office.blueprint import bp
from eventsys.web.office.navigation import event_page
from eventsys.web.office.participants import of_event, person_page
from eventsys.web.office.participants_filter import number
from eventsys.web.office.participants_forms import (
    NoteForm,
    form_data,
    participant_form,
    place_from,
    submission,
)
from eventsys.web.office.problems import show_refusal
from eventsys.web.shared.access import current_actor, may, requires, settings_secret
from eventsys.web.shared.clock import now
from eventsys.web.shared.pages import settings
from eventsys.web.shared.sentences import sentence

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from eventsys.core.errors import DomainError
    from eventsys.events.queries import Event

REFUSED: Final = 422
CONFLICT: Final = 409


def _back(slug: str, registration_id: int) -> ResponseReturnValue:
    return redirect(url_for("office.participant", slug=slug, registration_id=registration_id), 303)


@bp.route("/events/<slug>/participants/add", methods=["GET", "POST"])
@requires(Permission.PARTICIPANTS_EDIT)
def add_participant(slug: str) -> ResponseReturnValue:
    """Register somebody in the office, also when the public form is closed."""
    event = get_event(slug)
    categories = list_categories(event.id)
    form = participant_form(categories)
    status, existing = 200, None
    if form.is_submitted():
        status = REFUSED
        if form.validate():
            wanted = submission(form, categories, place_from(form))
            facts = event_facts(event, categories)
            try:
                outcome = submit(
                    facts, wanted, actor=current_actor(), now=now(), secret=settings_secret()
                )
            except EventFull as error:
                show_refusal(form, error)
            else:
                if outcome.registration_id is not None:
                    flash(gettext("Registered. The mail with badge and link is on its way."), "ok")
                    return _back(slug, outcome.registration_id)
                existing, status = find_live_id(event.id, wanted.email), CONFLICT
    page = {
        "form": form,
        "existing": existing,
        "registration": None,
        **event_page(event, "participants"),
    }
    return render_template("office/participants/edit.html", **page), status


@bp.route("/events/<slug>/participants/<int:registration_id>/edit", methods=["GET", "POST"])
@requires(Permission.PARTICIPANTS_EDIT)
def edit_participant(slug: str, registration_id: int) -> ResponseReturnValue:
    """Change what is known of a participant; every changed field goes to the log."""
    event = get_event(slug)
    categories = list_categories(event.id)
    page = person_page(event, registration_id)
    before = page["registration"]
    if before.status in ENDED:
        raise WrongState(status=before.status)
    member = name_told_apart(page["member"]) if page["member"] else ""
    known = form_data(page["detail"], member)
    form = (
        participant_form(categories)
        if request.method == "POST"
        else participant_form(categories, data=known)
    )
    status = 200
    if form.is_submitted():
        status = REFUSED
        if form.validate():
            wanted = submission(
                form, categories, place_from(form, page["detail"]), answers=list_answers(registration_id),
                photo_consent=before.photo_consent,
            )  # fmt: skip
            billed = _billed(registration_id)
            try:
                changed = change(
                    registration_id, wanted, window=None, actor=current_actor(), now=now()
                )
            except (EmailTaken, CategoryFull) as error:
                show_refusal(form, error, "email" if isinstance(error, EmailTaken) else "category")
                status = CONFLICT
            else:
                text = (
                    gettext("Saved. The person is told by mail.")
                    if changed
                    else gettext("Nothing was changed.")
                )
                flash(text, "ok" if changed else "info")
                _tell_of_fee(event, billed, _billed(registration_id))
                return _back(slug, registration_id)
    return render_template(
        "office/participants/edit.html", form=form, existing=None, **page
    ), status


def _billed(registration_id: int) -> tuple[int, str] | None:
    charge = find_charge_of(registration_id)
    return (charge.billed, charge.currency) if charge else None


def _tell_of_fee(
    event: Event, before: tuple[int, str] | None, after: tuple[int, str] | None
) -> None:
    """Say what a change did to the fee: another country or organisation may have another one."""
    if before == after or after is None:
        return
    if not may(Permission.PAYMENTS_VIEW, event.id):
        flash(gettext("With it the fee is another one."), "warn")
        return
    was, currency = before or (0, after[1])
    flash(
        gettext(
            "With it the fee is another one: %(after)s instead of %(before)s.",
            after=format_money(after[0], currency),
            before=format_money(was, currency),
        ),
        "warn",
    )


@bp.get("/events/<slug>/participants/<int:registration_id>/cancel")
@requires(Permission.PARTICIPANTS_EDIT)
def ask_cancel_participant(slug: str, registration_id: int) -> str:
    """Ask whether the registration is to be cancelled, and say what follows."""
    event = get_event(slug)
    return render_template(
        "office/participants/cancel.html",
        money=after_cancelling(registration_id, by_person=False, now=now()),
        pays_back=may(Permission.PAYMENTS_EDIT, event.id),
        **person_page(event, registration_id),
    )


@bp.post("/events/<slug>/participants/<int:registration_id>/cancel")
@requires(Permission.PARTICIPANTS_EDIT)
def cancel_participant(slug: str, registration_id: int) -> ResponseReturnValue:
    """Cancel; the place is free at once for whoever waits."""
    event = get_event(slug)
    of_event(event, registration_id)
    done = cancel(
        registration_id,
        window=None,
        actor=current_actor(),
        now=now(),
        reason=request.form.get("reason", "").strip()[:200],
        pays_back=may(Permission.PAYMENTS_EDIT, event.id),
    )
    words = (
        gettext("Cancelled. The person is told by mail.")
        if done
        else gettext("It had ended before.")
    )
    flash(words, "ok" if done else "info")
    return _back(slug, registration_id)


@bp.get("/events/<slug>/participants/<int:registration_id>/new-badge")
@requires(Permission.PARTICIPANTS_EDIT)
def ask_new_badge(slug: str, registration_id: int) -> str:
    """Ask whether the code of the badge is to be replaced, and say what follows."""
    return render_template(
        "office/participants/new_badge.html", **person_page(get_event(slug), registration_id)
    )


@bp.post("/events/<slug>/participants/<int:registration_id>/new-badge")
@requires(Permission.PARTICIPANTS_EDIT)
def new_badge(slug: str, registration_id: int) -> ResponseReturnValue:
    """Replace the code of the badge; the old one is refused at the door."""
    of_event(get_event(slug), registration_id)
    seen = number(request.form.get("seen", "")) or 0
    try:
        renew_badge(
            registration_id, seen, actor=current_actor(), now=now(), secret=settings_secret()
        )
    except WrongState as error:
        return _refused(slug, registration_id, error)
    flash(
        gettext("The badge has a new code. Print it again, or send the confirmation once more."),
        "ok",
    )
    return _back(slug, registration_id)


@bp.get(
    '/events/<slug>/participants/<int:registration_id>/<any(confirm, confirmation, note, "check-in"):_action>'
)
@requires(Permission.PARTICIPANTS_VIEW)
def back_to_participant(slug: str, registration_id: int, _action: str) -> ResponseReturnValue:
    """Lead from the address of an action to the person: after a refusal, or in another language."""
    return redirect(url_for("office.participant", slug=slug, registration_id=registration_id))


@bp.post("/events/<slug>/participants/<int:registration_id>/confirm")
@requires(Permission.PARTICIPANTS_EDIT)
def confirm_participant(slug: str, registration_id: int) -> ResponseReturnValue:
    """Give a place to somebody on the waiting list, out of turn."""
    of_event(get_event(slug), registration_id)
    try:
        confirm_waiting(registration_id, actor=current_actor(), now=now())
    except (WrongState, EventFull) as error:
        return _refused(slug, registration_id, error)
    flash(gettext("Confirmed. The mail with badge and link is on its way."), "ok")
    return _back(slug, registration_id)


@bp.post("/events/<slug>/participants/<int:registration_id>/confirmation")
@requires(Permission.PARTICIPANTS_EDIT)
def resend_confirmation(slug: str, registration_id: int) -> ResponseReturnValue:
    """Send the mail with badge and link once more."""
    of_event(get_event(slug), registration_id)
    try:
        send_confirmation(registration_id, actor=current_actor(), now=now())
    except WrongState as error:
        return _refused(slug, registration_id, error)
    flash(gettext("The mail is on its way."), "ok")
    return _back(slug, registration_id)


@bp.post("/events/<slug>/participants/<int:registration_id>/note")
@requires(Permission.PARTICIPANTS_EDIT)
def note_participant(slug: str, registration_id: int) -> ResponseReturnValue:
    """Keep a note that only staff read."""
    event = get_event(slug)
    of_event(event, registration_id)
    form = NoteForm()
    if not form.validate():
        page = {**person_page(event, registration_id), "note_form": form}
        return render_template("office/participants/show.html", **page), REFUSED
    write_note(registration_id, form.note.data or "", actor=current_actor(), now=now())
    flash(gettext("The note is saved."), "ok")
    return _back(slug, registration_id)


@bp.get("/events/<slug>/participants/<int:registration_id>/badge.pdf")
@requires(Permission.BADGES)
def participant_badge(slug: str, registration_id: int) -> Response:
    """Give the badge of one participant, to print."""
    detail = of_event(get_event(slug), registration_id)
    if not has_badge(detail.registration.status):
        raise WrongState(status=detail.registration.status)
    made = render_badge(detail, secret=settings_secret(), base_url=settings().base_url)
    disposition = f'inline; filename="badge-{detail.event.slug}-{registration_id}.pdf"'
    return Response(made, mimetype="application/pdf", headers={"Content-Disposition": disposition})


def _refused(slug: str, registration_id: int, error: DomainError) -> ResponseReturnValue:
    # Nothing was written: the page says why and shows how things stand now.
    flash(sentence(error), "bad")
    page = {**person_page(get_event(slug), registration_id)}
    return render_template("office/participants/show.html", **page), CONFLICT
