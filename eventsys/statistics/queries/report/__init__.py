"""The report that a secretary can send as it is: PDF, in the language of now, with charts and definitions."""

from __future__ import annotations

from eventsys.statistics.queries.report.event import event_report
from eventsys.statistics.queries.report.year import year_report

__all__ = ["event_report", "year_report"]
