"""Roles and what they permit. A role is granted for one event, or for everything (secretariat)."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable


class Permission(StrEnum):
    """One thing that staff may be allowed to do."""

    OFFICE = "office"  # enter the office at all
    EVENTS_CREATE = "events.create"
    EVENT_VIEW = "event.view"
    EVENT_EDIT = "event.edit"
    PARTICIPANTS_VIEW = "participants.view"
    PARTICIPANTS_EDIT = "participants.edit"
    PARTICIPANTS_EXPORT = "participants.export"
    CHECK_IN = "check-in"
    DEVICES = "devices"
    BADGES = "badges"
    FIGURES = "figures"
    FIGURES_PUBLISH = "figures.publish"
    FEES = "fees"  # say what an event costs
    PAYMENTS_VIEW = "payments.view"  # amounts, who owes what
    PAYMENTS_EDIT = "payments.edit"  # record, refund, let go, decide cases
    MESSAGES = "messages"
    MEMBERS = "members"
    PLACES = "places"
    ACCOUNTS = "accounts"
    AUDIT = "audit"


class Role(StrEnum):
    """The word that the secretariat uses for a set of permissions."""

    SECRETARIAT = "secretariat"
    MANAGER = "manager"
    FINANCE = "finance"
    CHECK_IN = "check-in"
    VIEWER = "viewer"


_VIEWER: Final = frozenset({Permission.OFFICE, Permission.EVENT_VIEW, Permission.FIGURES})
_CHECK_IN: Final = frozenset(
    {
        Permission.OFFICE,
        Permission.EVENT_VIEW,
        Permission.PARTICIPANTS_VIEW,
        Permission.CHECK_IN,
        Permission.BADGES,
    },
)
_MANAGER: Final = (
    _VIEWER
    | _CHECK_IN
    | {
        Permission.EVENT_EDIT,
        Permission.PARTICIPANTS_EDIT,
        Permission.PARTICIPANTS_EXPORT,
        Permission.DEVICES,
        Permission.FIGURES_PUBLISH,
        Permission.FEES,
        Permission.PAYMENTS_VIEW,
        Permission.MESSAGES,
        Permission.AUDIT,
    }
)
# Apart from the manager: who runs an event sends no money back and lets no fee go.
_FINANCE: Final = frozenset(
    {
        Permission.OFFICE,
        Permission.EVENT_VIEW,
        Permission.PARTICIPANTS_VIEW,
        Permission.FEES,
        Permission.PAYMENTS_VIEW,
        Permission.PAYMENTS_EDIT,
    },
)

PERMISSIONS: Final = {
    Role.SECRETARIAT: frozenset(Permission),
    Role.MANAGER: _MANAGER,
    Role.FINANCE: _FINANCE,
    Role.CHECK_IN: _CHECK_IN,
    Role.VIEWER: _VIEWER,
}


def permits(
    grants: Iterable[tuple[str, int | None]], permission: Permission, event_id: int | None
) -> bool:
    """Decide whether grants (role, event id or None for everywhere) permit something.

    Asked without an event, a grant for any event lets its holder into the office and no further.
    """
    for role, granted_for in grants:
        if permission not in PERMISSIONS[Role(role)]:
            continue
        if granted_for is None or granted_for == event_id:
            return True
        if event_id is None and permission is Permission.OFFICE:
            return True
    return False
