"""Values under keys, kept in the tenant's own file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Iterator, Mapping, Sequence
from urllib.parse import quote, urlencode

from ._errors import NotFoundError
from ._values import decode, encode

if TYPE_CHECKING:
    from ._database import Database


class KeyValues:
    """A tenant's keys. Values are whatever JSON can say, and bytes; each call is atomic."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, key: str, default: Any = None) -> Any:
        """The value; ``default`` where there is none."""
        try:
            return decode(self._ask("GET", key)["value"])
        except NotFoundError as failure:
            if not failure.message.startswith("There is no value"):
                raise
            return default

    def set(self, key: str, value: Any, ttl: float | None = None) -> None:
        """Sets a value, for good or for ``ttl`` seconds."""
        self._ask("PUT", key, {"value": encode(value), "ttl": ttl})

    def setnx(self, key: str, value: Any, ttl: float | None = None) -> bool:
        """Sets a value unless there is one; whether it did."""
        return bool(self._ask("PUT", key, {"value": encode(value), "ttl": ttl, "only_new": True})["set"])

    def mset(self, values: Mapping[str, Any], ttl: float | None = None) -> None:
        """Sets several values, all of them or none."""
        members = {key: encode(value) for key, value in values.items()}
        self._all("POST", {"set": members, "ttl": ttl})

    def mget(self, keys: Sequence[str]) -> dict[str, Any]:
        """The values of keys, None where there is none, as they were at one instant."""
        found = self._all("POST", {"get": list(keys)})["values"]
        return {key: decode(value) for key, value in found.items()}

    def delete(self, *keys: str) -> int:
        """Deletes values; how many there were."""
        return int(self._all("POST", {"delete": list(keys)})["deleted"])

    def exists(self, key: str) -> bool:
        """Whether there is a value."""
        try:
            self._ask("GET", key)
        except NotFoundError as failure:
            if not failure.message.startswith("There is no value"):
                raise
            return False
        return True

    def keys(self, prefix: str = "") -> Iterator[str]:
        """The keys in byte order."""
        after: str | None = ""
        while after is not None:
            query = urlencode({"prefix": prefix, "after": after})
            page = self._database._request("GET", f"{self._database._tenant_path}/kv?{query}")
            yield from page["keys"]
            after = page["next"]

    def ttl(self, key: str) -> float | None:
        """Seconds until the value is gone; None where it stays. NotFoundError where there is none."""
        seconds = self._ask("GET", key)["ttl"]
        return None if seconds is None else float(seconds)

    def expire(self, key: str, seconds: float) -> bool:
        """Lets a value go after some seconds; False where there is none."""
        return bool(self._ask("PATCH", key, {"ttl": seconds})["changed"])

    def persist(self, key: str) -> bool:
        """Lets a value stay; False where there is none."""
        return bool(self._ask("PATCH", key, {"ttl": None})["changed"])

    def increment(self, key: str, amount: int = 1) -> int:
        """Adds to a whole number, which is 0 where there is none; the sum."""
        return int(self._ask("PATCH", key, {"increment": amount})["value"])

    def _ask(self, method: str, key: str, body: Any = None) -> Any:
        return self._database._request(method, f"{self._database._tenant_path}/kv/{quote(key, safe='')}", body)

    def _all(self, method: str, body: Any) -> Any:
        return self._database._request(method, f"{self._database._tenant_path}/kv", body)
