"""Read what programs send: a bearer token and a JSON body, or a clear refusal."""

from __future__ import annotations

import json
import uuid
from datetime import UTC, datetime
from typing import Any, Final

from flask import request
from werkzeug.exceptions import RequestEntityTooLarge

from eventsys.core.errors import DomainError

BODY_LIMIT: Final = 1024 * 1024


class BadBody(DomainError):
    """The body is not what the OpenAPI document says; ``where`` and ``problem`` name the place."""

    code = "bad_body"
    status = 400


class NoToken(DomainError):
    """There is no bearer token."""

    code = "no_token"
    status = 401


def bearer_token() -> str:
    """Give the device token of the request; raises NoToken."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise NoToken
    return token.strip()


def json_object() -> dict[str, Any]:
    """Give the JSON object of the body; raises BadBody, or 413 above one megabyte."""
    if (request.content_length or 0) > BODY_LIMIT:
        raise RequestEntityTooLarge
    try:
        body = json.loads(request.get_data(cache=False))
    except (ValueError, RecursionError):
        raise BadBody(where="body", problem="not_json") from None
    if not isinstance(body, dict):
        raise BadBody(where="body", problem="not_an_object")
    return body


def text(
    item: dict[str, Any], name: str, where: str, *, default: str | None = None, limit: int = 1000
) -> str:
    """Give a text member; without a default it must be there."""
    value = item.get(name)
    if value is None and default is not None:
        return default
    if not isinstance(value, str):
        raise BadBody(where=f"{where}.{name}", problem="not_a_text")
    # Surrogates and NUL cannot be stored by PostgreSQL.
    value = value.encode("utf-8", "replace").decode().replace("\0", "\N{REPLACEMENT CHARACTER}")
    return value if len(value) <= limit else value[: limit + 1]


def identifier(item: dict[str, Any], name: str, where: str) -> str:
    """Give a UUID in its canonical spelling."""
    value = text(item, name, where)
    try:
        return str(uuid.UUID(value))
    except ValueError:
        raise BadBody(where=f"{where}.{name}", problem="not_a_uuid") from None


def moment(
    item: dict[str, Any], name: str, where: str, *, default: datetime | None = None
) -> datetime:
    """Give an ISO 8601 moment with its offset, in UTC."""
    if item.get(name) is None and default is not None:
        return default
    value = text(item, name, where)
    try:
        parsed = datetime.fromisoformat(value)
        if parsed.tzinfo is not None:
            return parsed.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise BadBody(where=f"{where}.{name}", problem="not_a_moment_with_offset")
