"""Every route with its access stands in ``routes.txt``: a new one, a lost one, an opened one is read as a diff.

``make routes`` writes the list anew.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from eventsys.web.shared.access import UndeclaredAccessError, list_access, public
from eventsys.web.shared.locale import PLAIN

LIST = Path(__file__).parent / "routes.txt"
# Staff pages without a permission of their own would be a hole.
OPEN_IN_OFFICE: set[str] = set()


def written(app: Flask) -> str:
    """Write the routes of an application as the list has them."""
    return "".join(
        f"{method:6} {access:28} {address}\n" for method, address, access in list_access(app)
    )


def test_the_routes_are_those_of_the_list(app):
    assert written(app).splitlines() == LIST.read_text().splitlines(), (
        "if this is meant: make routes, and read the diff"
    )


def test_the_office_is_for_staff_only(app):
    loose = [
        row
        for row in list_access(app)
        if row[1].startswith("/office") and not row[2].startswith("staff")
    ]
    assert [row for row in loose if row[1] not in OPEN_IN_OFFICE] == []


def test_hooks_and_api_are_not_in_a_language(app):
    machine = [
        rule.rule for rule in app.url_map.iter_rules() if rule.rule.startswith(("/api", "/hooks"))
    ]
    assert [rule for rule in machine if not rule.startswith((*PLAIN, "/api/"))] == []


def test_a_route_without_access_stops_the_start():
    app = Flask(__name__, static_folder=None)
    app.add_url_rule("/open", view_func=public(lambda: "x"), endpoint="open")
    assert list_access(app) == [("GET", "/open", "public")]
    app.add_url_rule("/forgotten", view_func=lambda: "x", endpoint="forgotten")
    with pytest.raises(UndeclaredAccessError, match="/forgotten"):
        list_access(app)
