"""Columns of tables to be created."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Column:
    """A column. It is NOT NULL unless ``nullable``.

    ``default`` and ``check`` are SQL, except that numbers and booleans may be given as they are:
    ``default="'draft'"``, ``default="CURRENT_TIMESTAMP"``, ``default=0``.
    """

    name: str
    type: str = "TEXT"
    nullable: bool = False
    unique: bool = False
    primary_key: bool = False
    default: str | int | float | bool | None = None
    check: str | None = None
    collation: str | None = None
    #: The row it refers to: ``table`` or ``table.column``.
    references: str | None = None
    #: What happens when that row is deleted: ``CASCADE``, ``SET NULL``, ``RESTRICT``…
    on_delete: str | None = None

    def _json(self) -> dict[str, Any]:
        members = {
            "name": self.name,
            "type": self.type,
            "nullable": self.nullable,
            "unique": self.unique,
            "primary_key": self.primary_key,
            "default": self.default,
            "check": self.check,
            "collation": self.collation,
            "references": self.references,
            "on_delete": self.on_delete,
        }
        return {name: value for name, value in members.items() if value is not None}
