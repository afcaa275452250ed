"""The audiences and their routes: importing a topic registers its routes on its blueprint."""

from __future__ import annotations

from typing import Final

from eventsys.web import api, desk, hooks, office, public
from eventsys.web.public import mine, registration, sign_in

ALL: Final = (public.bp, office.bp, desk.bp, hooks.bp, api.bp)
# Called by machines with their own proof (bearer token, signature), never with a browser's cookies.
WITHOUT_CSRF: Final = (
    api.bp,
    hooks.bp,
    # These forms check the token themselves, so that a stale page loses nothing that was typed.
    registration.submit_registration,
    mine.change_mine,
    sign_in.sign_in,
    sign_in.set_password,
    sign_in.enter_code,
    sign_in.enter_recovery_code,
)
