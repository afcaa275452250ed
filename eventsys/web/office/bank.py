"""Transfers: bring a file of the bank, look at it, store it; match by hand what no reference says.

Between looking and storing the file travels in the page itself; what is stored is what was shown, read again
by the same rules. Matching by reference is the worker's, line by line.
"""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING, Any, Final

from flask import flash, redirect, render_template, request, url_for
from flask_wtf.file import FileField
from wtforms import SelectField, StringField

from eventsys.accounts.rules import Permission
from eventsys.core.errors import NotFound
from eventsys.core.i18n import gettext, lazy, ngettext
from eventsys.core.money import USUAL, is_currency
from eventsys.payments.errors import (
    BankFileUnread,
    BankLineTaken,
    CaseClosed,
    OtherCurrency,
    PartlyRefunded,
)
from eventsys.payments.operations.bank import bring_back_line, ignore_line, store_lines
from eventsys.payments.queries import get_charge
from eventsys.payments.queries.accounts import account_text, known_accounts
from eventsys.payments.queries.bank import (
    count_lines,
    get_line,
    last_brought,
    list_lines,
    plan_bank,
    read_statement,
    registration_paid_by,
)
from eventsys.registration.operations.bank import match_line, undo_match
from eventsys.registration.queries.open_fees import names_of_fees, search_fees, suggest_fees
from eventsys.web.office.bank_words import FIELDS, REFUSED, TROUBLES
from eventsys.web.office.blueprint import bp
from eventsys.web.office.paging import Pages, page_number
from eventsys.web.office.payments_tabs import money_page
from eventsys.web.shared.access import current_actor, requires
from eventsys.web.shared.clock import now
from eventsys.web.shared.forms import AtMost, Filled, Form, options, strip
from eventsys.web.shared.sentences import sentence

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from eventsys.core.errors import DomainError
    from eventsys.payments.queries.bank import BankPlan

SHOWN: Final = 500
SIZE: Final = 50
LARGEST: Final = 1_400_000  # bytes; what a page can carry to the second step
AGAIN: Final = "2"
STATES: Final = {"waiting": ("new", "open"), "matched": ("matched",), "ignored": ("ignored",)}


class BankFileForm(Form):
    """The file, and its account and currency where the file does not say them."""

    file = FileField(lazy("File of the bank"))
    account = SelectField(lazy("Account, if the file does not say it"), validate_choice=False)
    currency = SelectField(
        lazy("Currency of the account, if the file does not say it"),
        choices=options([(code, code) for code in USUAL]),
        default="EUR",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 (handed to WTForms)
        """Offer the accounts that are known."""
        super().__init__(*args, **kwargs)
        self.account.choices = options([("", gettext("Not said")), *known_accounts().items()])


class ReasonForm(Form):
    """Why a transfer is left out, or a match taken back."""

    reason = StringField(
        lazy("Why?"), filters=[strip], validators=[Filled(lazy("Say why")), AtMost(300)]
    )


@bp.get("/payments/bank")
@requires(Permission.PAYMENTS_VIEW)
def all_bank() -> ResponseReturnValue:
    """List transfers: those that wait for a person, those that are matched, those that are left out."""
    state = request.args.get("state", "")
    state = state if state in STATES else "waiting"
    counts = count_lines()
    number = page_number()
    rows = list_lines(STATES[state], limit=SIZE, offset=(number - 1) * SIZE)
    page = render_template(
        "office/bank/list.html",
        state=state,
        rows=rows,
        names=names_of_fees([row.registration_id for row in rows if row.registration_id]),
        counts={name: sum(counts.get(s, 0) for s in states) for name, states in STATES.items()},
        working=counts.get("new", 0),
        last=last_brought(),
        pages=Pages(number, SIZE, sum(counts.get(s, 0) for s in STATES[state])),
        **money_page(None, "bank"),
    )
    # The worker is at it: the page looks again.
    return (page, 200, {"Refresh": AGAIN}) if counts.get("new") else (page, 200)


@bp.route("/payments/bank/import", methods=["GET", "POST"])
@requires(Permission.PAYMENTS_EDIT)
def bank_import() -> ResponseReturnValue:
    """Choose a file; then show what would become of every line. Nothing is stored."""
    form = BankFileForm()
    if not form.is_submitted():
        return _ask(form)
    if not form.validate():
        return _ask(form, 422)
    sent = form.file.data
    data = sent.read(LARGEST + 1) if sent else b""
    if sent:
        sent.close()
    if not data or len(data) > LARGEST:
        form.file.errors = [
            gettext("This file is too large: bring it month by month")
            if data
            else gettext("Choose a file that is not empty")
        ]
        return _ask(form, 413 if data else 422)
    try:
        plan = plan_bank(read_statement(data, form.currency.data, form.account.data))
    except BankFileUnread as error:
        form.file.errors = [str(REFUSED[str(error.facts["reason"])])]
        return _ask(form, 422)
    packed = base64.b64encode(data).decode()
    return render_template(
        "office/bank/preview.html",
        packed=packed,
        currency=form.currency.data,
        account=form.account.data or "",
        **_shown(plan),
    )


def _ask(form: BankFileForm, status: int = 200) -> ResponseReturnValue:
    return render_template(
        "office/bank/import.html", form=form, accounts=len(form.account.choices) > 1
    ), status


def _shown(plan: BankPlan) -> dict[str, Any]:
    registrations = [row.charge.registration_id for row in plan.rows if row.charge is not None]
    statement, known = plan.statement, known_accounts()
    mentioned = sorted({row.movement.account for row in plan.rows if row.movement.account})
    return {
        "mentioned": [known.get(mark, account_text(mark)) for mark in mentioned],
        # As long as no account is kept, none can be strange.
        "strange": [account_text(mark) for mark in mentioned if known and mark not in known],
        "plan": plan,
        # What needs a look comes first.
        "rows": sorted(plan.rows, key=lambda row: ("open", "due", "known").index(row.state))[
            :SHOWN
        ],
        "names": names_of_fees(registrations),
        "troubles": [(t.line, TROUBLES[t.reason], t.value) for t in statement.troubles[:SHOWN]],
        "columns": [(FIELDS[name], heading) for name, heading in statement.columns.items()],
        "new": len(plan.rows) - plan.count("known"),
    }


@bp.post("/payments/bank/store")
@requires(Permission.PAYMENTS_EDIT)
def bank_store() -> ResponseReturnValue:
    """Store the lines that were shown; a second click finds them stored."""
    currency = request.form.get("currency", "")
    try:
        data = base64.b64decode(request.form.get("file", ""), validate=True)
        account = request.form.get("account", "")
        plan = plan_bank(
            read_statement(
                data,
                currency if is_currency(currency) else "EUR",
                account if account in known_accounts() else "",
            )
        )
    except (BankFileUnread, binascii.Error, ValueError):
        form = BankFileForm(formdata=None)
        form.file.errors = [sentence(BankFileUnread())]
        return _ask(form, 422)
    stored = store_lines(plan, actor=current_actor(), now=now())
    flash(
        ngettext("%(n)s transfer was stored.", "%(n)s transfers were stored.", stored)
        if stored
        else gettext("All of these transfers were stored before: nothing has changed."),
        "ok",
    )
    return redirect(url_for("office.all_bank"), 303)


@bp.get("/payments/bank/<int:line_id>")
@requires(Permission.PAYMENTS_VIEW)
def bank_line(line_id: int) -> ResponseReturnValue:
    """Show one transfer with everybody whose fee it may be."""
    return _line_page(line_id, ReasonForm(formdata=None))


def _line_page(line_id: int, form: ReasonForm, status: int = 200) -> ResponseReturnValue:
    line = get_line(_number(line_id))
    waits = line.status in STATES["waiting"]
    q = request.args.get("q", "")[:100]
    paid = registration_paid_by(line)
    return render_template(
        "office/bank/line.html",
        line=line,
        waits=waits,
        q=q,
        found=search_fees(q, line.currency) if waits and q.strip() else [],
        suggested=suggest_fees(line) if waits else [],
        paid=names_of_fees([paid])[paid] if paid else None,
        form=form,
        account_text=account_text,
    ), status


def _number(line_id: int) -> int:
    # No identifier of the database is larger.
    if line_id >= 2**31:
        raise NotFound(what="bank_line")
    return line_id


@bp.post("/payments/bank/<int:line_id>/match")
@requires(Permission.PAYMENTS_EDIT)
def bank_match(line_id: int) -> ResponseReturnValue:
    """Pay the chosen fee by this transfer; of two people who choose at once one succeeds."""
    chosen = request.form.get("charge", "")
    if not (chosen.isascii() and chosen.isdigit() and len(chosen) < 10):
        flash(gettext("Choose whose fee this transfer pays."), "bad")
        return redirect(url_for("office.bank_line", line_id=line_id), 303)
    try:
        charge = get_charge(int(chosen))
        match_line(_number(line_id), charge.id, actor=current_actor(), now=now())
    except (BankLineTaken, OtherCurrency) as error:
        return _refused(line_id, error)
    name = names_of_fees([charge.registration_id])[charge.registration_id].name
    flash(gettext("The transfer pays the fee of %(name)s.", name=name), "ok")
    return redirect(url_for("office.all_bank"), 303)


def _refused(line_id: int, error: DomainError) -> ResponseReturnValue:
    flash(sentence(error), "warn")
    # A refusal: whatever had been written before it is not kept.
    return _line_page(line_id, ReasonForm(formdata=None), 409)


@bp.post("/payments/bank/<int:line_id>/<any(ignore, undo):action>")
@requires(Permission.PAYMENTS_EDIT)
def bank_decide(line_id: int, action: str) -> ResponseReturnValue:
    """Leave a transfer out, or take a wrong match back; both with a reason."""
    form = ReasonForm()
    if not form.validate():
        return _line_page(line_id, form, 422)
    do = ignore_line if action == "ignore" else undo_match
    try:
        do(_number(line_id), reason=form.reason.data or "", actor=current_actor(), now=now())
    except (BankLineTaken, CaseClosed, PartlyRefunded) as error:
        return _refused(line_id, error)
    flash(
        gettext("The transfer is left out.")
        if action == "ignore"
        else gettext("The match is taken back: the fee is owed again, and the transfer waits."),
        "ok",
    )
    return redirect(url_for("office.bank_line", line_id=line_id), 303)


@bp.post("/payments/bank/<int:line_id>/reopen")
@requires(Permission.PAYMENTS_EDIT)
def bank_reopen(line_id: int) -> ResponseReturnValue:
    """Look again at a transfer that was left out."""
    try:
        bring_back_line(_number(line_id), actor=current_actor(), now=now())
    except BankLineTaken as error:
        return _refused(line_id, error)
    return redirect(url_for("office.bank_line", line_id=line_id), 303)


@bp.get("/payments/bank/<any(store):_action>")
@bp.get("/payments/bank/<int:line_id>/<any(match, ignore, undo, reopen):_action>")
@requires(Permission.PAYMENTS_VIEW)
def back_to_bank(_action: str, line_id: int | None = None) -> ResponseReturnValue:
    """Lead from the address of an action to its page: after a refusal, or in another language."""
    if line_id is None:
        return redirect(url_for("office.all_bank"))
    return redirect(url_for("office.bank_line", line_id=line_id))
