"""Words for what organisations are."""

from __future__ import annotations

from typing import Any, Final

from eventsys.core.i18n import lazy

KINDS: Final[dict[str, Any]] = {
    "member": lazy("Member"),
    "partner": lazy("Partner"),
    "collaborator": lazy("Institutional collaborator"),
    "network": lazy("Network"),
    "other": lazy("Other body"),
}
NATURES: Final[dict[str, Any]] = {
    "city": lazy("City government"),
    "metropolitan": lazy("Metropolitan authority"),
    "region": lazy("Province or region"),
    "canton": lazy("Canton"),
    "association": lazy("Association of municipalities"),
    "network": lazy("Network of cities"),
    "university": lazy("University or research"),
    "company": lazy("Company"),
    "international": lazy("International organisation"),
    "other": lazy("Another body"),
}
REGIONS: Final[dict[str, Any]] = {
    "Africa": lazy("Africa"),
    "Asia-Pacific": lazy("Asia-Pacific"),
    "Europe": lazy("Europe"),
    "Latin America and the Caribbean": lazy("Latin America and the Caribbean"),
    "North America": lazy("North America"),
}
# Words for the columns of a table of members.
COLUMNS: Final[dict[str, Any]] = {
    "name": lazy("Name"),
    "names": lazy("Name"),
    "city": lazy("City"),
    "country": lazy("Country or territory"),
    "region": lazy("Region"),
    "kind": lazy("Kind"),
    "since": lazy("Member since"),
    "until": lazy("Member until"),
    "nature": lazy("Nature"),
    "website": lazy("Website"),
    "external_id": lazy("Identifier in your own lists"),
}
