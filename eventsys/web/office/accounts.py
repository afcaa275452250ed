"""Staff accounts: list, create, roles, one-time links, close; the team of an event; one's own account."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from flask import flash, redirect, render_template, request, session, url_for

from eventsys.accounts.errors import (
    AccountExists,
    LastSecretariat,
    NoSecondFactor,
    OwnAccount,
    OwnSecondFactor,
    UnknownRole,
    WeakPassword,
    WrongPassword,
)
from eventsys.accounts.operations.create import create_account, issue_link
from eventsys.accounts.operations.edit import edit_account
from eventsys.accounts.operations.roles import (
    close_account,
    grant_role,
    reopen_account,
    revoke_role,
)
from eventsys.accounts.operations.second_factor import reset
from eventsys.accounts.operations.sessions import sign_out_everywhere
from eventsys.accounts.operations.sign_in import change_password
from eventsys.accounts.queries import (
    find_second_factor,
    get_account,
    list_accounts,
    list_event_grants,
    list_grants,
)
from eventsys.accounts.rules import Permission, Role
from eventsys.core.i18n import current_language, gettext, text_in
from eventsys.events.queries import get_event, list_events
from eventsys.web.office.accounts_forms import (
    ROLE_NOTES,
    ROLES,
    AccountForm,
    OwnForm,
    OwnPasswordForm,
    RoleForm,
    TeamForm,
)
from eventsys.web.office.blueprint import bp
from eventsys.web.office.navigation import event_page
from eventsys.web.office.problems import show_refusal
from eventsys.web.shared.access import SESSION_KEY, current_actor, current_staff, requires
from eventsys.web.shared.clock import now
from eventsys.web.shared.forms import options
from eventsys.web.shared.pages import absolute
from eventsys.web.shared.sentences import sentence
from eventsys.web.shared.transaction import keep_despite_refusal

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from eventsys.accounts.queries import Staff

REFUSED = 422


def _event_titles() -> dict[int, str]:
    return {event.id: text_in(event.title) for event in list_events()}


def _offer_events(form: RoleForm) -> None:
    titles = [(str(event_id), title) for event_id, title in _event_titles().items()]
    form.event.choices = options([("", gettext("All events")), *titles])


@bp.get("/accounts")
@requires(Permission.ACCOUNTS)
def list_of_accounts() -> str:
    """List all accounts with their roles."""
    accounts = list_accounts()
    grants = list_grants([account.id for account in accounts])
    return render_template(
        "office/accounts/list.html",
        accounts=accounts,
        grants=grants,
        titles=_event_titles(),
        roles=ROLES,
    )


@bp.route("/accounts/new", methods=["GET", "POST"])
@requires(Permission.ACCOUNTS)
def new_account() -> ResponseReturnValue:
    """Create an account and show its one-time link, once."""
    form = AccountForm(language=current_language())
    _offer_events(form)
    status = 200
    if form.is_submitted():
        status = REFUSED
        if form.validate():
            try:
                account, token = create_account(
                    form.email.data, form.role.data, actor=current_actor(), now=now(),
                    name=form.name.data or "", language=form.language.data, event_id=form.event_id,
                )  # fmt: skip
            except (AccountExists, UnknownRole) as error:
                show_refusal(form, error, "email" if isinstance(error, AccountExists) else "role")
            else:
                return _show_link(account.id, token)
    return render_template("office/accounts/new.html", form=form, notes=ROLE_NOTES), status


def _show_link(account_id: int, token: str) -> ResponseReturnValue:
    account = get_account(account_id)
    url = absolute(f"/{account.language}/sign-in/{token}")
    return render_template("office/accounts/link.html", account=account, url=url)


@bp.route("/accounts/<int:account_id>", methods=["GET", "POST"])
@requires(Permission.ACCOUNTS)
def change_account(account_id: int) -> ResponseReturnValue:
    """Show an account; grant a role."""
    account = get_account(account_id)
    form = RoleForm()
    _offer_events(form)
    status = 200
    if form.is_submitted():
        status = REFUSED
        if form.validate():
            try:
                grant_role(
                    account_id, form.role.data, form.event_id, actor=current_actor(), now=now()
                )
            except UnknownRole as error:
                show_refusal(form, error, "role")
            else:
                flash(gettext("The role is given."), "ok")
                return redirect(url_for("office.change_account", account_id=account_id), 303)
    page = {
        "titles": _event_titles(),
        "roles": ROLES,
        "notes": ROLE_NOTES,
        "grants": list_grants([account_id]),
        "factor": find_second_factor(account_id),
    }
    return render_template(
        "office/accounts/account.html", account=account, form=form, **page
    ), status


@bp.post("/accounts/<int:account_id>/roles/<int:grant_id>/remove")
@requires(Permission.ACCOUNTS)
def remove_role(account_id: int, grant_id: int) -> ResponseReturnValue:
    """Take a role away."""
    try:
        revoke_role(account_id, grant_id, actor=current_actor(), now=now())
    except LastSecretariat as error:
        flash(sentence(error), "bad")
    else:
        flash(gettext("The role is taken away."), "ok")
    return redirect(url_for("office.change_account", account_id=account_id), 303)


@bp.post("/accounts/<int:account_id>/link")
@requires(Permission.ACCOUNTS)
def new_link(account_id: int) -> ResponseReturnValue:
    """Make a new one-time link and show it, once."""
    get_account(account_id)
    return _show_link(account_id, issue_link(account_id, actor=current_actor(), now=now()))


@bp.post("/accounts/<int:account_id>/second-factor/reset")
@requires(Permission.ACCOUNTS)
def reset_second_factor(account_id: int) -> ResponseReturnValue:
    """Take the second factor off a colleague's account, whose phone is lost."""
    try:
        reset(account_id, actor=current_actor(), now=now())
    except (NoSecondFactor, OwnSecondFactor) as error:
        flash(sentence(error), "bad")
    else:
        flash(gettext("The second factor is taken off. The owner is told by mail."), "ok")
    return redirect(url_for("office.change_account", account_id=account_id), 303)


@bp.post("/accounts/<int:account_id>/close")
@requires(Permission.ACCOUNTS)
def close(account_id: int) -> ResponseReturnValue:
    """Close an account."""
    try:
        close_account(account_id, actor=current_actor(), now=now())
    except (OwnAccount, LastSecretariat) as error:
        flash(sentence(error), "bad")
    else:
        flash(gettext("The account is closed: whoever was signed in with it is out."), "ok")
    return redirect(url_for("office.change_account", account_id=account_id), 303)


@bp.post("/accounts/<int:account_id>/reopen")
@requires(Permission.ACCOUNTS)
def reopen(account_id: int) -> ResponseReturnValue:
    """Open a closed account again."""
    reopen_account(account_id, actor=current_actor(), now=now())
    flash(gettext("The account is open again."), "ok")
    return redirect(url_for("office.change_account", account_id=account_id), 303)


@bp.route("/events/<slug>/team", methods=["GET", "POST"])
@requires(Permission.ACCOUNTS)
def event_team(slug: str) -> ResponseReturnValue:
    """Show and grant roles for one event."""
    event = get_event(slug)
    accounts = [account for account in list_accounts() if account.active]
    form = TeamForm()
    form.account.choices = options(
        [
            ("", gettext("Choose")),
            *((str(row.id), row.name or row.email) for row in accounts),
        ]
    )
    status = 200
    if form.is_submitted():
        status = REFUSED
        if form.validate():
            grant_role(
                int(form.account.data), form.role.data, event.id, actor=current_actor(), now=now()
            )
            flash(gettext("The role is given."), "ok")
            return redirect(url_for("office.event_team", slug=slug), 303)
    page = {**event_page(event, "settings"), "tab": "team", "roles": ROLES, "notes": ROLE_NOTES}
    rows = list_event_grants(event.id)
    return render_template(
        "office/accounts/team.html", rows=rows, form=form, everything=Role.SECRETARIAT, **page
    ), status


@bp.route("/account", methods=["GET", "POST"])
@requires(Permission.OFFICE)
def own_account() -> ResponseReturnValue:
    """Change one's own name, language and password."""
    staff = cast("Staff", current_staff())
    own = OwnForm(formdata=None, name=staff.name, language=staff.language)
    password = OwnPasswordForm(formdata=None)
    status = 200
    if request.method == "POST" and "new" in request.form:
        password, status = OwnPasswordForm(), REFUSED
        if password.validate() and _changed(staff, password):
            flash(gettext("The password is changed. Other browsers are signed out."), "ok")
            return redirect(url_for("office.own_account"), 303)
    elif request.method == "POST":
        own, status = OwnForm(), REFUSED
        if own.validate():
            edit_account(
                staff.id, own.name.data or "", own.language.data, actor=staff.actor, now=now()
            )
            flash(gettext("Saved."), "ok")
            return redirect(url_for("office.own_account"), 303)
    page = {"grants": staff.grants, "titles": _event_titles(), "roles": ROLES}
    return render_template("office/accounts/own.html", own=own, password=password, **page), status


@bp.post("/account/sign-out-everywhere")
@requires(Permission.OFFICE, while_enrolling=True)
def leave_everywhere() -> ResponseReturnValue:
    """End all sessions of one's own account, this one too."""
    actor = current_actor()
    sign_out_everywhere(cast("int", actor.id), actor=actor, now=now())
    session.clear()
    flash(gettext("You are signed out on all devices."), "ok")
    return redirect(url_for("public.sign_in"), 303)


def _changed(staff: Staff, form: OwnPasswordForm) -> bool:
    try:
        token = change_password(
            staff.id, form.old.data, form.new.data, actor=staff.actor, now=now()
        )
    except WrongPassword:
        keep_despite_refusal()  # the failed try stays in the log
        form.old.errors = [gettext("This is not your present password")]
        return False
    except WeakPassword as error:
        form.new.errors = [sentence(error)]
        return False
    session[SESSION_KEY] = token
    return True
