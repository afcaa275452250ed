"""What a person must decide about money: of one event, and of all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from flask import flash, redirect, render_template, url_for

from eventsys.accounts.rules import Permission
from eventsys.core.errors import NotFound
from eventsys.core.i18n import gettext
from eventsys.core.money import format_money
from eventsys.events.queries import get_event, get_event_by_id
from eventsys.payments.errors import CaseClosed, RefundTooLarge, WrongMoney
from eventsys.payments.queries import get_charge
from eventsys.payments.queries.cases import PAGE, get_case, list_cases
from eventsys.payments.rules.cases import choices_of
from eventsys.registration.errors import EventFull, WrongState
from eventsys.registration.operations.decide_case import decide_case
from eventsys.registration.queries.money import names_of
from eventsys.web.office.blueprint import bp
from eventsys.web.office.money_words import CASES, DECISIONS
from eventsys.web.office.paging import Pages, page_number
from eventsys.web.office.payments_forms import DecisionForm
from eventsys.web.office.payments_tabs import money_page
from eventsys.web.office.problems import show_refusal
from eventsys.web.shared.access import current_actor, may, requires
from eventsys.web.shared.clock import now
from eventsys.web.shared.forms import options
from eventsys.web.shared.sentences import sentence

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from eventsys.events.queries import Event
    from eventsys.payments.queries.cases import Case, CaseRow

REFUSED: Final = 422


def case_text(case: Case, currency: str) -> str:
    """Say in a sentence or two what happened."""
    facts = case.facts
    amount = format_money(int(facts.get("amount", 0)), str(facts.get("currency", currency)))
    if case.kind in {"mismatch", "unknown_money"}:
        came_in = str(facts.get("came_currency", currency))
        came = format_money(int(facts.get("came", 0)), came_in)
        if case.kind == "unknown_money":
            return gettext(
                "%(came)s came at Stripe and belong to no payment of ours that waits. Look there whose they are.",
                came=came,
            )
        asked_in = str(facts.get("asked_currency", currency))
        asked = format_money(int(facts.get("asked", 0)), asked_in)
        return gettext(
            "%(asked)s were asked for and %(came)s came. They are held at Stripe and not counted as paid.",
            asked=asked,
            came=came,
        )
    fees = ", ".join(format_money(fee, kept_in) for fee, kept_in in facts.get("other_fees", ()))
    texts = {
        "no_place": gettext("The fee was paid, and there was no place: the person waits."),
        "refund_failed": gettext(
            "%(sum)s could not be sent back: the card or the account may be closed.", sum=amount
        ),
        "refund_mismatch": gettext(
            "%(sum)s were sent back at Stripe, more than was left of the payment here.", sum=amount
        ),
        "pay_out": gettext("%(sum)s are more than is owed now.", sum=amount),
        "not_at_stripe": gettext(
            "%(sum)s count as paid here, and Stripe does not say so. Look there what became of them.",
            sum=amount,
        ),
        "page_unknown": gettext(
            "%(sum)s were on their way by direct debit, and Stripe does not know the payment with the key that is set: "
            "it was made with another one, perhaps in test mode. It does not count, and the person can pay again.",
            sum=amount,
        ),
        "dispute": gettext(
            "The payer asked their bank for %(sum)s back. Answer in Stripe’s dashboard before its deadline.",
            sum=amount,
        )
        + (
            " "
            + gettext(
                "Stripe kept %(fees)s for it, which the ledger cannot count: enter it by hand.",
                fees=fees,
            )
            if fees
            else ""
        ),
    }
    return texts.get(case.kind, case.kind)


def _effects(case: Case) -> dict[str, str]:
    """Say beside each choice what it does."""
    return {
        "accept": gettext("What came counts as paid; what is missing or too much stays visible."),
        "send_back": gettext("Stripe sends it back by itself; bank and cash you pay out first."),
        "place": gettext("Confirms the person, if there is a place."),
        "again": gettext("Stripe is asked once more, by the same way."),
        "paid_out": gettext("You have transferred it; the ledger takes it from the bank account."),
        "keep": gettext("It stays with us as credit of the person; nothing moves."),
        "other": gettext("Nothing moves here; what you write is kept."),
    } | (
        {"send_back": gettext("Cancels the registration; the fee goes back.")}
        if case.kind == "no_place"
        else {}
    )


def _list(event: Event | None) -> str:
    number = page_number()
    event_id = event.id if event else None
    waiting, open_rows = list_cases(is_open=True, event_id=event_id)
    total, decided = list_cases(is_open=False, event_id=event_id, page=number)
    rows = [*open_rows, *decided]
    people = names_of([row.charge.registration_id for row in rows if row.charge])
    return render_template(
        "office/payments/cases.html",
        waiting=waiting,
        open_rows=open_rows,
        decided=decided,
        pages=Pages(number, PAGE, total),
        people=people,
        events={number: get_event_by_id(number) for number in {one[1] for one in people.values()}},
        kinds=CASES,
        decisions=DECISIONS,
        text_of=_text_of,
        url_of=_url_of,
        zone=event.timezone if event else "UTC",
        **money_page(event, "cases"),
    )


def _text_of(row: CaseRow) -> str:
    return case_text(row.case, row.charge.currency if row.charge else "EUR")


def _url_of(row: CaseRow) -> str:
    if row.charge is None:
        return url_for("office.case_of_all", case_id=row.case.id)
    event = get_event_by_id(row.charge.event_id)
    return url_for("office.event_case", slug=event.slug, case_id=row.case.id)


@bp.get("/payments")
@requires(Permission.PAYMENTS_VIEW)
def all_payments() -> ResponseReturnValue:
    """Begin with what waits for a decision."""
    return redirect(url_for("office.all_cases"))


@bp.get("/payments/cases")
@requires(Permission.PAYMENTS_VIEW)
def all_cases() -> str:
    """List the cases of all events."""
    return _list(None)


@bp.get("/events/<slug>/payments/cases")
@requires(Permission.PAYMENTS_VIEW)
def event_cases(slug: str) -> str:
    """List the cases of one event."""
    return _list(get_event(slug))


@bp.route("/events/<slug>/payments/cases/<int:case_id>", methods=["GET", "POST"])
@requires(Permission.PAYMENTS_VIEW)
def event_case(slug: str, case_id: int) -> ResponseReturnValue:
    """Show a case of an event and take the decision."""
    event, case = get_event(slug), get_case(case_id)
    if case.charge_id is None or get_charge(case.charge_id).event_id != event.id:
        raise NotFound
    return _case(event, case)


@bp.route("/payments/cases/<int:case_id>", methods=["GET", "POST"])
@requires(Permission.PAYMENTS_VIEW)
def case_of_all(case_id: int) -> ResponseReturnValue:
    """Show a case that belongs to no event and take the decision."""
    case = get_case(case_id)
    if case.charge_id is not None:
        event = get_event_by_id(get_charge(case.charge_id).event_id)
        return redirect(url_for("office.event_case", slug=event.slug, case_id=case_id))
    return _case(None, case)


def _case(event: Event | None, case: Case) -> ResponseReturnValue:
    charge = get_charge(case.charge_id) if case.charge_id else None
    can_decide = may(Permission.PAYMENTS_EDIT, event.id if event else None)
    form = DecisionForm()
    choices = choices_of(case.kind, case.facts)
    form.choice.choices = options((name, DECISIONS[name]) for name in choices)
    form.choice.flags.required = True
    status = 200
    if form.is_submitted():
        status = REFUSED
        answer: ResponseReturnValue | None = None
        if can_decide:
            answer = _decide(form, case, choices)
        if answer is not None:
            return answer
    people = names_of([charge.registration_id]) if charge else {}
    return render_template(
        "office/payments/case.html",
        case=case,
        charge=charge,
        person=people[charge.registration_id][0] if charge else "",
        form=form,
        can_decide=can_decide,
        kinds=CASES,
        decisions=DECISIONS,
        effects=_effects(case),
        text=case_text(case, charge.currency if charge else "EUR"),
        zone=event.timezone if event else "UTC",
        **money_page(event, "cases"),
    ), status


def _decide(form: DecisionForm, case: Case, choices: tuple[str, ...]) -> ResponseReturnValue | None:
    valid = form.validate()
    if form.choice.data not in choices:
        form.choice.errors = [gettext("Choose what to do")]
        return None
    if not valid:
        return None
    try:
        decide_case(
            case.id, form.choice.data, note=form.note.data or "", actor=current_actor(), now=now()
        )
    except CaseClosed as error:
        flash(sentence(error), "warn")
    except (RefundTooLarge, EventFull, WrongState, WrongMoney) as error:
        show_refusal(form, error, "choice")
        return None
    else:
        flash(gettext("Decided."), "ok")
    return redirect(url_for("office.all_cases") if case.charge_id is None else _back(case), 303)


def _back(case: Case) -> str:
    charge = get_charge(case.charge_id or 0)
    event = get_event_by_id(charge.event_id)
    return url_for("office.payment", slug=event.slug, registration_id=charge.registration_id)
