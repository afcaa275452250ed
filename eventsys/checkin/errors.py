"""Refusals at the door that concern the caller, not the person whose badge was read."""

from __future__ import annotations

from eventsys.core.errors import DomainError, Gone, NotFound, Refused


class UnknownDevice(DomainError):
    """No device has this token."""

    code = "unknown_device"
    status = 401


class DeviceWithdrawn(Gone):
    """The device was revoked or its time is over: it must forget everything it holds."""

    code = "device_withdrawn"


class SearchNotAllowed(Refused):
    """This device was enrolled for scanning only."""

    code = "search_not_allowed"


class OverrideNotAllowed(Refused):
    """This device may not let anybody in against the rules."""

    code = "override_not_allowed"


class ScanIdTaken(DomainError):
    """A scan id was used twice for different scans."""

    code = "scan_id_taken"
    status = 409


class ScanNotFound(NotFound):
    """There is no such scan that could be undone here."""

    code = "scan_not_found"


class NothingToUndo(DomainError):
    """The scan let nobody in, or it was undone already."""

    code = "nothing_to_undo"
    status = 409


class UndoTooLate(DomainError):
    """A device may undo its own scans for a short while only (``minutes``); the office may at any time."""

    code = "undo_too_late"
    status = 409


class SearchTooShort(DomainError):
    """A search needs at least three letters, so that nobody reads the whole list letter by letter."""

    code = "search_too_short"
    status = 400


class DeviceWithoutName(DomainError):
    """A device needs a name: the log shows it with every scan."""

    code = "device_without_name"
