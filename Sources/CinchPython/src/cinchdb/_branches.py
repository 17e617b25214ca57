"""The branches of a database."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

if TYPE_CHECKING:
    from ._database import Database


@dataclass(frozen=True)
class Branch:
    """A branch and the commit it is at."""

    name: str
    commit: str
    #: Whether it is the one tenants follow.
    is_deployed: bool = False


class Branches:
    """Creates, lists and deletes branches."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def create(self, name: str, from_: str | None = None) -> Branch:
        """Creates a branch; at the deployed one's commit unless ``from_`` says another."""
        json = self._ask("POST", "", {"name": name, "from": from_})
        return Branch(json["name"], json["commit"])

    def list(self) -> list[Branch]:
        """Every branch, in name order."""
        return [
            Branch(json["name"], json["commit"], json["is_deployed"]) for json in self._ask("GET", "")["branches"]
        ]

    def delete(self, name: str, force: bool = False) -> None:
        """Deletes a branch; one whose commits are nowhere else only with ``force``."""
        self._ask("DELETE", f"/{quote(name, safe='')}" + ("?force=true" if force else ""))

    def _ask(self, method: str, path: str, body: Any = None) -> Any:
        return self._database._request(method, f"{self._database._path}/branches{path}", body)
