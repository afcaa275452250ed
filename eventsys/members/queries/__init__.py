"""Read organisations, periods of membership, and what an import would do."""

from __future__ import annotations

from eventsys.members.queries.counts import list_new_members, members_by_region, members_on
from eventsys.members.queries.importing import ACTIONS, Plan, PlannedRow, plan_import
from eventsys.members.queries.lists import (
    Organisation,
    OrganisationFilter,
    draft_of,
    export_rows,
    get_organisation,
    is_member_on,
    list_further_cities,
    list_organisations,
    list_periods,
)
from eventsys.members.queries.names import (
    Bearer,
    choose_bearer,
    find_organisation_id,
    list_bearers,
    name_told_apart,
    names_of_organisations,
)

__all__ = [
    "ACTIONS",
    "Bearer",
    "Organisation",
    "OrganisationFilter",
    "Plan",
    "PlannedRow",
    "choose_bearer",
    "draft_of",
    "export_rows",
    "find_organisation_id",
    "get_organisation",
    "is_member_on",
    "list_bearers",
    "list_further_cities",
    "list_new_members",
    "list_organisations",
    "list_periods",
    "members_by_region",
    "members_on",
    "name_told_apart",
    "names_of_organisations",
    "plan_import",
]
