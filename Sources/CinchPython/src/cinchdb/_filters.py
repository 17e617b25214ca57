"""Filters from keyword arguments: ``age__gt=18``, ``role="admin"``."""

from __future__ import annotations

from typing import Any, Mapping

from ._errors import InvalidError
from ._values import encode

_OPERATORS = {"eq", "ne", "gt", "gte", "lt", "lte", "like", "in", "is_null"}
_ALIASES = {"isnull": "is_null", "isNull": "is_null"}


def make(where: Mapping[str, Any] | None, operator: str, filters: Mapping[str, Any]) -> dict[str, Any]:
    """A filter of docs/http-api.md from one in JSON's form and from keywords, which ``operator`` joins."""
    terms = [_term(name, value) for name, value in filters.items()]
    joined = operator.upper()
    if joined not in ("AND", "OR"):
        raise InvalidError(f"'{operator}' joins nothing", hint="Use AND or OR.", code="invalid")
    parts: list[dict[str, Any]] = []
    if where is not None:
        parts.append(_encode(where))
    if terms:
        parts.append({"$or" if joined == "OR" else "$and": terms})
    if not parts:
        raise InvalidError(
            "Without a condition every row would be changed",
            hint="Give conditions such as age__gt=18, or where={} for every row.",
            code="invalid",
        )
    return parts[0] if len(parts) == 1 else {"$and": parts}


def _term(name: str, value: Any) -> dict[str, Any]:
    column, _, suffix = name.rpartition("__")
    comparison = _ALIASES.get(suffix, suffix)
    if not column or comparison not in _OPERATORS:
        # A column's name may hold two underscores itself.
        return {name: {"eq": encode(value)}}
    return {column: {comparison: _operand(comparison, value)}}


def _operand(comparison: str, value: Any) -> Any:
    if comparison == "in":
        return [encode(member) for member in value]
    return bool(value) if comparison == "is_null" else encode(value)


def _encode(where: Mapping[str, Any]) -> dict[str, Any]:
    members: dict[str, Any] = {}
    for name, value in where.items():
        if name in ("$and", "$or"):
            members[name] = [_encode(part) for part in value]
        elif isinstance(value, Mapping):
            members[name] = {each: _operand(each, operand) for each, operand in value.items()}
        else:
            members[name] = encode(value)
    return members
