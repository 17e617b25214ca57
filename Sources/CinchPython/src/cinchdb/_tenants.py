"""The tenants of a database."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

if TYPE_CHECKING:
    from ._database import Database


@dataclass(frozen=True)
class Tenant:
    """One customer's file."""

    name: str
    #: When it was created: ``YYYY-MM-DD HH:MM:SS.SSS``, UTC.
    created_at: str
    #: Bytes of its file.
    size: int
    #: ``current``, ``behind``, ``failed``, ``drifted`` or ``unreadable``.
    status: str
    #: The commit it is at; None when its file can't be read.
    commit: str | None = None
    #: Why it is ``failed``, ``drifted`` or ``unreadable``.
    reason: str | None = None

    @staticmethod
    def _from(json: dict[str, Any]) -> Tenant:
        return Tenant(
            name=json["name"],
            created_at=json["created_at"],
            size=json["size"],
            status=json["status"],
            commit=json.get("commit"),
            reason=json.get("reason"),
        )


class Tenants:
    """Creates, lists and deletes tenants."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def create_tenant(self, name: str) -> Tenant:
        """Creates a tenant with the deployed schema and no rows."""
        return Tenant._from(self._ask("POST", "", {"name": name})["tenants"][0])

    def list_tenants(self) -> list[Tenant]:
        """Every tenant, in name order."""
        return [Tenant._from(json) for json in self._ask("GET", "")["tenants"]]

    def get_tenant(self, name: str) -> Tenant:
        """One tenant."""
        return Tenant._from(self._ask("GET", self._path(name)))

    def rename_tenant(self, name: str, new_name: str) -> Tenant:
        """Gives a tenant another name. Nobody else may have it open."""
        return Tenant._from(self._ask("PATCH", self._path(name), {"name": new_name}))

    def copy_tenant(self, name: str, new_name: str) -> Tenant:
        """Copies a tenant with its rows."""
        return Tenant._from(self._ask("POST", self._path(name) + "/copy", {"to": new_name}))

    def delete_tenant(self, name: str) -> None:
        """Deletes a tenant with all its rows. Nobody else may have it open."""
        self._ask("DELETE", self._path(name))

    def vacuum(self, name: str) -> tuple[int, int]:
        """Rewrites a tenant's file without its unused pages; bytes before and after."""
        sizes = self._ask("POST", self._path(name) + "/vacuum")
        return int(sizes["before"]), int(sizes["after"])

    def _path(self, name: str) -> str:
        return "/" + quote(name, safe="")

    def _ask(self, method: str, path: str, body: Any = None) -> Any:
        return self._database._request(method, f"{self._database._path}/tenants{path}", body)
