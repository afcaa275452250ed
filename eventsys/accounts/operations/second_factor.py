"""The second factor: an authenticator app (TOTP, RFC 6238) and recovery codes on paper.

The only file that knows pyotp. The key of the app is derived (see ``SecondFactor``), so nothing in the
database makes a code. A code counts once: its time step is stored by a conditional UPDATE, so that of two
who show the same code at one moment one is refused, on both engines.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from pyotp import TOTP
from pyotp.exceptions import OTPVerificationError
from sqlalchemy import delete, update
from sqlalchemy.exc import IntegrityError

from eventsys.accounts.errors import (
    NoSecondFactor,
    OwnSecondFactor,
    SecondFactorOn,
    SignInSpent,
    TooManyTries,
    WrongCode,
    WrongPassword,
)
from eventsys.accounts.models import Account, RecoveryCode, SecondFactor, SignInChallenge
from eventsys.accounts.operations.sessions import actor_of, end_sessions, open_session
from eventsys.accounts.operations.sign_in import WINDOW, matches
from eventsys.accounts.queries import find_challenge
from eventsys.audit.operations import record
from eventsys.core.db import db
from eventsys.core.errors import NotFound
from eventsys.core.limits import count_try
from eventsys.core.tokens import derive_key, digest, find_spare_code, new_spare_code
from eventsys.mail.operations import queue

if TYPE_CHECKING:
    from datetime import datetime

    from eventsys.core.actor import Actor
    from eventsys.core.settings import Settings

CODE_TRIES: Final = 5
RECOVERY_CODES: Final = 10
DRIFT: Final = 1  # steps of 30 seconds that a phone's clock may be early or late
DIGITS: Final = 6
NOT_LOADED: Final = {"synchronize_session": False}


class Enrolment(NamedTuple):
    """What an authenticator app is told: the key for typing, and the address in the QR code."""

    secret: str
    url: str


def describe_enrolment(account_id: int, email: str, key: str, *, settings: Settings) -> Enrolment:
    """Describe what the app is told. ``key`` is random (``new_key``) and no secret by itself."""
    app = _app(account_id, key, settings)
    return Enrolment(app.secret, app.provisioning_uri(name=email, issuer_name=settings.site_name))


def turn_on(
    account_id: int,
    key: str,
    typed: str,
    *,
    settings: Settings,
    actor: Actor,
    now: datetime,
    session_token: str = "",
) -> list[str]:
    """Turn the second factor on with a code of the app; gives the recovery codes, this once.

    All other browsers are signed out: they were let in without it. Raises WrongCode and SecondFactorOn.
    """
    if db.session.get(SecondFactor, account_id) is not None:
        raise SecondFactorOn
    step = _step(_app(account_id, key, settings), typed, now)
    if step is None:
        raise WrongCode
    try:
        with db.session.begin_nested():
            db.session.add(
                SecondFactor(account_id=account_id, key=key, last_step=step, turned_on_at=now)
            )
    except IntegrityError:
        raise SecondFactorOn from None
    codes = _write_codes(account_id)
    end_sessions(account_id, now=now, keep=session_token)
    record("accounts.turn_on_second_factor", "account", account_id, actor=actor, now=now)
    return codes


def turn_off(
    account_id: int, password: str, typed: str, *, settings: Settings, actor: Actor, now: datetime
) -> None:
    """Turn one's own second factor off. Raises WrongPassword, WrongCode, TooManyTries, NoSecondFactor."""
    _prove(account_id, password, typed, settings=settings, actor=actor, now=now)
    _forget(account_id)
    record("accounts.turn_off_second_factor", "account", account_id, actor=actor, now=now)


def renew_codes(
    account_id: int, password: str, typed: str, *, settings: Settings, actor: Actor, now: datetime
) -> list[str]:
    """Make new recovery codes; the old ones end. Raises what ``turn_off`` raises."""
    _prove(account_id, password, typed, settings=settings, actor=actor, now=now)
    codes = _write_codes(account_id)
    record("accounts.renew_recovery_codes", "account", account_id, actor=actor, now=now)
    return codes


def reset(account_id: int, *, actor: Actor, now: datetime) -> None:
    """Take the second factor off another's account: sessions end, and the owner is told by mail.

    Raises NotFound, OwnSecondFactor and NoSecondFactor.
    """
    account = db.session.get(Account, account_id)
    if account is None:
        raise NotFound
    if actor.kind == "staff" and actor.id == account_id:
        raise OwnSecondFactor
    if db.session.get(SecondFactor, account_id) is None:
        raise NoSecondFactor(email=account.email)
    _forget(account_id)
    end_sessions(account_id, now=now)
    record("accounts.reset_second_factor", "account", account_id, actor=actor, now=now)
    name = account.name or account.email
    queue(
        "accounts/second_factor_reset",
        (account.email, name),
        account.language,
        {"name": name},
        now=now,
    )


def complete_sign_in(challenge: str, typed: str, *, settings: Settings, now: datetime) -> str:
    """Finish a sign-in with a code of the app or a recovery code; gives the session token.

    Raises SignInSpent after five minutes, WrongCode, and TooManyTries after five tries of one account in
    a quarter of an hour.
    """
    row = find_challenge(challenge, now=now)
    if row is None:
        raise SignInSpent
    account = db.session.get_one(Account, row.account_id)
    actor = actor_of(account)
    _count_try(account.id, settings, now)
    _use_code(account.id, typed, settings=settings, actor=actor, now=now)
    finished = delete(SignInChallenge).where(SignInChallenge.id == row.id)
    if (
        db.session.scalar(finished.returning(SignInChallenge.id), execution_options=NOT_LOADED)
        is None
    ):
        raise SignInSpent
    return open_session(account, now=now)


def _app(account_id: int, key: str, settings: Settings) -> TOTP:
    return TOTP(derive_key(settings.secret_key, "second-factor", f"{account_id}:{key}"))


def _step(app: TOTP, typed: str, now: datetime) -> int | None:
    """Find the time step that a typed code belongs to; None when it is no code of now."""
    code = "".join(typed.split())
    if len(code) != DIGITS or not code.isascii() or not code.isdigit():
        return None
    try:
        return app.verify_and_get_timecode(code, for_time=now, valid_window=DRIFT)
    except OTPVerificationError:
        return None


def _count_try(account_id: int, settings: Settings, now: datetime) -> None:
    bucket = f"second-factor:{account_id}"
    if not count_try(settings, bucket, limit=CODE_TRIES, window=WINDOW, now=now):
        raise TooManyTries


def _prove(
    account_id: int, password: str, typed: str, *, settings: Settings, actor: Actor, now: datetime
) -> None:
    """Ask for both factors again, of somebody who is signed in."""
    _count_try(account_id, settings, now)
    known = db.session.get_one(Account, account_id).password_hash
    if known is None or not matches(known, password):
        record("accounts.keep_second_factor", "account", account_id, actor=actor, now=now)
        raise WrongPassword
    _use_code(account_id, typed, settings=settings, actor=actor, now=now)


def _use_code(
    account_id: int, typed: str, *, settings: Settings, actor: Actor, now: datetime
) -> None:
    factor = db.session.get(SecondFactor, account_id)
    if factor is None:
        raise NoSecondFactor
    if _use_app(factor, typed, settings, now):
        return
    if _use_spare(account_id, typed, now):
        record("accounts.use_recovery_code", "account", account_id, actor=actor, now=now)
        return
    record("accounts.code_refused", "account", account_id, actor=actor, now=now)
    raise WrongCode


def _use_app(factor: SecondFactor, typed: str, settings: Settings, now: datetime) -> bool:
    step = _step(_app(factor.account_id, factor.key, settings), typed, now)
    if step is None:
        return False
    # The row is the judge: who comes second, with the same code or an older one, changes no row.
    taken = (
        update(SecondFactor)
        .where(
            SecondFactor.account_id == factor.account_id,
            SecondFactor.key == factor.key,
            SecondFactor.last_step < step,
        )
        .values(last_step=step)
        .returning(SecondFactor.account_id)
    )
    return db.session.scalar(taken, execution_options=NOT_LOADED) is not None


def _use_spare(account_id: int, typed: str, now: datetime) -> bool:
    code = find_spare_code(typed)
    if code is None:
        return False
    taken = (
        update(RecoveryCode)
        .where(
            RecoveryCode.account_id == account_id,
            RecoveryCode.code_digest == digest(code),
            RecoveryCode.used_at.is_(None),
        )
        .values(used_at=now)
        .returning(RecoveryCode.id)
    )
    return db.session.scalar(taken, execution_options=NOT_LOADED) is not None


def _write_codes(account_id: int) -> list[str]:
    codes = [new_spare_code() for _ in range(RECOVERY_CODES)]
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account_id))
    db.session.add_all(
        RecoveryCode(account_id=account_id, code_digest=digest(code.replace("-", "")))
        for code in codes
    )
    db.session.flush()
    return codes


def _forget(account_id: int) -> None:
    for model in (RecoveryCode, SecondFactor, SignInChallenge):
        db.session.execute(delete(model).where(model.account_id == account_id))
