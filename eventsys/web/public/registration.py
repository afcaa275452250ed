"""Registration without an account and without JavaScript: form, submit, own page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from flask import redirect, render_template, request, url_for

from eventsys.core.actor import Actor
from eventsys.core.errors import DomainError
from eventsys.core.i18n import current_language
from eventsys.core.limits import count_try
from eventsys.core.tokens import digest
from eventsys.events.queries import list_questions
from eventsys.events.rules import FormState
from eventsys.members.queries import find_organisation_id
from eventsys.places.queries import find_city, resolve_city
from eventsys.places.queries.cities import city_label
from eventsys.registration.errors import (
    CategoryNotOffered,
    CodeUnknown,
    CodeUsedUp,
    EventFull,
    FormClosed,
    PriceChanged,
)
from eventsys.registration.operations.price import Asking, find_priced, get_code
from eventsys.registration.operations.submit import Place, Submission, submit
from eventsys.registration.queries.fees import get_form_of
from eventsys.web.public.blueprint import bp
from eventsys.web.public.present import event_view
from eventsys.web.public.refund_words import refund_rule
from eventsys.web.public.registration_form import (
    CONSENT_VERSION,
    LONG_FORM,
    RegistrationForm,
    answers,
    make_form,
)
from eventsys.web.shared.access import public, settings_secret
from eventsys.web.shared.clock import now
from eventsys.web.shared.pages import settings
from eventsys.web.shared.sentences import error_page, sentence
from eventsys.web.shared.transaction import reading_before_writing

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from flask.typing import ResponseReturnValue

    from eventsys.events.queries import Question
    from eventsys.registration.operations.price import Priced
    from eventsys.web.public.present import EventView

REFUSED: Final = 422
CONFLICT: Final = 409
MOST_DIGITS: Final = 12
# Generous: a whole delegation may sit behind one address of a hotel.
MOST_FROM_ONE_ADDRESS: Final = 300
WINDOW: Final = timedelta(minutes=10)
NONE_OF_THESE: Final = "0"
MOST_CHOICES: Final = 6


NOWHERE: Final = Place(None, "", "none")


@dataclass(frozen=True, slots=True)
class CityChoice:
    """A city to choose when several have the typed name."""

    id: int
    label: str


def _load(slug: str) -> tuple[EventView, Sequence[Question], bool]:
    """Read the event, its own questions, and whether it asks for money."""
    event, categories, costs = get_form_of(slug, now=now())
    return event_view(event, categories, now=now()), list_questions(event.id), costs


def event_form(
    view: EventView, questions: Sequence[Question], *, costs: bool = False
) -> RegistrationForm:
    """Make the form with the categories that the public may choose."""
    offered = [category for category in view.facts.categories if category.open_to_public]
    return make_form(questions, offered, costs=costs)


def place_from(form: RegistrationForm) -> tuple[Place, list[CityChoice]]:
    """Find the city that was meant; the second value lists the choices when several have that name."""
    typed, country = form.city.data or "", form.country.data
    chosen = form.city_id.data or ""
    # A forged id of any length is no city; it must not reach the index, which counts in 64 bits.
    known = chosen.isascii() and chosen.isdigit() and len(chosen) < MOST_DIGITS
    if known and chosen != NONE_OF_THESE:
        city = find_city(int(chosen))
        if city is not None and city.country == country:
            return Place(city.id, typed, "resolved"), []
    found = resolve_city(typed, country=country, language=current_language())
    if found.status == "resolved":
        return Place(found.geonameid, typed, "resolved"), []
    if found.status == "ambiguous" and chosen != NONE_OF_THESE:
        return Place(None, typed, "ambiguous"), [
            CityChoice(item.geonameid, f"{item.name} ({item.region})" if item.region else item.name)
            for item in found.alternatives[:MOST_CHOICES]
        ]
    return Place(None, typed, found.status), []


def submission_from(form: RegistrationForm, view: EventView, place: Place) -> Submission:
    """Turn a valid form into what the operation takes."""
    category = next(item for item in view.facts.categories if item.code == form.category.data)
    organisation = form.organisation.data or ""
    return Submission(
        category_id=category.id,
        first_name=form.first_name.data,
        last_name=form.last_name.data or "",
        email=form.email.data,
        gender=form.gender.data,
        country=form.country.data,
        city=place,
        organisation=organisation,
        organisation_id=find_organisation_id(organisation, form.country.data)
        if organisation
        else None,
        job_title=form.job_title.data or "",
        language=form.mail_language.data,
        photo_consent=bool(form.photo_consent.data),
        consent_version=CONSENT_VERSION,
        answers=answers(form),
        submission_key=(form.submission_key.data or "")[:64] or None,
        code=form.code.data or "" if "code" in form else "",
        shown_total=_shown_total(form),
    )


def _shown_total(form: RegistrationForm) -> int | None:
    shown = form.shown_total.data or "" if "shown_total" in form else ""
    return int(shown) if shown.isascii() and shown.isdigit() and len(shown) < MOST_DIGITS else None


def _show(
    view: EventView,
    form: RegistrationForm,
    status: int = 200,
    *,
    choices: Sequence[CityChoice] = (),
    message: str = "",
) -> ResponseReturnValue:
    return render_template(
        "public/registration/form.html", view=view, form=form, choices=choices, message=message
    ), status


@bp.get("/events/<slug>/register")
@public
def register(slug: str) -> ResponseReturnValue:
    """Show the form, or say why there is none."""
    view, questions, costs = _load(slug)
    if view.state is not FormState.OPEN or (view.facts.full and not view.facts.waiting_list):
        return render_template("public/registration/closed.html", view=view)
    return _show(view, event_form(view, questions, costs=costs))


@dataclass(frozen=True, slots=True)
class Filled:
    """A form as it was sent: readable or not, the city that was meant, what it costs."""

    view: EventView
    form: RegistrationForm
    readable: bool
    long: bool = False
    place: Place = NOWHERE
    choices: Sequence[CityChoice] = ()
    priced: Priced | None = None

    @property
    def looked_at_again(self) -> bool:
        """Tell whether the answers are shown once more: a long form, or one that costs something."""
        return self.long or (self.priced is not None and bool(self.priced.quote.lines))


def _read(slug: str) -> Filled:
    view, questions, costs = _load(slug)
    form = event_form(view, questions, costs=costs)
    # Both: whoever mends the other fields must not be told only then that the code is wrong.
    moment = now()
    valid, code_is_good = form.validate(), not costs or _code_is_good(form, view, at=moment)
    if not (valid and code_is_good):
        return Filled(view, form, readable=False)
    place, choices = place_from(form)
    if choices:
        return Filled(view, form, readable=False, place=place, choices=choices)
    priced = find_priced(view.facts, asking_of(form, view, place), now=moment) if costs else None
    long = len(questions) >= LONG_FORM
    return Filled(view, form, readable=True, long=long, place=place, priced=priced)


def _code_is_good(form: RegistrationForm, view: EventView, *, at: datetime) -> bool:
    """Look at the code beside the other fields; what is wrong with it is said at its field."""
    typed = (form.code.data or "").strip()
    if not typed or form.code.errors:
        return not form.code.errors
    chosen = [item.id for item in view.facts.categories if item.code == form.category.data]
    wrong: DomainError | None = None
    try:
        code = get_code(view.event.id, typed, chosen[0] if chosen else None, now=at)
    except CodeUnknown as error:
        wrong = error
    else:
        # Whoever sends in the end may have used it themselves with their first click.
        if code.used_up and request.form.get("step") != "send":
            wrong = CodeUsedUp()
    if wrong is not None:
        form.code.errors = [sentence(wrong)]
    return wrong is None


@bp.post("/events/<slug>/register")
@public
def submit_registration(slug: str) -> ResponseReturnValue:
    """Register a person, ask back, or show what to correct with everything that was typed."""
    with reading_before_writing():
        filled = _read(slug)
    if not filled.readable:
        return _show(filled.view, filled.form, REFUSED, choices=filled.choices)
    step = request.form.get("step", "")
    if step == "edit":
        return _show(filled.view, filled.form)
    if step != "send" and filled.looked_at_again:
        return _check(filled)
    return _register(filled)


def asking_of(form: RegistrationForm, view: EventView, place: Place) -> Asking:
    """Say for whom a price is asked; nothing was shown yet."""
    asked = submission_from(form, view, place)
    return Asking(asked.category_id, asked.organisation_id, asked.country, asked.code)


def _check(filled: Filled, status: int = 200, message: str = "") -> ResponseReturnValue:
    """Show the answers and what they cost, before anything is sent."""
    if filled.priced is not None:
        filled.form.shown_total.data = str(filled.priced.quote.total)
    return render_template(
        "public/registration/check.html",
        view=filled.view,
        form=filled.form,
        city=_city_shown(filled.place),
        priced=filled.priced,
        rule=_refund_rule(filled),
        message=message,
    ), status


def _refund_rule(filled: Filled) -> str:
    if filled.priced is None:
        return ""
    return refund_rule(filled.priced.plan, filled.view.event.timezone, at=now())


def _register(filled: Filled) -> ResponseReturnValue:
    view, form = filled.view, filled.form
    bucket = f"register:{digest(request.remote_addr or '')[:32]}"
    if not count_try(settings(), bucket, limit=MOST_FROM_ONE_ADDRESS, window=WINDOW, now=now()):
        return _show(view, form, 429, message=error_page(429)[1])
    submission = submission_from(form, view, filled.place)
    actor = Actor("person", None, "form")
    try:
        outcome = submit(view.facts, submission, actor=actor, now=now(), secret=settings_secret())
    except DomainError as error:
        return _refused(filled, error)
    if outcome.link is None:
        return redirect(url_for(".already_registered", slug=view.event.slug), 303)
    return redirect(url_for(".mine", token=outcome.link), 303)


def _refused(filled: Filled, error: DomainError) -> ResponseReturnValue:
    view, form = filled.view, filled.form
    if isinstance(error, FormClosed):
        return render_template("public/registration/closed.html", view=view), REFUSED
    if isinstance(error, PriceChanged):
        return _check(filled, CONFLICT, sentence(error))
    if isinstance(error, CodeUnknown | CodeUsedUp):
        form.code.errors = [sentence(error)]
        return _show(view, form, CONFLICT)
    if not isinstance(error, EventFull | CategoryNotOffered):
        raise error
    status = CONFLICT if isinstance(error, EventFull) else REFUSED
    return _show(view, form, status, message=sentence(error))


def _city_shown(place: Place) -> str:
    city = find_city(place.city_id) if place.city_id else None
    return city_label(city, current_language()) if city is not None else place.typed


@bp.get("/events/<slug>/register/sent")
@public
def already_registered(slug: str) -> ResponseReturnValue:
    """Say that a mail is on its way, whoever asks: a stranger learns nothing."""
    view, _, _ = _load(slug)
    return render_template("public/registration/sent.html", view=view)
