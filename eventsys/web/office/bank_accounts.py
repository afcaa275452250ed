"""The bank accounts of the association: which there are, whom each is for, and in which order they are looked at."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Literal, cast

from flask import flash, redirect, render_template, request, url_for

from eventsys.accounts.rules import Permission
from eventsys.core.errors import NotFound
from eventsys.core.i18n import gettext
from eventsys.core.money import USUAL
from eventsys.payments.errors import InvalidAccount
from eventsys.payments.operations.accounts import move_account, remove_account, save_account
from eventsys.payments.queries.accounts import (
    facts_of,
    gaps_of,
    get_account,
    list_accounts,
    whom_text,
)
from eventsys.payments.queries.documents import find_issuer
from eventsys.payments.rules.bank import printed_iban
from eventsys.registration.queries.fee_setup import currencies_by_transfer
from eventsys.web.office.bank_account_forms import AccountForm, account_data
from eventsys.web.office.blueprint import bp
from eventsys.web.office.payments_tabs import money_page
from eventsys.web.office.problems import show_refusal
from eventsys.web.office.texts import text_fields
from eventsys.web.shared.access import current_actor, requires
from eventsys.web.shared.clock import now

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

REFUSED = 422


@bp.get("/payments/accounts")
@requires(Permission.PAYMENTS_VIEW)
def bank_accounts() -> str:
    """List the accounts in their order, and say which events no account is for."""
    known = [facts_of(account) for account in list_accounts()]
    return render_template(
        "office/bank/accounts.html",
        rows=[(account, printed_iban(account.iban), whom_text(account)) for account in known],
        issuer=find_issuer(),
        missing=[
            text for currency in sorted(currencies_by_transfer(now())) for text in gaps_of(currency)
        ],
        **money_page(None, "bank"),
    )


@bp.route("/payments/accounts/new", methods=["GET", "POST"])
@requires(Permission.PAYMENTS_EDIT)
def new_bank_account() -> ResponseReturnValue:
    """Add an account."""
    return _edit(None)


@bp.route("/payments/accounts/<int:bank_account_id>", methods=["GET", "POST"])
@requires(Permission.PAYMENTS_EDIT)
def bank_account(bank_account_id: int) -> ResponseReturnValue:
    """Change an account for everything that is told from now on."""
    return _edit(_number(bank_account_id))


def _number(account_id: int) -> int:
    # No identifier of the database is larger.
    if account_id >= 2**31:
        raise NotFound(what="bank_account")
    return account_id


def _edit(account_id: int | None) -> ResponseReturnValue:
    data = account_data(get_account(account_id)) if account_id is not None else {}
    form = AccountForm() if request.method == "POST" else AccountForm(data=data)
    status = 200
    if form.is_submitted():
        status = REFUSED
        if form.validate():
            try:
                save_account(account_id, form.draft(), actor=current_actor(), now=now())
            except InvalidAccount as error:
                show_refusal(form, error)
            else:
                flash(gettext("Saved. Payers are told so from now on."), "ok")
                return redirect(url_for("office.bank_accounts"), 303)
    page = render_template(
        "office/bank/account.html",
        form=form,
        account_id=account_id,
        text_fields=text_fields,
        usual=USUAL,
    )
    return page, status


@bp.post("/payments/accounts/<int:bank_account_id>/move")
@requires(Permission.PAYMENTS_EDIT)
def move_bank_account(bank_account_id: int) -> ResponseReturnValue:
    """Move an account one place up or down."""
    step = request.form.get("step", "")
    if step in {"up", "down"}:
        move_account(
            _number(bank_account_id), cast("Literal['up', 'down']", step), actor=current_actor(), now=now(),
        )  # fmt: skip
    return redirect(url_for("office.bank_accounts"), 303)


@bp.route("/payments/accounts/<int:bank_account_id>/remove", methods=["GET", "POST"])
@requires(Permission.PAYMENTS_EDIT)
def remove_bank_account(bank_account_id: int) -> ResponseReturnValue:
    """Ask first, then remove an account; papers that were issued keep it. A second click finds it removed."""
    if request.method == "POST":
        with suppress(NotFound):
            remove_account(_number(bank_account_id), actor=current_actor(), now=now())
        flash(gettext("The account is removed: nobody is told it from now on."), "ok")
        return redirect(url_for("office.bank_accounts"), 303)
    account = facts_of(get_account(_number(bank_account_id)))
    return render_template(
        "office/bank/remove_account.html", account=account, iban=printed_iban(account.iban)
    )


@bp.get("/payments/accounts/<int:bank_account_id>/<any(move):_action>")
@requires(Permission.PAYMENTS_VIEW)
def back_to_bank_accounts(bank_account_id: int, _action: str) -> ResponseReturnValue:  # noqa: ARG001 (of the address)
    """Lead from the address of an action to its page: after a refusal, or in another language."""
    return redirect(url_for("office.bank_accounts"))
