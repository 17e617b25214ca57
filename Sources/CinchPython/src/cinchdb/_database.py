"""A database, seen from one tenant and one branch."""

from __future__ import annotations

from dataclasses import dataclass
from types import TracebackType
from typing import Any, Iterator, Mapping, Sequence, overload
from urllib.parse import quote, urlencode

from . import _filters
from ._branches import Branches
from ._column import Column
from ._errors import NotFoundError
from ._kv import KeyValues
from ._tenants import Tenants
from ._transport import Transport
from ._values import decode_row, dumps, encode, encode_row

Row = dict[str, Any]
Parameters = Sequence[Any] | Mapping[str, Any]


@dataclass(frozen=True)
class Result:
    """What one statement answered."""

    #: The rows, each a dict in column order.
    rows: list[Row]
    #: Rows inserted, updated or deleted.
    changes: int
    #: Whether rows were left out because of a limit.
    truncated: bool
    #: The columns' names and declared types.
    columns: list[tuple[str, str | None]]

    @staticmethod
    def _from(answer: dict[str, Any]) -> Result:
        return Result(
            rows=[decode_row(row) for row in answer["rows"]],
            changes=int(answer["changes"]),
            truncated=bool(answer["truncated"]),
            columns=[(column["name"], column["type"]) for column in answer["columns"]],
        )


class Database:
    """Rows of one tenant on one branch, and what belongs to the whole database.

    A handle is light and may be shared by threads; :meth:`switch_tenant` makes another one over the same connection.
    """

    def __init__(
        self, transport: Transport, name: str, branch: str, tenant: str, *, owns: bool = False
    ) -> None:
        self._transport = transport
        self._owns = owns
        self._name, self._branch, self._tenant = name, branch, tenant
        self._path = f"/v1/db/{quote(name, safe='')}"
        self._branch_path = f"{self._path}/branch/{quote(branch, safe='')}"
        self._tenant_path = f"{self._branch_path}/tenant/{quote(tenant, safe='')}"

    def __repr__(self) -> str:
        place = "local" if self.is_local else "remote"
        return f"<cinchdb.Database {self._name} branch={self._branch} tenant={self._tenant} {place}>"

    # Where it is

    @property
    def is_local(self) -> bool:
        """Whether it works on this machine's files, without a server."""
        return self._transport.is_local

    @property
    def name(self) -> str:
        """The database's name."""
        return self._name

    @property
    def branch(self) -> str:
        """The branch. On any but the deployed one, rows are those of a private preview."""
        return self._branch

    @property
    def tenant(self) -> str:
        """The tenant."""
        return self._tenant

    def switch_tenant(self, tenant: str) -> Database:
        """The same database, seen from another tenant."""
        return Database(self._transport, self._name, self._branch, tenant)

    def switch_branch(self, branch: str) -> Database:
        """The same database, seen from another branch."""
        return Database(self._transport, self._name, branch, self._tenant)

    @property
    def tenants(self) -> Tenants:
        """The tenants."""
        return Tenants(self)

    @property
    def branches(self) -> Branches:
        """The branches."""
        return Branches(self)

    @property
    def kv(self) -> KeyValues:
        """Values under keys, of this tenant."""
        return KeyValues(self)

    def close(self) -> None:
        """Lets go of what :func:`connect` opened, once every handle that was connected is closed.

        Handles of :meth:`switch_tenant` share it, and closing one of those does nothing.
        """
        if self._owns:
            self._owns = False
            self._transport.close()

    def __enter__(self) -> Database:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # Statements

    def query(
        self,
        sql: str,
        params: Parameters | None = None,
        *,
        max_rows: int | None = None,
        mask: Sequence[str] | None = None,
    ) -> list[Row]:
        """Runs one statement and returns its rows.

        ``params`` are values for ``?`` in order, or a dict for ``:name``. Columns named in ``mask``, as
        ``table.column``, read as NULL.
        """
        return self.run(sql, params, max_rows=max_rows, mask=mask).rows

    def run(
        self,
        sql: str,
        params: Parameters | None = None,
        *,
        max_rows: int | None = None,
        mask: Sequence[str] | None = None,
    ) -> Result:
        """Runs one statement and returns everything it answered."""
        body = self._statement(sql, params)
        if max_rows is not None:
            body["max_rows"] = max_rows
        if mask:
            body["mask"] = list(mask)
        return Result._from(self._request("POST", f"{self._tenant_path}/query", body))

    def execute(self, sql: str, params: Parameters | None = None) -> int:
        """Runs one statement that changes rows; how many it changed."""
        answer = self._request("POST", f"{self._tenant_path}/execute", self._statement(sql, params))
        return int(answer["changes"])

    def batch(self, statements: Sequence[str | tuple[str, Parameters]]) -> list[Result]:
        """Runs statements as one change, all of them or none."""
        listed = [
            self._statement(each, None) if isinstance(each, str) else self._statement(*each) for each in statements
        ]
        answer = self._request("POST", f"{self._tenant_path}/batch", {"statements": listed})
        return [Result._from(result) for result in answer["results"]]

    # Rows

    @overload
    def insert(self, table: str, row: Mapping[str, Any]) -> Row: ...

    @overload
    def insert(self, table: str, row: Sequence[Mapping[str, Any]]) -> list[Row]: ...

    def insert(self, table: str, row: Mapping[str, Any] | Sequence[Mapping[str, Any]]) -> Row | list[Row]:
        """Inserts a row, or several, all of them or none, and returns them as they are stored."""
        if isinstance(row, Mapping):
            return self._insert(table, encode_row(row))[0]
        return self._insert(table, [encode_row(each) for each in row])

    def get(self, table: str, id: Any) -> Row | None:
        """The row with a key; None where there is none."""
        rows = self._request("GET", self._row_path(table, id), missing=True)
        return None if rows is None else decode_row(rows)

    def update(self, table: str, id: Any, values: Mapping[str, Any]) -> Row:
        """Changes one row and returns it as it is stored. NotFoundError where there is none."""
        return decode_row(self._request("PATCH", self._row_path(table, id), encode_row(values)))

    def delete(self, table: str, id: Any) -> None:
        """Deletes one row. NotFoundError where there is none."""
        self._request("DELETE", self._row_path(table, id))

    def update_where(
        self,
        table: str,
        values: Mapping[str, Any],
        operator: str = "AND",
        *,
        where: Mapping[str, Any] | None = None,
        **filters: Any,
    ) -> int:
        """Changes every row for which conditions hold; how many.

        ``age__gt=18``, ``role="admin"``, ``status__in=[…]``, ``left_at__is_null=True``; ``operator`` joins them with
        AND or OR. ``where`` takes a filter in the form of docs/http-api.md; ``{}`` is every row.
        """
        body = {"set": encode_row(values), "where": _filters.make(where, operator, filters)}
        return int(self._request("PATCH", self._rows_path(table), body)["changes"])

    def delete_where(
        self, table: str, operator: str = "AND", *, where: Mapping[str, Any] | None = None, **filters: Any
    ) -> int:
        """Deletes every row for which conditions hold; how many. See :meth:`update_where`."""
        text = dumps(_filters.make(where, operator, filters))
        return int(self._request("DELETE", f"{self._rows_path(table)}?{urlencode({'filter': text})}")["changes"])

    def rows(self, table: str, *, where: Mapping[str, Any] | None = None, page: int = 1000) -> Iterator[Row]:
        """A table's rows in the order of their keys, read a page at a time."""
        query = {"limit": str(page)}
        if where is not None:
            query["filter"] = dumps(_filters.make(where, "AND", {}))
        while True:
            answer = self._request("GET", f"{self._rows_path(table)}?{urlencode(query)}")
            yield from map(decode_row, answer["rows"])
            if answer["next"] is None:
                return
            query["after"] = answer["next"]

    # Schema and history

    def create_table(
        self, name: str, columns: Sequence[Column] = (), *, plain: bool = False, message: str | None = None
    ) -> dict[str, Any]:
        """Creates a table on this handle's branch, in one commit.

        It gets ``id``, ``created_at`` and ``updated_at`` unless it is ``plain``. On the deployed branch every tenant
        has it when this returns.
        """
        body = {"name": name, "columns": [column._json() for column in columns], "plain": plain, "message": message}
        return self._change("POST", "tables", body)

    def create_index(
        self, table: str, columns: Sequence[str], *, name: str | None = None, unique: bool = False
    ) -> dict[str, Any]:
        """Creates an index on this handle's branch, in one commit."""
        return self._change(
            "POST", "indexes", {"table": table, "columns": list(columns), "name": name, "unique": unique}
        )

    def create_view(self, name: str, sql: str) -> dict[str, Any]:
        """Creates a view of a SELECT on this handle's branch, in one commit."""
        return self._change("POST", "views", {"name": name, "sql": sql})

    def drop_table(self, name: str) -> dict[str, Any]:
        """Drops a table on this handle's branch; on the deployed one its rows are parked in every tenant."""
        return self._change("DELETE", f"tables/{quote(name, safe='')}")

    def ddl(self, sql: str, *, message: str | None = None) -> dict[str, Any]:
        """Runs DDL on this handle's branch, in one commit."""
        return self._change("POST", "ddl", {"sql": sql, "message": message})

    def tables(self) -> list[dict[str, Any]]:
        """The tables of this handle's branch with their columns."""
        schema = self._request("GET", f"{self._path}/schema.json?{urlencode({'at': self._branch})}")
        return list(schema["tables"])

    def schema(self, at: str | None = None) -> str:
        """The schema as SQL, of this handle's branch or any other revision."""
        answer = self._request("GET", f"{self._path}/schema.sql?{urlencode({'at': at or self._branch})}")
        return str(answer["sql"])

    def merge(
        self,
        source: str,
        target: str | None = None,
        *,
        message: str | None = None,
        strategy: str | None = None,
        preview: bool = False,
    ) -> dict[str, Any]:
        """Merges a branch into another, the deployed one unless it is named. ConflictError moves nothing."""
        body = {"source": source, "target": target, "message": message, "strategy": strategy, "preview": preview}
        return dict(self._request("POST", f"{self._path}/merge", body))

    def diff(self, from_: str | None = None, to: str | None = None) -> dict[str, Any]:
        """What differs between two revisions: ``changes`` and ``statements``. This handle's branch unless named."""
        query = {"to": to or self._branch}
        if from_ is not None:
            query["from"] = from_
        return dict(self._request("GET", f"{self._path}/diff?{urlencode(query)}"))

    def log(self, revision: str | None = None, limit: int = 100) -> list[dict[str, Any]]:
        """Commits, newest first."""
        query = urlencode({"rev": revision or self._branch, "limit": limit})
        return list(self._request("GET", f"{self._path}/log?{query}")["commits"])

    # Pieces

    def _insert(self, table: str, body: Any) -> list[Row]:
        return [decode_row(row) for row in self._request("POST", self._rows_path(table), body)["rows"]]

    def _change(self, method: str, path: str, body: Any = None) -> dict[str, Any]:
        return dict(self._request(method, f"{self._branch_path}/{path}", body))

    def _rows_path(self, table: str) -> str:
        return f"{self._tenant_path}/tables/{quote(table, safe='')}/rows"

    def _row_path(self, table: str, id: Any) -> str:
        return f"{self._rows_path(table)}/{quote(str(encode(id)), safe='')}"

    def _statement(self, sql: str, params: Parameters | None) -> dict[str, Any]:
        if params is None:
            return {"sql": sql}
        if isinstance(params, Mapping):
            return {"sql": sql, "params": encode_row(params)}
        if isinstance(params, (str, bytes)):
            raise TypeError("params must be a list or a dict, not one text")
        return {"sql": sql, "params": [encode(value) for value in params]}

    def _request(self, method: str, path: str, body: Any = None, *, missing: bool = False) -> Any:
        try:
            return self._transport.request(method, path, body)
        except NotFoundError as failure:
            # Only the row may be missing: a table that isn't there is a mistake.
            if missing and " has no row " in failure.message:
                return None
            raise
