"""Values on their way to SQLite and back, as docs/http-api.md writes them."""

from __future__ import annotations

import base64
import datetime
import decimal
import enum
import json
import math
import uuid
from typing import Any, Mapping

from ._errors import InvalidError

Value = Any

_SMALLEST, _LARGEST = -(2**63), 2**63 - 1

# JSON has no word for an infinity, but any number too large for a double is one. These stand for it until it is written.
_INFINITY = uuid.uuid4().hex
_NEGATIVE_INFINITY = uuid.uuid4().hex


def dumps(document: Any) -> str:
    """A document of encoded values as JSON text."""
    text = json.dumps(document, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    if _INFINITY in text or _NEGATIVE_INFINITY in text:
        text = text.replace(f'"{_INFINITY}"', "9e999").replace(f'"{_NEGATIVE_INFINITY}"', "-9e999")
    return text


def encode(value: Value) -> Any:
    """A Python value as JSON.

    Times become the texts SQLite's own functions write and compare, in UTC where they know their zone.
    """
    if value is None or isinstance(value, (bool, str)):
        return value.value if isinstance(value, enum.Enum) else value
    if isinstance(value, enum.Enum):
        return encode(value.value)
    if isinstance(value, int):
        if not _SMALLEST <= value <= _LARGEST:
            raise InvalidError(
                "A whole number has at most 64 bits", hint="Store it as text.", code="invalid"
            )
        return int(value)
    if isinstance(value, float):
        if math.isinf(value):
            return _INFINITY if value > 0 else _NEGATIVE_INFINITY
        return None if math.isnan(value) else value
    if isinstance(value, (bytes, bytearray, memoryview)):
        return {"$blob": base64.b64encode(bytes(value)).decode("ascii")}
    if isinstance(value, datetime.datetime):
        if value.tzinfo is not None:
            value = value.astimezone(datetime.timezone.utc).replace(tzinfo=None)
        precision = "microseconds" if value.microsecond % 1000 else "milliseconds" if value.microsecond else "seconds"
        return value.isoformat(sep=" ", timespec=precision)
    if isinstance(value, (datetime.date, datetime.time)):
        return value.isoformat()
    if isinstance(value, (decimal.Decimal, uuid.UUID)):
        return str(value)
    if isinstance(value, (list, tuple, dict)):
        return _document(value)
    raise TypeError(f"A value of type {type(value).__name__} can't be stored; convert it to text, a number or bytes")


def _document(value: Any) -> Any:
    """A list or dict, which is stored as its JSON text."""
    if isinstance(value, dict):
        if set(value) == {"$blob"}:
            raise InvalidError("A dict with the only key '$blob' can't be stored", hint="Store bytes.", code="invalid")
        return {str(key): _document(member) for key, member in value.items()}
    if isinstance(value, (list, tuple)):
        return [_document(member) for member in value]
    return encode(value)


def encode_row(row: Mapping[str, Value]) -> dict[str, Any]:
    """A row as JSON."""
    if not isinstance(row, Mapping):
        raise TypeError(f"A row must be a dict, not {type(row).__name__}")
    return {str(column): encode(value) for column, value in row.items()}


def decode(value: Any) -> Value:
    """A value of an answer: bytes for BLOBs, everything else as JSON has it."""
    if isinstance(value, dict) and len(value) == 1 and "$blob" in value:
        return base64.b64decode(value["$blob"])
    return value


def decode_row(row: Mapping[str, Any]) -> dict[str, Value]:
    """A row of an answer."""
    return {column: decode(value) for column, value in row.items()}
