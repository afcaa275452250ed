"""Is a request what Stripe's published specification says, and is an answer of the stand-in?"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

SPEC: dict[str, Any] = json.loads(
    (Path(__file__).parent.parent.parent / "data" / "stripe" / "spec.json").read_text()
)
Schema = dict[str, Any]
_TYPES = {
    "integer": int,
    "number": (int, float),
    "boolean": bool,
    "string": str,
    "array": list,
    "object": dict,
}


def nested(text: str) -> dict[str, Any]:
    """Read a form as Stripe does: ``a[b][0]=c`` is ``{"a": {"b": ["c"]}}``."""
    root: dict[str, Any] = {}
    for name, value in parse_qsl(text, keep_blank_values=True):
        parts = [name.split("[", 1)[0], *re.findall(r"\[([^\]]*)\]", name)]
        place = root
        for part in parts[:-1]:
            place = place.setdefault(part, {})
        # An empty pair of brackets adds to a list.
        place[parts[-1] or str(len(place))] = value
    return _lists(root)


def _lists(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    inner = {key: _lists(item) for key, item in value.items()}
    return list(inner.values()) if inner and all(key.isdigit() for key in inner) else inner


def read(call: str, part: str, given: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """Give the parameters of a call with their types, and what is wrong with them."""
    described = SPEC["calls"][call]
    schema = (
        described["form"]
        if part == "form"
        else {"type": "object", "properties": described["query"], "additionalProperties": False}
    )
    value = _typed(given, schema)
    return value, faults(value, schema, "")


def _typed(value: Any, schema: Schema) -> Any:
    """Turn the texts of a form into what the schema says; what cannot be turned stays a text and is a fault."""
    for choice in schema.get("anyOf", ()):
        turned = _typed(value, choice)
        if not faults(turned, choice, ""):
            return turned
    if isinstance(value, dict):
        known = schema.get("properties", {})
        return {name: _typed(item, known.get(name, {})) for name, item in value.items()}
    if isinstance(value, list):
        return [_typed(item, schema.get("items", {})) for item in value]
    return _plain(value, schema.get("type"))


def _plain(value: str, kind: str | None) -> Any:
    if kind == "integer" and re.fullmatch(r"-?[0-9]+", value):
        return int(value)
    return value == "true" if kind == "boolean" and value in {"true", "false"} else value


def faults(value: Any, schema: Schema, where: str) -> list[str]:
    """List what a value breaks of a schema."""
    if value is None and schema.get("nullable"):
        return []
    if "anyOf" in schema:
        tries = [faults(value, choice, where) for choice in schema["anyOf"]]
        return [] if any(not found for found in tries) else tries[0]
    kind = schema.get("type")
    if kind is not None and (
        not isinstance(value, _TYPES[kind])
        or (isinstance(value, bool) and kind in {"integer", "number"})
    ):
        return [f"{where}: {value!r} is not of type {kind}"]
    if isinstance(value, dict):
        return _object_faults(value, schema, where)
    return _inner_faults(value, schema, where)


def _inner_faults(value: Any, schema: Schema, where: str) -> list[str]:
    if isinstance(value, list):
        return [
            fault
            for number, item in enumerate(value)
            for fault in faults(item, schema.get("items", {}), f"{where}[{number}]")
        ]
    if "enum" in schema and value not in schema["enum"]:
        return [f"{where}: {value!r} is none of {schema['enum']}"]
    if isinstance(value, str) and len(value) > schema.get("maxLength", len(value)):
        return [f"{where}: longer than {schema['maxLength']}"]
    return []


def _object_faults(value: dict[str, Any], schema: Schema, where: str) -> list[str]:
    found = [
        f"{where}.{name} is missing" for name in schema.get("required", ()) if name not in value
    ]
    known, more = schema.get("properties", {}), schema.get("additionalProperties", True)
    for name, item in value.items():
        if name in known:
            found += faults(item, known[name], f"{where}.{name}")
        elif more is False or (known and more is True and "properties" in schema and where):
            # Stripe refuses what it does not know, also inside objects where the file does not say so.
            found.append(f"{where}.{name} is unknown")
        elif isinstance(more, dict):
            found += faults(item, more, f"{where}.{name}")
    return found


def blank(kind: str) -> dict[str, Any]:
    """Make an object of Stripe with everything that always stands in it."""
    schema = SPEC["objects"][kind]
    empty: dict[str, Any] = {"string": "", "integer": 0, "boolean": False}
    made: dict[str, Any] = {}
    for name, inner in schema["properties"].items():
        if inner.get("nullable"):
            made[name] = None
        elif name in schema["required"]:
            choices = inner.get("enum")
            made[name] = choices[0] if choices else empty.get(inner.get("type", ""))
            if inner.get("type") == "array":
                made[name] = []
            elif made[name] is None:
                made[name] = {}
    return made


def check_object(item: dict[str, Any]) -> list[str]:
    """List what an object that the stand-in gives breaks of the specification."""
    schema = SPEC["objects"][item["object"]]
    return faults(item, schema, "")
