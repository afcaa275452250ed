"""Check-in by command: enrol a device."""

from __future__ import annotations

from typing import Final

import click
from flask import current_app
from flask.cli import AppGroup

from eventsys.checkin.operations.devices import desk_link, device_token, enrol_device
from eventsys.checkin.rules import MAIN_POINT, Profile
from eventsys.cli.transaction import COMMAND, now, print_json, say, writing
from eventsys.events.queries import get_event
from eventsys.files.qr import matrix

QUIET: Final = 2
BLOCKS: Final = {(False, False): "█", (False, True): "▀", (True, False): "▄", (True, True): " "}

check_in = AppGroup("check-in", help="The door: devices.")


@check_in.command("device")
@click.argument("event")
@click.option("--name", required=True, help="Name of the device or the door, shown with its scans.")
@click.option(
    "--point",
    default=MAIN_POINT,
    show_default=True,
    help="Where it scans: the entrance, a session, a day.",
)
@click.option(
    "--profile",
    default=Profile.DESK.value,
    type=click.Choice([profile.value for profile in Profile]),
    show_default=True,
)
def device(event: str, name: str, point: str, profile: str) -> None:
    """Enrol a device for an event: its QR code on stderr, its link and token as JSON on stdout."""
    settings = current_app.config["EVENTSYS"]
    with writing():
        found = get_event(event)
        made = enrol_device(
            found.id,
            name,
            point=point,
            profile=Profile(profile),
            event_ends_at=found.ends_at,
            secret=settings.secret_key,
            actor=COMMAND,
            now=now(),
        )
        facts = {
            "device": made.name,
            "event": found.slug,
            "point": made.point,
            "profile": made.profile,
            "expires_at": made.expires_at.isoformat(),
        }
        token = device_token(settings.secret_key, made.key)
    link = desk_link(settings.base_url, token)
    say(
        f"Open this link on the phone, or scan the code. Whoever has it can scan for {event}:\n\n{_drawing(link)}\n"
    )
    print_json({**facts, "link": link, "token": token})


def _drawing(text: str) -> str:
    """Draw a QR code with half blocks, light on dark as terminals are: two rows of modules a line."""
    modules = matrix(text)
    size = len(modules) + 2 * QUIET
    dark = [[False] * size for _ in range(QUIET)]
    dark += [[False] * QUIET + [*row] + [False] * QUIET for row in modules]
    dark += [[False] * size for _ in range(QUIET + size % 2)]
    pairs = zip(dark[::2], dark[1::2], strict=False)
    return "\n".join(
        "".join(BLOCKS[top, bottom] for top, bottom in zip(upper, lower, strict=True))
        for upper, lower in pairs
    )
