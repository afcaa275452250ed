"""Check an answer against the part of JSON Schema that our OpenAPI document uses; anything else in it fails."""

from __future__ import annotations

from typing import Any

TYPES = {
    "object": dict,
    "array": list,
    "string": str,
    "integer": int,
    "boolean": bool,
    "null": type(None),
}
SILENT = {"description", "format", "default", "maxLength", "minLength", "maxItems", "minimum"}
KNOWN = SILENT | {
    "$ref",
    "type",
    "enum",
    "const",
    "oneOf",
    "required",
    "properties",
    "items",
    "additionalProperties",
}


def problems(document: dict[str, Any], name: str, value: Any) -> list[str]:
    """List what an answer has wrong against a schema of the document, by name; nothing is the goal."""
    return _check(document, document["components"]["schemas"][name], value, name)


def _check(document: dict[str, Any], schema: dict[str, Any], value: Any, where: str) -> list[str]:
    if set(schema) - KNOWN:
        return [f"{where}: this check does not know {set(schema) - KNOWN}"]
    if "$ref" in schema:
        return problems(document, schema["$ref"].rpartition("/")[2], value)
    if "oneOf" in schema:
        fits = [one for one in schema["oneOf"] if not _check(document, one, value, where)]
        return [] if len(fits) == 1 else [f"{where}: {value!r} fits {len(fits)} of the choices"]
    found = []
    if "type" in schema and not isinstance(value, TYPES[schema["type"]]):
        found.append(f"{where}: {value!r} is no {schema['type']}")
    if value not in schema.get("enum", [value]) or value != schema.get("const", value):
        found.append(f"{where}: {value!r} is not in the closed set")
    if isinstance(value, list):
        found += [
            text
            for i, item in enumerate(value)
            for text in _check(document, schema["items"], item, f"{where}[{i}]")
        ]
    if isinstance(value, dict):
        found += [
            f"{where}: {name} is missing"
            for name in schema.get("required", ())
            if name not in value
        ]
        rest = schema.get("additionalProperties", {})
        for name, item in value.items():
            part = schema.get("properties", {}).get(name, rest)
            found += _check(document, part, item, f"{where}.{name}")
    return found
