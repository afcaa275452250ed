"""Make, change and remove the codes that lower a fee."""

from __future__ import annotations

import secrets
from dataclasses import asdict
from typing import TYPE_CHECKING, Final

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from eventsys.audit.operations import record
from eventsys.core.db import db
from eventsys.core.money import USUAL
from eventsys.registration.errors import FeesInUse, InvalidFees
from eventsys.registration.models import FeeCode
from eventsys.registration.queries.fee_setup import codes_in_use, get_code
from eventsys.registration.queries.fees import find_plan, fold_code
from eventsys.registration.rules.fee_setup import MOST_CODES, code_problems, is_code

if TYPE_CHECKING:
    from datetime import datetime

    from eventsys.core.actor import Actor
    from eventsys.registration.rules.fee_setup import CodeDraft, Problem

# Without letters and digits that look alike (Crockford's alphabet): codes are read from paper.
_ALPHABET: Final = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
_RANDOM: Final = 7


def make_codes(
    event_id: int, word: str, draft: CodeDraft, *, number: int, actor: Actor, now: datetime
) -> list[FeeCode]:
    """Make one code with a word of one's own, or many: the word, a dash, and letters nobody guesses.

    Raises InvalidFees. Without a word, one is made up for each.
    """
    start = fold_code(word)
    currency = _currency(event_id)
    problems = [*code_problems(draft, currency), *_number_problems(event_id, start, number)]
    if problems:
        raise InvalidFees(problems)
    words = [start] if number == 1 and start else [_new_word(start) for _ in range(number)]
    made = [
        FeeCode(event_id=event_id, code=text, used=0, created_at=now, **_values(draft))
        for text in words
    ]
    try:
        with db.session.begin_nested():
            db.session.add_all(made)
    except IntegrityError:
        raise InvalidFees([("code", "code_twice", {"value": start})]) from None
    record(
        "fees.make_codes", "event", event_id, actor=actor, now=now, event_id=event_id,
        facts={"number": number, "code": start, "kind": draft.kind, "value": draft.value, "note": draft.note},
    )  # fmt: skip
    return made


def _currency(event_id: int) -> str:
    plan = find_plan(event_id)
    return plan.currency if plan is not None else USUAL[0]


def edit_code(
    event_id: int, code_id: int, draft: CodeDraft, *, actor: Actor, now: datetime
) -> bool:
    """Change what a code does for whoever uses it from now on; tells whether anything was different.

    Raises InvalidFees: also when fewer uses are wanted than there were.
    """
    code = get_code(event_id, code_id)
    problems = code_problems(draft, _currency(event_id))
    if draft.most is not None and draft.most < code.used:
        problems.append(("most", "used_more", {"used": code.used}))
    if problems:
        raise InvalidFees(problems)
    wanted = _values(draft)
    changed = sorted(name for name, value in wanted.items() if getattr(code, name) != value)
    for name in changed:
        setattr(code, name, wanted[name])
    if changed:
        db.session.flush()
        record(
            "fees.edit_code", "fee_code", code.id, actor=actor, now=now, event_id=event_id,
            facts={"code": code.code, "fields": changed},
        )  # fmt: skip
    return bool(changed)


def remove_code(event_id: int, code_id: int, *, actor: Actor, now: datetime) -> None:
    """Remove a code that nobody ever used. Raises FeesInUse."""
    code = get_code(event_id, code_id)
    if code.used or code.id in codes_in_use(event_id):
        raise FeesInUse
    record(
        "fees.remove_code", "fee_code", code.id, actor=actor, now=now, event_id=event_id, facts={"code": code.code},
    )  # fmt: skip
    db.session.delete(code)
    db.session.flush()


def _values(draft: CodeDraft) -> dict[str, object]:
    return {**asdict(draft), "value": draft.value or 0}


def _new_word(start: str) -> str:
    letters = "".join(secrets.choice(_ALPHABET) for _ in range(_RANDOM))
    return f"{start}-{letters}" if start else letters


def _number_problems(event_id: int, start: str, number: int) -> list[Problem]:
    found: list[Problem] = []
    there = db.session.scalar(select(func.count()).where(FeeCode.event_id == event_id)) or 0
    if not 1 <= number <= MOST_CODES:
        found.append(("number", "from_to", {"low": 1, "high": MOST_CODES}))
    elif there + number > 20 * MOST_CODES:
        found.append(("number", "too_many", {"limit": 20 * MOST_CODES}))
    if start and (not is_code(start) or len(start) > 40 - _RANDOM - 1):
        found.append(("code", "bad_fee_code", {}))
    return found
