"""Staff sign in (password, then a code where there is a second factor), sign out, set a password by link."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast
from urllib.parse import urlsplit

from flask import flash, redirect, render_template, request, session, url_for
from wtforms import PasswordField, StringField

from eventsys.accounts.errors import (
    LinkSpent,
    SignInSpent,
    TooManyTries,
    WeakPassword,
    WrongCode,
    WrongPassword,
)
from eventsys.accounts.operations import sign_in as operations
from eventsys.accounts.operations.second_factor import complete_sign_in
from eventsys.accounts.operations.sessions import sign_out as end_session
from eventsys.accounts.queries import count_recovery_codes, find_challenge, find_link, find_staff
from eventsys.core.i18n import lazy, ngettext
from eventsys.web.public.blueprint import bp
from eventsys.web.shared.access import SESSION_KEY, current_staff, public
from eventsys.web.shared.clock import now
from eventsys.web.shared.forms import AtMost, Filled, Form, strip
from eventsys.web.shared.pages import settings
from eventsys.web.shared.sentences import sentence
from eventsys.web.shared.transaction import keep_despite_refusal

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from eventsys.accounts.operations.sessions import Entry

REFUSED = 422
# Holds the challenge of a browser whose password was right. It is no session: nothing reads it but the
# two pages that ask for a code.
HALF_KEY = "half"


class SignInForm(Form):
    """Address and password."""

    email = StringField(
        lazy("Email address"),
        filters=[strip],
        validators=[Filled(lazy("Enter your email address")), AtMost(254)],
        render_kw={
            "type": "email",
            "autocomplete": "username",
            "autocapitalize": "none",
            "spellcheck": "false",
        },
    )
    password = PasswordField(
        lazy("Password"),
        validators=[Filled(lazy("Enter your password")), AtMost(1000)],
        render_kw={"autocomplete": "current-password"},
    )


class PasswordForm(Form):
    """A new password."""

    password = PasswordField(
        lazy("New password"),
        validators=[Filled(lazy("Enter a password")), AtMost(1000)],
        description=lazy(
            "At least 12 characters. A few words in a row are easy to remember and hard to guess."
        ),
        render_kw={"autocomplete": "new-password"},
    )


class CodeForm(Form):
    """A code of the authenticator app."""

    code = StringField(
        lazy("Code"),
        validators=[Filled(lazy("Enter the code")), AtMost(100)],
        render_kw={"autocomplete": "one-time-code", "inputmode": "numeric", "dir": "ltr"},
    )


class RecoveryForm(Form):
    """A recovery code."""

    code = StringField(
        lazy("Recovery code"),
        validators=[Filled(lazy("Enter the code")), AtMost(100)],
        render_kw={
            "autocomplete": "off",
            "autocapitalize": "characters",
            "spellcheck": "false",
            "dir": "ltr",
        },
    )


def _safe(target: str | None) -> str:
    """Follow only addresses of our own: a foreign one is how people are lured away."""
    parts = urlsplit(target or "")
    if (
        not target
        or parts.scheme
        or parts.netloc
        or not target.startswith("/")
        or target.startswith(("//", "/\\"))
    ):
        return url_for("office.dashboard")
    return target


@bp.route("/sign-in", methods=["GET", "POST"])
@public
def sign_in() -> ResponseReturnValue:
    """Show the form, or sign in."""
    if request.method == "GET" and current_staff() is not None:
        return redirect(url_for("office.dashboard"))
    form = SignInForm()
    if not form.validate_on_submit():
        return render_template(
            "public/sign_in/sign_in.html", form=form
        ), REFUSED if form.is_submitted() else 200
    try:
        entry = operations.sign_in(
            cast("str", form.email.data),
            cast("str", form.password.data),
            settings=settings(),
            address=request.remote_addr or "",
            now=now(),
        )
    except (WrongPassword, TooManyTries) as error:
        keep_despite_refusal()
        form.password.errors = [sentence(error)]
        return render_template("public/sign_in/sign_in.html", form=form), error.status
    return _enter(entry, request.args.get("next"))


def _enter(entry: Entry, target: str | None = None) -> ResponseReturnValue:
    # A fresh session: nothing from before the sign-in is carried over.
    session.clear()
    if not entry.complete:
        session[HALF_KEY] = entry.token
        return redirect(url_for("public.enter_code", next=target), 303)
    session[SESSION_KEY] = entry.token
    return redirect(_safe(target), 303)


@bp.route("/sign-in/code", methods=["GET", "POST"])
@public
def enter_code() -> ResponseReturnValue:
    """Ask for a code of the authenticator app, after the password."""
    return _ask_code(CodeForm(), "public/sign_in/code.html")


@bp.route("/sign-in/recovery", methods=["GET", "POST"])
@public
def enter_recovery_code() -> ResponseReturnValue:
    """Ask for a recovery code instead of the app."""
    return _ask_code(RecoveryForm(), "public/sign_in/recovery.html")


def _ask_code(form: Form, template: str) -> ResponseReturnValue:
    target = request.args.get("next")
    challenge = session.get(HALF_KEY, "")
    if not challenge or find_challenge(challenge, now=now()) is None:
        return _begin_again(target)
    if not form.validate_on_submit():
        return render_template(
            template, form=form, target=target
        ), REFUSED if form.is_submitted() else 200
    try:
        token = complete_sign_in(
            challenge, cast("str", form["code"].data), settings=settings(), now=now()
        )
    except SignInSpent:
        return _begin_again(target)
    except (WrongCode, TooManyTries) as error:
        keep_despite_refusal()
        form["code"].errors = [sentence(error)]
        return render_template(template, form=form, target=target), error.status
    session.clear()
    session[SESSION_KEY] = token
    if isinstance(form, RecoveryForm):
        _tell_what_is_left(token)
    return redirect(_safe(target), 303)


def _begin_again(target: str | None) -> ResponseReturnValue:
    if current_staff() is not None:
        return redirect(url_for("office.dashboard"), 303)
    if session.pop(HALF_KEY, None):
        flash(sentence(SignInSpent()), "info")
    return redirect(url_for("public.sign_in", next=target), 303)


def _tell_what_is_left(token: str) -> None:
    staff = find_staff(token, now=now())
    left = count_recovery_codes(staff.id) if staff else 0
    flash(
        ngettext(
            "%(n)s recovery code is left. You can make new ones under “Your account”.",
            "%(n)s recovery codes are left. You can make new ones under “Your account”.",
            left,
        ),
        "info",
    )


@bp.post("/sign-out")
@public
def sign_out() -> ResponseReturnValue:
    """End the session."""
    staff = current_staff()
    if staff is not None:
        end_session(session[SESSION_KEY], actor=staff.actor, now=now())
    session.clear()
    return redirect(url_for("public.calendar"), 303)


@bp.route("/sign-in/<token>", methods=["GET", "POST"])
@public
def set_password(token: str) -> ResponseReturnValue:
    """Set a password by one-time link and sign in."""
    if find_link(token, now=now()) is None:
        raise LinkSpent
    form = PasswordForm()
    if not form.validate_on_submit():
        return render_template(
            "public/sign_in/set_password.html", form=form
        ), REFUSED if form.is_submitted() else 200
    try:
        entry = operations.set_password(token, cast("str", form.password.data), now=now())
    except WeakPassword as error:
        form.password.errors = [sentence(error)]
        return render_template("public/sign_in/set_password.html", form=form), error.status
    return _enter(entry)
