"""The check-in desk in a phone's browser."""

from eventsys.web.desk import badge_link, pages
from eventsys.web.desk.blueprint import bp

__all__ = ["badge_link", "bp", "pages"]
