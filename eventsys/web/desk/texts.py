"""Every word that the desk may show, by key, in all languages at once: the page changes language without the server.

``word.…`` is read from two metres, ``next.…`` says what to do, ``reason.…`` why. A test holds these keys
against the closed sets of the rules.
"""

from __future__ import annotations

from typing import Any, Final

from eventsys.core.i18n import LANGUAGES, in_language, lazy
from eventsys.web.shared.verdicts import REASONS, WORDS

TEXTS: Final[dict[str, Any]] = {
    "title": lazy("Check-in desk"),
    **{f"word.{result}": word for result, word in WORDS.items()},
    "word.re_entry": lazy("Welcome back"),
    "word.checking": lazy("One moment"),
    "word.unverified": lazy("Not checked"),
    "word.failed": lazy("Not accepted"),
    "next.already_in": lazy("If this is somebody else, send them to the registration desk."),
    "next.unknown": lazy("Search for the name, or send the person to the registration desk."),
    "next.malformed": lazy("Scan the square code on the badge."),
    "next.wrong_event": lazy(
        "This badge is for another event. Send the person to the registration desk."
    ),
    "next.revoked": lazy(
        "A newer badge was issued. Ask for that one, or send the person to the registration desk."
    ),
    "next.cancelled": lazy(
        "This registration was cancelled. Send the person to the registration desk."
    ),
    "next.waiting_list": lazy(
        "There is no place for this person yet. Send them to the registration desk."
    ),
    "next.not_confirmed": lazy("Send the person to the registration desk."),
    "next.not_paid": lazy("The fee is not paid yet. Send the person to the registration desk."),
    "next.unverified": lazy(
        "No connection. The scan is kept and will be sent; decide by the badge."
    ),
    "next.failed": lazy(
        "The server did not take this scan. Send the person to the registration desk."
    ),
    **{f"reason.{reason}": text for reason, text in REASONS.items() if reason != "re_entry"},
    "first_at": lazy("First at %(time)s"),
    "first_at_where": lazy("First at %(time)s, %(where)s"),
    "state.in": lazy("In since %(time)s"),
    "state.confirmed": lazy("Confirmed"),
    "state.waiting": lazy("Waiting list"),
    "state.cancelled": lazy("Cancelled"),
    "state.rejected": lazy("Declined"),
    "state.expired": lazy("Expired"),
    "state.submitted": lazy("Place held"),
    "state.approved": lazy("Approved"),
    "state.invited": lazy("Invited"),
    "state.nominated": lazy("Nominated"),
    "state.due": lazy("Payment due"),
    "entrance": lazy("Entrance"),
    "welcome": lazy("This phone is not signed in yet"),
    "welcome_text": lazy(
        "Ask the organisers for a device link. It comes as a square code: open it with this phone's camera."
    ),
    "welcome_organiser": lazy("Organisers make one in the office: event, Check-in, New device."),
    "paste_link": lazy("Or paste the link here"),
    "sign_in": lazy("Sign this phone in"),
    "not_a_link": lazy("This is not a device link. It ends with # and 26 letters and digits."),
    "no_connection": lazy(
        "The server cannot be reached. Check the network and load this page again."
    ),
    "signed_out": lazy("This phone was signed out by the organisers."),
    "signed_out_waiting": lazy(
        "This phone was signed out by the organisers. %(n)s scans were not sent: "
        "a new link for the same event sends them."
    ),
    "start": lazy("Start scanning"),
    "start_without": lazy("Start without the camera"),
    "start_hint": lazy("The browser will ask for the camera. Pictures never leave this phone."),
    "ios_hint": lazy(
        "On an iPhone or iPad: add this page to the home screen, so that nothing is forgotten after a week."
    ),
    "aim": lazy("Hold the square code in front of the camera"),
    "aim_wedge": lazy("Scan with the scanner, search, or type the code"),
    "next": lazy("Next"),
    "search": lazy("Search"),
    "search_label": lazy("Name, organisation or city"),
    "search_hint": lazy("Type at least three letters"),
    "search_offline": lazy("No connection: the search needs the server"),
    "found": lazy("%(n)s found"),
    "found_none": lazy("Nobody found"),
    "type": lazy("Type code"),
    "type_label": lazy("The 8 characters under the square code"),
    "check": lazy("Check"),
    "list": lazy("Last scans"),
    "list_empty": lazy("Nothing was scanned on this phone yet"),
    "undo": lazy("Undo"),
    "undone": lazy("Undone: %(name)s"),
    "undo_offline": lazy("No connection: try to undo again later"),
    "light": lazy("Light"),
    "more": lazy("More"),
    "close": lazy("Close"),
    "language": lazy("Language"),
    "sound": lazy("Sound"),
    "direction": lazy("Scan people who leave"),
    "leaving": lazy("Exit"),
    "camera": lazy("Camera"),
    "photo": lazy("Take a photo of the code"),
    "photo_empty": lazy("No code found in the photo"),
    "sign_out": lazy("Sign this phone out"),
    "camera_refused": lazy(
        "The camera was refused. Allow it in the browser, or take a photo of the code."
    ),
    "camera_missing": lazy("No camera found. Use a scanner, search, or type the code."),
    "no_decoder": lazy("This browser cannot read codes. Use a scanner, search, or type the code."),
    "counted": lazy("%(n)s of %(of)s in"),
    "online": lazy("Connected"),
    "offline": lazy("No connection"),
    "unsent": lazy("%(n)s unsent"),
    "override": lazy("Let in anyway"),
    "override_title": lazy("Let in against the rules"),
    "override_label": lazy("Why? This is kept with your device's name."),
    "no_script": lazy(
        "The desk needs JavaScript for the camera. Use a current browser, or check people in from the office."
    ),
}


def texts_in_all_languages() -> dict[str, dict[str, str]]:
    """Give all texts by language and key."""
    made = {}
    for language in LANGUAGES:
        with in_language(language):
            made[language] = {key: str(text) for key, text in TEXTS.items()}
    return made
