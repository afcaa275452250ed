"""One's own second factor: set it up, recovery codes, turn it off."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

from flask import Response, flash, redirect, render_template, request, session, url_for
from wtforms import PasswordField, StringField

from eventsys.accounts.errors import (
    NoSecondFactor,
    SecondFactorOn,
    TooManyTries,
    WrongCode,
    WrongPassword,
)
from eventsys.accounts.operations.second_factor import (
    describe_enrolment,
    renew_codes,
    turn_off,
    turn_on,
)
from eventsys.accounts.queries import (
    count_recovery_codes,
    find_second_factor,
    own_recovery_codes,
)
from eventsys.accounts.rules import Permission
from eventsys.core.errors import Refused
from eventsys.core.i18n import gettext, lazy
from eventsys.core.tokens import new_key
from eventsys.files.qr import svg
from eventsys.web.office.blueprint import bp
from eventsys.web.shared.access import SESSION_KEY, current_staff, look_again, must_enrol, requires
from eventsys.web.shared.clock import now
from eventsys.web.shared.forms import AtMost, Filled, Form
from eventsys.web.shared.pages import settings
from eventsys.web.shared.sentences import sentence
from eventsys.web.shared.transaction import keep_despite_refusal

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from eventsys.accounts.queries import Staff

REFUSED: Final = 422
# The random half of the key while it is set up; the other half never leaves the server.
KEY: Final = "second_factor_key"


class ConfirmForm(Form):
    """A first code of the app: it knows the key, and its clock is right."""

    code = StringField(
        lazy("Code"),
        validators=[Filled(lazy("Enter the code")), AtMost(100)],
        render_kw={"autocomplete": "one-time-code", "inputmode": "numeric", "dir": "ltr"},
    )


class ProofForm(Form):
    """Both factors once more."""

    password = PasswordField(
        lazy("Password"),
        validators=[Filled(lazy("Enter your password")), AtMost(1000)],
        render_kw={"autocomplete": "current-password"},
    )
    # No numeric keypad here: a recovery code has letters.
    code = StringField(
        lazy("Code"),
        validators=[Filled(lazy("Enter the code")), AtMost(100)],
        render_kw={"autocomplete": "one-time-code", "spellcheck": "false", "dir": "ltr"},
    )


def _staff() -> Staff:
    return cast("Staff", current_staff())


@bp.route("/account/second-factor", methods=["GET", "POST"])
@requires(Permission.OFFICE, while_enrolling=True)
def second_factor() -> ResponseReturnValue:
    """Show the second factor, or set it up: key, confirmation by a code, recovery codes."""
    staff = _staff()
    factor = find_second_factor(staff.id)
    if factor is not None:
        left = count_recovery_codes(staff.id)
        return render_template("office/accounts/second_factor.html", factor=factor, left=left)
    key = session.get(KEY) or new_key()
    session[KEY] = key
    form = ConfirmForm()
    if form.validate_on_submit():
        try:
            codes = turn_on(
                staff.id, key, form.code.data, settings=settings(), actor=staff.actor, now=now(),
                session_token=session[SESSION_KEY],
            )  # fmt: skip
        except SecondFactorOn:
            return redirect(url_for("office.second_factor"), 303)
        except WrongCode as error:
            form.code.errors = [sentence(error)]
        else:
            session.pop(KEY)
            look_again()
            flash(gettext("The second factor is turned on."), "ok")
            return render_template("office/accounts/recovery_codes.html", codes=codes)
    told = describe_enrolment(staff.id, staff.email, key, settings=settings())
    page = {
        "secret": told.secret,
        "secret_in_groups": " ".join(told.secret[at : at + 4] for at in range(0, 32, 4)),
        "url": told.url,
        "picture": svg(told.url),
        "needed": must_enrol(staff),
    }
    return render_template(
        "office/accounts/enrol.html", form=form, **page
    ), REFUSED if form.is_submitted() else 200


@bp.post("/account/second-factor/codes.txt")
@requires(Permission.OFFICE)
def recovery_codes_file() -> Response:
    """Give the codes of the page as a text file. The server has only their digests: the page sends them."""
    staff = _staff()
    codes = request.form.getlist("codes")
    if not own_recovery_codes(staff.id, codes):
        raise Refused
    text = render_template("office/accounts/recovery_codes.txt", codes=codes, email=staff.email)
    return Response(
        text,
        mimetype="text/plain",
        headers={"Content-Disposition": 'attachment; filename="recovery-codes.txt"'},
    )


@bp.route("/account/second-factor/codes", methods=["GET", "POST"])
@requires(Permission.OFFICE)
def new_recovery_codes() -> ResponseReturnValue:
    """Make new recovery codes and show them, once."""
    staff, form = _staff(), ProofForm()
    if not staff.second_factor:
        return redirect(url_for("office.second_factor"), 303)
    status = _refusal(form)
    if status is None:
        try:
            codes = renew_codes(
                staff.id, form.password.data, form.code.data, settings=settings(),
                actor=staff.actor, now=now(),
            )  # fmt: skip
        except (WrongPassword, WrongCode, TooManyTries, NoSecondFactor) as error:
            status = _show(form, error)
        else:
            return render_template("office/accounts/recovery_codes.html", codes=codes)
    return render_template("office/accounts/new_codes.html", form=form), status


@bp.route("/account/second-factor/off", methods=["GET", "POST"])
@requires(Permission.OFFICE)
def second_factor_off() -> ResponseReturnValue:
    """Turn the second factor off."""
    staff, form = _staff(), ProofForm()
    if not staff.second_factor:
        return redirect(url_for("office.second_factor"), 303)
    status = _refusal(form)
    if status is None:
        try:
            turn_off(
                staff.id, form.password.data, form.code.data, settings=settings(),
                actor=staff.actor, now=now(),
            )  # fmt: skip
        except (WrongPassword, WrongCode, TooManyTries, NoSecondFactor) as error:
            status = _show(form, error)
        else:
            flash(gettext("The second factor is turned off."), "ok")
            return redirect(url_for("office.own_account"), 303)
    required = settings().second_factor_required
    return render_template(
        "office/accounts/second_factor_off.html", form=form, required=required
    ), status


def _refusal(form: ProofForm) -> int | None:
    """Give the status of a page that only shows the form; None when both factors are there to be judged."""
    if not form.is_submitted():
        return 200
    return None if form.validate() else REFUSED


def _show(form: ProofForm, error: WrongPassword | WrongCode | TooManyTries | NoSecondFactor) -> int:
    keep_despite_refusal()  # the try is counted and stays in the log
    if isinstance(error, WrongPassword):
        form.password.errors = [gettext("This is not your present password")]
    else:
        form.code.errors = [sentence(error)]
    return error.status
