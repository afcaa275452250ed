"""A person's own page: status, QR, badge, calendar, change, cancel. The link is the right to it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from flask import Response, flash, redirect, render_template, request, url_for

from eventsys.core.actor import Actor
from eventsys.core.i18n import current_language, gettext, text_in
from eventsys.core.limits import count_try
from eventsys.core.tokens import badge_url
from eventsys.events.queries import list_categories, list_questions
from eventsys.events.rules import has_entrance, may_change
from eventsys.files import qr
from eventsys.files.calendar import calendar
from eventsys.places.queries import city_name
from eventsys.registration.errors import AddressLinkOld, CategoryFull, FeeWouldChange
from eventsys.registration.operations.address import confirm_address, proves
from eventsys.registration.operations.cancel import cancel
from eventsys.registration.operations.change import change
from eventsys.registration.operations.identify import badge_token
from eventsys.registration.queries.after_cancelling import after_cancelling
from eventsys.registration.queries.detail import Detail, get_by_link, list_answers
from eventsys.registration.queries.documents import list_papers
from eventsys.registration.queries.waiting import waiting_number
from eventsys.registration.rules.names import full_name
from eventsys.registration.rules.states import ENDED, has_badge
from eventsys.web.public.blueprint import bp
from eventsys.web.public.entries import calendar_entry
from eventsys.web.public.fee import fee_view
from eventsys.web.public.present import event_view
from eventsys.web.public.refund_words import cancel_words
from eventsys.web.public.registration import MOST_DIGITS, event_form, place_from, submission_from
from eventsys.web.shared.access import link_holder, settings_secret
from eventsys.web.shared.clock import now
from eventsys.web.shared.forms import options
from eventsys.web.shared.pages import settings
from eventsys.web.shared.sentences import code_sentence, sentence
from eventsys.web.shared.transaction import keep_despite_refusal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask.typing import ResponseReturnValue

    from eventsys.events.queries import Category, Question
    from eventsys.web.public.present import EventView
    from eventsys.web.public.registration import CityChoice
    from eventsys.web.public.registration_form import RegistrationForm

TOO_MANY: Final = 429
MOST_ADDRESSES: Final = 5
WINDOW: Final = timedelta(minutes=15)
REFUSED: Final = 422
CONFLICT: Final = 409


def _view(detail: Detail, categories: Sequence[Category] = ()) -> EventView:
    return event_view(detail.event, categories, now=now())


def _actor(detail: Detail) -> Actor:
    person = detail.registration
    return Actor("person", person.id, full_name(person.first_name, person.last_name))


def _changeable(detail: Detail, view: EventView) -> bool:
    return detail.registration.status not in ENDED and may_change(view.facts.window, now())


@bp.get("/registrations/<token>")
@link_holder
def mine(token: str) -> str:
    """Show where the registration stands and what can be done."""
    detail = get_by_link(token)
    registration = detail.registration
    view = _view(detail)
    code = badge_token(settings_secret(), registration.key, registration.badge_generation)
    # Only of whom it may cost something: a free event has no question about money to ask.
    costs = registration.payment != "not_due" or registration.status == "waiting"
    return render_template(
        "public/mine/show.html",
        detail=detail,
        view=view,
        token=token,
        name=full_name(registration.first_name, registration.last_name),
        city=city_name(registration.city_id, current_language())
        if registration.city_id
        else registration.city_typed,
        changeable=_changeable(detail, view),
        confirmed=has_badge(registration.status),
        qr_code=qr.svg(badge_url(settings().base_url, code))
        if has_badge(registration.status) and has_entrance(detail.event.format)
        else "",
        number=waiting_number(registration) if registration.status == "waiting" else 0,
        fee=fee_view(detail) if costs else None,
        papers=list_papers(detail) if costs else None,
    )


@bp.get("/registrations/<token>/calendar.ics")
@link_holder
def my_calendar(token: str) -> Response:
    """Give the calendar entry of the event, with the link to this page and the online address."""
    detail = get_by_link(token)
    entry = calendar_entry(
        detail.event,
        link=url_for(".mine", token=token),
        online=has_badge(detail.registration.status),
    )
    made = calendar([entry], name=entry.title, language=current_language())
    return Response(
        made,
        mimetype="text/calendar",
        headers={"Content-Disposition": f'attachment; filename="{detail.event.slug}.ics"'},
    )


def _fill(form: RegistrationForm, detail: Detail, questions: Sequence[Question]) -> None:
    registration = detail.registration
    for name in (
        "first_name",
        "last_name",
        "email",
        "gender",
        "country",
        "organisation",
        "job_title",
    ):
        form[name].data = getattr(registration, name)
    form.city.data = registration.city_typed
    form.city_id.data = str(registration.city_id or "")
    form.category.data = detail.category.code
    form.mail_language.data = registration.language
    form.photo_consent.data = bool(registration.photo_consent)
    given = list_answers(registration.id)
    for question in questions:
        if question.id in given:
            form[question.name].process_data(given[question.id])


@bp.route("/registrations/<token>/change", methods=["GET", "POST"])
@link_holder
def change_mine(token: str) -> ResponseReturnValue:
    """Show the answers given, and keep what is changed."""
    detail = get_by_link(token)
    categories, questions = list_categories(detail.event.id), list_questions(detail.event.id)
    view = _view(detail, categories)
    if not _changeable(detail, view):
        flash(gettext("The deadline for changes has passed. Write to the organisers."), "warn")
        return redirect(url_for(".mine", token=token), 303)
    form = event_form(view, questions)
    own = [
        item
        for item in view.facts.categories
        if item.id == detail.category.id and not item.open_to_public
    ]
    form.category.choices = [
        *form.category.choices,
        *options((item.code, text_in(item.name)) for item in own),
    ]
    del form.consent
    if request.method == "GET":
        _fill(form, detail, questions)
        return _change_page(view, form, token, [])
    return _change(detail, view, form, token)


def _change(
    detail: Detail, view: EventView, form: RegistrationForm, token: str
) -> ResponseReturnValue:
    choices: list[CityChoice] = []
    refused: CategoryFull | FeeWouldChange | None = None
    status = REFUSED
    if form.validate():
        place, choices = place_from(form)
        if not choices:
            wanted = replace(submission_from(form, view, place), shown_total=_agreed())
            number, asks = detail.registration.id, wanted.email != detail.registration.email
            if asks and not _may_ask(number):
                keep_despite_refusal()
                form.email.errors = [code_sentence("too_many_tries", {})]
                return _change_page(view, form, token, choices), TOO_MANY
            try:
                changed = change(
                    number, wanted, window=view.facts.window, actor=_actor(detail), now=now()
                )
            except (CategoryFull, FeeWouldChange) as error:
                refused, status = error, CONFLICT
            else:
                if changed or not asks:
                    flash(gettext("Your changes are kept."), "ok")
                if asks and "email" not in changed:
                    flash(
                        gettext(
                            "We have written to %(address)s. The address of your registration changes "
                            "when you press the button in that mail.",
                            address=wanted.email,
                        ),
                        "info",
                    )
                return redirect(url_for(".mine", token=token), 303)
    return _change_page(view, form, token, choices, refused), status


def _change_page(
    view: EventView,
    form: RegistrationForm,
    token: str,
    choices: list[CityChoice],
    refused: CategoryFull | FeeWouldChange | None = None,
) -> str:
    agreed = None
    if isinstance(refused, CategoryFull):
        form.category.errors = [sentence(refused)]
    elif refused is not None:
        # What is shown now is agreed to with the next press.
        agreed = refused.facts["now"]
    return render_template(
        "public/mine/change.html", view=view, form=form, token=token, choices=choices, agreed=agreed,
        message=sentence(refused) if agreed is not None and refused else "",
    )  # fmt: skip


def _agreed() -> int | None:
    """Give the fee that was shown with the changes; what is no number was never shown."""
    text = request.form.get("agreed_total", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < MOST_DIGITS else None


def _may_ask(registration_id: int) -> bool:
    """Count a try with another address: each sends a mail, perhaps to a stranger."""
    bucket = f"change-address:{registration_id}"
    return count_try(settings(), bucket, limit=MOST_ADDRESSES, window=WINDOW, now=now())


@bp.route("/registrations/<token>/address/<proof>", methods=["GET", "POST"])
@link_holder
def my_address(token: str, proof: str) -> ResponseReturnValue:
    """Take the new address of whoever has opened the mail that was sent to it."""
    detail = get_by_link(token)
    wanted, number = request.args.get("to", ""), detail.registration.id
    if detail.registration.email == wanted:
        return redirect(url_for(".mine", token=token), 303)
    view = _view(detail)
    if request.method == "GET":
        if not proves(detail.registration, wanted, proof, secret=settings_secret()):
            raise AddressLinkOld
        return render_template(
            "public/mine/address.html", view=view, detail=detail, token=token, wanted=wanted
        )
    confirm_address(
        number, wanted, proof,
        secret=settings_secret(), window=view.facts.window, actor=_actor(detail), now=now(),
    )  # fmt: skip
    flash(gettext("Your changes are kept."), "ok")
    return redirect(url_for(".mine", token=token), 303)


@bp.route("/registrations/<token>/cancel", methods=["GET", "POST"])
@link_holder
def cancel_mine(token: str) -> ResponseReturnValue:
    """Ask once, then cancel. A second click changes nothing."""
    detail = get_by_link(token)
    view = _view(detail)
    if request.method == "GET":
        if not _changeable(detail, view):
            return redirect(url_for(".mine", token=token))
        after = after_cancelling(detail.registration.id, by_person=True, now=now())
        return render_template(
            "public/mine/cancel.html",
            view=view,
            token=token,
            detail=detail,
            money=cancel_words(after),
        )
    # The page itself says that it is cancelled: a second message above it would only repeat that.
    cancel(detail.registration.id, window=view.facts.window, actor=_actor(detail), now=now())
    return redirect(url_for(".mine", token=token), 303)
