"""The second factor: codes count once, in their time, for their account; recovery, turning off, reset."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from flask import current_app
from sqlalchemy import select

from eventsys.accounts.errors import (
    NoSecondFactor,
    OwnSecondFactor,
    SecondFactorOn,
    SignInSpent,
    TooManyTries,
    WrongCode,
    WrongPassword,
)
from eventsys.accounts.models import RecoveryCode, SecondFactor
from eventsys.accounts.operations import second_factor as module
from eventsys.accounts.operations.create import create_account, issue_link
from eventsys.accounts.operations.roles import close_account
from eventsys.accounts.operations.second_factor import (
    complete_sign_in,
    describe_enrolment,
    renew_codes,
    reset,
    turn_off,
    turn_on,
)
from eventsys.accounts.operations.sessions import open_session, sign_out_everywhere
from eventsys.accounts.operations.sign_in import change_password, set_password, sign_in
from eventsys.accounts.queries import count_recovery_codes, find_staff, own_recovery_codes
from eventsys.audit.models import AuditEntry
from eventsys.core.actor import Actor
from eventsys.core.db import db, transaction_mode
from eventsys.core.errors import NotFound
from eventsys.mail.models import Message
from tests.factories.accounts import PASSWORD, Holder, app_code, make_holder

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask
    from sqlalchemy.orm import Session

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
LATER = NOW + timedelta(minutes=1)
SYSTEM = Actor.system("test")


@pytest.fixture
def eva(session: Session) -> Holder:
    return make_holder(NOW)


def settings(**more):
    return replace(current_app.config["EVENTSYS"], **more)


def enter(at: datetime = NOW, **more) -> str:
    """Pass the password; gives the challenge."""
    entry = sign_in(
        "eva@example.org", PASSWORD, settings=settings(**more), address="192.0.2.1", now=at
    )
    assert not entry.complete
    return entry.token


def finish(challenge: str, typed: str, at: datetime = NOW, **more) -> str:
    return complete_sign_in(challenge, typed, settings=settings(**more), now=at)


def log() -> list[str]:
    return list(db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))


def test_the_app_is_told_a_key_and_the_names_of_site_and_person(session):
    told = describe_enrolment(7, "eva@example.org", "0" * 32, settings=settings())
    url = urlsplit(told.url)
    assert (url.scheme, url.netloc) == ("otpauth", "totp")
    assert unquote(url.path) == "/eventsys:eva@example.org"
    query = parse_qs(url.query)
    assert query["secret"] == [told.secret]
    assert query["issuer"] == ["eventsys"]
    assert len(told.secret) == 32


def test_a_password_alone_opens_nothing(eva):
    assert find_staff(enter(), now=NOW) is None
    assert log()[-1] == "accounts.ask_code"


def test_with_the_code_one_is_in(eva):
    staff = find_staff(finish(enter(), eva.code(NOW)), now=NOW)
    assert staff is not None
    assert (staff.id, staff.second_factor) == (eva.account.id, True)


def test_an_account_without_a_second_factor_is_in_at_once(session):
    _, link = create_account("leo@example.org", "viewer", actor=SYSTEM, now=NOW)
    assert set_password(link, PASSWORD, now=NOW).complete
    entry = sign_in("leo@example.org", PASSWORD, settings=settings(), address="", now=NOW)
    assert entry.complete
    assert not find_staff(entry.token, now=NOW).second_factor


@pytest.mark.parametrize(("drift", "accepted"), [(-2, False), (-1, True), (1, True), (2, False)])
def test_a_clock_may_be_off_by_one_step(eva, drift, accepted):
    challenge = enter()
    if accepted:
        assert finish(challenge, eva.code(NOW, drift))
    else:
        with pytest.raises(WrongCode):
            finish(challenge, eva.code(NOW, drift))


def test_a_code_counts_once_and_after_it_no_older_one(eva):
    finish(enter(), eva.code(NOW))
    challenge = enter()
    for drift in (0, -1):
        with pytest.raises(WrongCode):
            finish(challenge, eva.code(NOW, drift))
    assert log()[-1] == "accounts.code_refused"
    assert finish(challenge, eva.code(NOW, 1))


def test_the_code_that_set_it_up_does_not_sign_in(eva):
    before = NOW - timedelta(hours=1)
    with pytest.raises(WrongCode):
        finish(enter(before), eva.code(before), before)


@pytest.mark.parametrize(
    "typed", ["", "000000", "１２３４５６", "12345", "1234567", "abcdef", "0" * 16]
)
def test_what_is_no_code_is_refused(eva, typed):
    if typed == eva.code(NOW):
        typed = "000001"
    with pytest.raises(WrongCode):
        finish(enter(), typed)


def test_spaces_as_apps_show_them_do_no_harm(eva):
    code = eva.code(NOW)
    assert finish(enter(), f" {code[:3]} {code[3:]} ")


def test_a_challenge_is_over_after_five_minutes_and_after_use(eva):
    challenge, late = enter(), NOW + timedelta(minutes=5)
    with pytest.raises(SignInSpent):
        finish(challenge, eva.code(late), late)
    challenge = enter(LATER)
    finish(challenge, eva.code(LATER), LATER)
    with pytest.raises(SignInSpent):
        finish(challenge, eva.code(LATER, 1), LATER)
    with pytest.raises(SignInSpent):
        finish("nonsense", eva.code(LATER, 1), LATER)


def test_after_five_tries_even_the_right_code_has_to_wait(eva):
    challenge = enter()
    for _ in range(5):
        with pytest.raises(WrongCode):
            finish(challenge, "nothing")
    with pytest.raises(TooManyTries):
        finish(challenge, eva.code(NOW))
    much_later = NOW + timedelta(minutes=16)
    assert finish(enter(much_later), eva.code(much_later), much_later)


def test_a_recovery_code_counts_once_however_it_is_typed(eva):
    assert len(set(eva.codes)) == 10
    assert finish(enter(), eva.codes[3].lower().replace("-", " "))
    assert "accounts.use_recovery_code" in log()
    assert count_recovery_codes(eva.account.id) == 9
    with pytest.raises(WrongCode):
        finish(enter(), eva.codes[3])
    assert not own_recovery_codes(eva.account.id, eva.codes)
    assert own_recovery_codes(eva.account.id, eva.codes[4:])


def test_a_recovery_code_of_somebody_else_is_refused(eva):
    leo = make_holder(NOW, "leo@example.org", "viewer")
    with pytest.raises(WrongCode):
        finish(enter(), leo.codes[0])
    assert not own_recovery_codes(eva.account.id, leo.codes)
    assert not own_recovery_codes(eva.account.id, [])


def test_the_database_holds_nothing_that_makes_or_is_a_code(eva):
    kept = [row.code_digest for row in db.session.scalars(select(RecoveryCode))]
    assert not {code.replace("-", "") for code in eva.codes} & set(kept)
    factor = db.session.get_one(SecondFactor, eva.account.id)
    other = settings(secret_key="another server's secret, just as long as ours")
    stolen = describe_enrolment(eva.account.id, "", factor.key, settings=other).secret
    assert stolen != eva.secret
    assert describe_enrolment(99, "", factor.key, settings=settings()).secret != eva.secret


def test_turning_it_on_wants_a_right_code_and_signs_other_browsers_out(session):
    account, link = create_account("leo@example.org", "viewer", actor=SYSTEM, now=NOW)
    here = set_password(link, PASSWORD, now=NOW).token
    elsewhere = open_session(account, now=NOW)
    actor = Actor("staff", account.id, "Leo")
    secret = describe_enrolment(account.id, "", "k" * 32, settings=settings()).secret

    def confirm(typed: str) -> list[str]:
        return turn_on(
            account.id, "k" * 32, typed, settings=settings(), actor=actor, now=NOW,
            session_token=here,
        )  # fmt: skip

    with pytest.raises(WrongCode):
        confirm(app_code(secret, NOW, 5))
    assert find_staff(elsewhere, now=NOW) is not None
    assert len(confirm(app_code(secret, NOW))) == 10
    assert find_staff(here, now=NOW).second_factor
    assert find_staff(elsewhere, now=NOW) is None
    with pytest.raises(SecondFactorOn):
        confirm(app_code(secret, NOW, 1))
    assert log()[-1] == "accounts.turn_on_second_factor"


def test_turning_it_off_wants_both_factors(eva):
    def off(password: str, typed: str) -> None:
        turn_off(eva.account.id, password, typed, settings=settings(), actor=eva.actor, now=NOW)

    with pytest.raises(WrongPassword):
        off("wrong", eva.code(NOW))
    with pytest.raises(WrongCode):
        off(PASSWORD, eva.code(NOW, 7))
    off(PASSWORD, eva.code(NOW))
    assert log()[-3:] == [
        "accounts.keep_second_factor",
        "accounts.code_refused",
        "accounts.turn_off_second_factor",
    ]
    assert count_recovery_codes(eva.account.id) == 0
    assert sign_in("eva@example.org", PASSWORD, settings=settings(), address="", now=NOW).complete
    with pytest.raises(NoSecondFactor):
        off(PASSWORD, eva.code(NOW, 1))


def test_guessing_inside_the_office_is_limited_as_well(eva):
    for _ in range(5):
        with pytest.raises(WrongPassword):
            turn_off(eva.account.id, "x", "y", settings=settings(), actor=eva.actor, now=NOW)
    with pytest.raises(TooManyTries):
        turn_off(
            eva.account.id, PASSWORD, eva.code(NOW), settings=settings(), actor=eva.actor, now=NOW
        )


def test_new_recovery_codes_replace_the_old_ones(eva):
    new = renew_codes(
        eva.account.id, PASSWORD, eva.code(NOW), settings=settings(), actor=eva.actor, now=NOW
    )
    assert own_recovery_codes(eva.account.id, new)
    with pytest.raises(WrongCode):
        finish(enter(), eva.codes[0])
    assert finish(enter(), new[0])


def test_a_reset_signs_out_tells_the_owner_and_stays_in_the_log(eva):
    other = make_holder(NOW, "leo@example.org", language="fr")
    phone = open_session(other.account, now=NOW)
    entry = sign_in("leo@example.org", PASSWORD, settings=settings(), address="", now=NOW)
    reset(other.account.id, actor=eva.actor, now=NOW)
    assert find_staff(phone, now=NOW) is None
    with pytest.raises(SignInSpent):
        finish(entry.token, other.code(NOW))
    message = db.session.scalars(select(Message)).one()
    assert (message.to_address, message.language) == ("leo@example.org", "fr")
    assert message.template == "accounts/second_factor_reset"
    line = db.session.scalars(
        select(AuditEntry).where(AuditEntry.action == "accounts.reset_second_factor")
    ).one()
    assert (line.actor_id, line.subject_id) == (eva.account.id, other.account.id)
    with pytest.raises(NoSecondFactor):
        reset(other.account.id, actor=eva.actor, now=NOW)
    with pytest.raises(OwnSecondFactor):
        reset(eva.account.id, actor=eva.actor, now=NOW)
    with pytest.raises(NotFound):
        reset(12345, actor=eva.actor, now=NOW)


def test_a_link_for_a_new_password_does_not_get_around_it(eva):
    link = issue_link(eva.account.id, actor=SYSTEM, now=NOW)
    entry = set_password(link, "another long password", now=NOW)
    assert not entry.complete
    assert find_staff(entry.token, now=NOW) is None
    assert finish(entry.token, eva.code(NOW))


def test_closing_changing_the_password_and_signing_out_end_a_half_sign_in(eva):
    make_holder(NOW, "leo@example.org")
    challenge = enter()
    change_password(eva.account.id, PASSWORD, "another long password", actor=eva.actor, now=NOW)
    with pytest.raises(SignInSpent):
        finish(challenge, eva.code(NOW))
    change_password(eva.account.id, "another long password", PASSWORD, actor=eva.actor, now=NOW)
    challenge, whole = enter(), open_session(eva.account, now=NOW)
    sign_out_everywhere(eva.account.id, actor=eva.actor, now=NOW)
    assert find_staff(whole, now=NOW) is None
    with pytest.raises(SignInSpent):
        finish(challenge, eva.code(NOW))
    challenge = enter()
    close_account(eva.account.id, actor=SYSTEM, now=NOW)
    with pytest.raises(SignInSpent):
        finish(challenge, eva.code(NOW))


def at_one_moment(work: Callable[[int], None], count: int) -> None:
    failures: list[BaseException] = []

    def guarded(number: int) -> None:
        try:
            work(number)
        except BaseException as error:  # noqa: BLE001 (handed on below)
            failures.append(error)

    threads = [threading.Thread(target=guarded, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]


def held_between_judging_and_storing(
    monkeypatch: pytest.MonkeyPatch, engine: str, people: int
) -> threading.Barrier:
    """On PostgreSQL let nobody store before all have judged; SQLite lets one writer in at a time anyway."""
    barrier = threading.Barrier(people)
    real = module._step

    def held(*arguments):
        found = real(*arguments)
        if engine == "postgresql":
            barrier.wait(timeout=30)
        return found

    monkeypatch.setattr(module, "_step", held)
    return barrier


@pytest.mark.parametrize("kind", ["app", "recovery"])
def test_of_four_who_show_one_code_at_one_moment_one_comes_in(
    app: Flask, eva: Holder, engine: str, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    people = 4
    # Without the limit on tries, so that nothing but the row of the code stands between them.
    challenges = [enter(rate_limits=False) for _ in range(people)]
    typed = eva.code(NOW) if kind == "app" else eva.codes[0]
    db.session.commit()
    barrier = held_between_judging_and_storing(monkeypatch, engine, people)
    outcomes: list[str] = []

    def work(number: int) -> None:
        with app.app_context(), transaction_mode("write"):
            if engine == "sqlite":
                barrier.wait(timeout=30)
            try:
                finish(challenges[number], typed, rate_limits=False)
                db.session.commit()
                outcomes.append("in")
            except WrongCode:
                db.session.rollback()
                outcomes.append("refused")

    at_one_moment(work, people)
    assert sorted(outcomes) == ["in", "refused", "refused", "refused"]


def test_set_up_in_two_windows_at_one_moment_one_counts(
    app: Flask, session: Session, engine: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    account, _ = create_account("leo@example.org", "viewer", actor=SYSTEM, now=NOW)
    account_id, keys = account.id, ["a" * 32, "b" * 32]
    db.session.commit()
    actor = Actor("staff", account_id, "Leo")
    barrier = held_between_judging_and_storing(monkeypatch, engine, 2)
    outcomes: list[str] = []

    def work(number: int) -> None:
        with app.app_context(), transaction_mode("write"):
            if engine == "sqlite":
                barrier.wait(timeout=30)
            told = describe_enrolment(account_id, "", keys[number], settings=settings())
            code = app_code(told.secret, NOW)
            try:
                turn_on(account_id, keys[number], code, settings=settings(), actor=actor, now=NOW)
                db.session.commit()
                outcomes.append(keys[number])
            except SecondFactorOn:
                db.session.rollback()

    at_one_moment(work, 2)
    session.rollback()
    assert [row.key for row in db.session.scalars(select(SecondFactor))] == outcomes
    assert len(outcomes) == 1
    assert count_recovery_codes(account_id) == 10
