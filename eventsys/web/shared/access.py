"""Who may call a route. A route without a declared access stops the start of the application."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any, cast

from flask import current_app, g, redirect, request, session, url_for

from eventsys.accounts.queries import Staff, find_staff
from eventsys.core.errors import NotFound, Refused
from eventsys.events.queries import find_event_id
from eventsys.web.shared.clock import now

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from eventsys.accounts.rules import Permission
    from eventsys.core.actor import Actor
    from eventsys.core.settings import Settings

    View = Callable[..., Any]

SESSION_KEY = "staff"


class UndeclaredAccessError(Exception):
    """A route says nothing about who may call it."""


def _mark(view: View, access: str) -> View:
    view.access = access  # type: ignore[attr-defined]  # the mark that check_routes reads
    return view


def public(view: View) -> View:
    """Declare that anybody may call this route."""
    return _mark(view, "public")


def link_holder(view: View) -> View:
    """Declare that the unguessable link in the address is the right to call this route."""
    return _mark(view, "link holder")


def device(view: View) -> View:
    """Declare that an enrolled device's bearer token is checked by the route."""
    return _mark(view, "device")


def signed_hook(view: View) -> View:
    """Declare that the route checks a signature of the caller."""
    return _mark(view, "signed hook")


def requires(permission: Permission, *, while_enrolling: bool = False) -> Callable[[View], View]:
    """Declare that staff with a permission may call this route.

    With ``slug`` in the address the permission is asked for that event. An event that the caller may
    not see answers 404: its existence is not told. Who still has to set up a second factor is led there
    from everywhere but the routes that are open ``while_enrolling``.
    """

    def declare(view: View) -> View:
        @wraps(view)
        def guarded(*args: object, **kwargs: object) -> object:
            staff = current_staff()
            if staff is None:
                return redirect(
                    url_for(
                        "public.sign_in", next=request.script_root + request.full_path.rstrip("?")
                    )
                )
            if must_enrol(staff) and not while_enrolling:
                return redirect(url_for("office.second_factor"))
            event_id = None
            if "slug" in kwargs:
                event_id = find_event_id(cast("str", kwargs["slug"]))
                if event_id is None or not _sees(staff, event_id):
                    raise NotFound
            if not staff.may(permission, event_id):
                raise Refused
            return view(*args, **kwargs)

        return _mark(guarded, f"staff: {permission.value}")

    return declare


def _sees(staff: Staff, event_id: int) -> bool:
    return staff.event_ids is None or event_id in staff.event_ids


def must_enrol(staff: Staff) -> bool:
    """Tell whether this person has to set up a second factor before anything else."""
    settings: Settings = current_app.config["EVENTSYS"]
    return settings.second_factor_required and not staff.second_factor


def current_staff() -> Staff | None:
    """Give who is signed in, looked up once per request; None for everybody else."""
    if "staff" not in g:
        token = session.get(SESSION_KEY)
        g.staff = find_staff(token, now=now()) if token else None
    return cast("Staff | None", g.staff)


def look_again() -> None:
    """Forget who was looked up: the page that follows shows what has just changed about them."""
    g.pop("staff", None)


def current_actor() -> Actor:
    """Give the actor for operations: the signed-in member of staff; raises Refused without one."""
    staff = current_staff()
    if staff is None:
        raise Refused
    return staff.actor


def may(permission: Permission, event_id: int | None = None) -> bool:
    """Tell templates and routes whether the present member of staff may do something."""
    staff = current_staff()
    return staff is not None and not must_enrol(staff) and staff.may(permission, event_id)


def list_access(app: Flask) -> list[tuple[str, str, str]]:
    """List method, address and access of every route, in order; raises UndeclaredAccessError."""
    rows: list[tuple[str, str, str]] = []
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        access = getattr(view, "access", None)
        if access is None:
            raise UndeclaredAccessError(f"{rule.endpoint} ({rule.rule}) declares no access")
        methods = sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
        rows.extend((method, rule.rule, str(access)) for method in methods)
    return sorted(rows, key=lambda row: (row[1], row[0]))


def settings_secret() -> str:
    """Give the server's secret, for deriving links."""
    return cast("str", current_app.config["SECRET_KEY"])
