"""Fields that read what people type in the office, and say in words what is wrong with it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from wtforms import DateField, DateTimeLocalField, IntegerField

from eventsys.core.i18n import gettext

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

_GROUPING = re.compile(r"[\s.,'’\u00a0\u202f]")


class Moment(DateTimeLocalField):  # type: ignore[misc]  # WTForms ships no types
    """Day and hour on the clock of the event's place."""

    data: datetime | None

    def __init__(self, label: Any, **options: Any) -> None:  # noqa: ANN401 (handed to WTForms)
        """Accept what browsers send, and what is typed where the browser has no such field."""
        formats = [
            "%Y-%m-%dT%H:%M",
            "%Y-%m-%dT%H:%M:%S",
            "%Y-%m-%d %H:%M",
            "%d/%m/%Y %H:%M",
            "%d.%m.%Y %H:%M",
        ]
        super().__init__(label, format=formats, **options)

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Read it, or say how it is written. Years outside 1900 to 2200 are slips."""
        if not valuelist or not valuelist[0].strip():
            self.data = None
            return
        try:
            super().process_formdata([valuelist[0].strip()])
            in_range = self.data is not None and 1900 <= self.data.year <= 2200
        except ValueError:
            in_range = False
        if not in_range:
            self.data = None
            raise ValueError(gettext("Enter day and time like 2026-10-12 09:00"))


class Day(DateField):  # type: ignore[misc]  # WTForms ships no types
    """A day."""

    data: date | None

    def __init__(self, label: Any, **options: Any) -> None:  # noqa: ANN401 (handed to WTForms)
        """Accept what browsers send, and what is typed where the browser has no such field."""
        super().__init__(label, format=["%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y"], **options)

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Read it, or say how it is written."""
        if not valuelist or not valuelist[0].strip():
            self.data = None
            return
        try:
            super().process_formdata([valuelist[0].strip()])
        except ValueError:
            self.data = None
            raise ValueError(gettext("Enter a day like 2026-10-12")) from None


class WholeNumber(IntegerField):  # type: ignore[misc]  # WTForms ships no types
    """A number of places; separators of thousands are welcome."""

    data: int | None

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Read it, or say what is wanted."""
        text = _GROUPING.sub("", valuelist[0]) if valuelist else ""
        if not text:
            self.data = None
            return
        if not text.isdecimal() or len(text) > 12:
            self.data = None
            raise ValueError(gettext("Enter a whole number, or leave it empty"))
        self.data = int(text)
