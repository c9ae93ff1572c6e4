"""Checks a Kubernetes object against the schema in its custom resource's definition, as an API server would."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

_KINDS: Final = {
    "object": dict,
    "array": list,
    "string": str,
    "boolean": bool,
    "integer": int,
    "number": (int, float),
}


def faults(value: Any, schema: dict[str, Any], path: str = "") -> Iterator[str]:
    """What is wrong with a value, each fault with its path; nothing if all is well.

    A field that the schema does not know is a fault: a server only warns of it, and drops it. Knows the keywords of the
    schemas that the operator's generator writes, and raises KeyError for a type beyond them.
    """
    if schema.get("x-kubernetes-int-or-string"):
        if not isinstance(value, (int, str)) or isinstance(value, bool):
            yield f"{path}: {value!r} is neither a whole number nor a text"
        return
    kind = _KINDS[schema.get("type", "object")]
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        yield f"{path}: {value!r} is no {schema.get('type')}"
    elif "enum" in schema and value not in schema["enum"]:
        yield f"{path}: {value!r} is none of {schema['enum']}"
    elif isinstance(value, dict):
        yield from _faults_in_fields(value, schema, path)
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from faults(item, schema["items"], f"{path}[{number}]")


def _faults_in_fields(value: dict[str, Any], schema: dict[str, Any], path: str) -> Iterator[str]:
    known, others = schema.get("properties", {}), schema.get("additionalProperties")
    yield from (f"{path}.{name} is missing" for name in schema.get("required", ()) if name not in value)
    if schema.get("x-kubernetes-preserve-unknown-fields"):
        return
    for name, field in value.items():
        if name in known:
            yield from faults(field, known[name], f"{path}.{name}")
        elif isinstance(others, dict):
            yield from faults(field, others, f"{path}.{name}")
        else:
            yield f"{path}.{name} is not known"
