"""Finds the database that a name or an address means."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from ._database import Database
from ._errors import NotFoundError
from ._transport import HTTPTransport, LocalTransport, Transport


def connect(
    database: str | None = None,
    branch: str | None = None,
    tenant: str = "main",
    *,
    path: str | None = None,
    url: str | None = None,
    api_key: str | None = None,
    timeout: float = 60,
) -> Database:
    """Connects to a database.

    With ``url``, or ``CINCH_URL`` in the environment, calls go to that server with ``api_key`` or ``CINCH_API_KEY``.
    Otherwise the project is opened in-process: the one that ``path`` is in, the current folder unless given, or the
    folder that ``database`` names.

    ``database`` is a database's name, a project's name or path; ``branch`` is the deployed one unless given.
    """
    address = url or (None if path else os.environ.get("CINCH_URL"))
    if address:
        remote = HTTPTransport(address, api_key or os.environ.get("CINCH_API_KEY"), timeout)
        return Database(remote, database or "main", branch or "main", tenant, owns=True)
    folder, name = _place(database, path)
    local = LocalTransport.open(folder)
    try:
        found = _database(local, name)
    except Exception:
        local.close()
        raise
    return Database(local, found["name"], branch or found["deploy_branch"], tenant, owns=True)


def _place(database: str | None, path: str | None) -> tuple[str | None, str | None]:
    """The folder to look for the project in, and the database's name there."""
    if path is not None:
        return path, database
    if database is None:
        return None, None
    if "/" in database or database in (".", ".."):
        return database, None
    # A project of that name right here; one we are in comes first by its database of that name.
    inside = Path(database)
    if (inside / ".cinch").is_dir():
        return str(inside), None
    return None, database


def _database(transport: Transport, name: str | None) -> dict[str, Any]:
    listed: list[dict[str, Any]] = transport.request("GET", "/v1/db")["databases"]
    for each in listed:
        if each["name"] == name or (name is None and each.get("is_active")):
            return each
    if name is None and len(listed) == 1:
        return listed[0]
    for each in listed:
        # The project's own name means its active database.
        if name is not None and each.get("is_active") and each.get("project") == name:
            return each
    raise NotFoundError(
        f"There is no database '{name}'" if name else "The project has no active database",
        hint="See 'cinch db list'.",
        code="not-found",
        status=404,
    )
