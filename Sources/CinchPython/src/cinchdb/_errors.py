"""What is raised: one class for each code of a problem document (RFC 9457)."""

from __future__ import annotations

from typing import Any, Mapping


class CinchError(Exception):
    """What could not be done, and what to do next."""

    def __init__(self, message: str, *, hint: str | None = None, code: str = "failed", status: int = 0) -> None:
        super().__init__(message)
        #: What could not be done, and to what.
        self.message = message
        #: What to do next; None when there is nothing to advise.
        self.hint = hint
        #: The word to branch on, such as ``not-found``.
        self.code = code
        #: The HTTP status; 0 where no answer came.
        self.status = status

    def __str__(self) -> str:
        return f"{self.message} ({self.hint})" if self.hint else self.message


class NotFoundError(CinchError):
    """There is no such database, branch, tenant, table, column or row."""


class ExistsError(CinchError):
    """Something of that name, or a row with that key, is already there."""


class InvalidError(CinchError):
    """A name, SQL text or value that can't be used."""


class RefusedError(CinchError):
    """Understood, and not allowed."""


class UnauthenticatedError(RefusedError):
    """The key is missing, wrong, expired or revoked."""


class ConflictError(CinchError):
    """Two changes contradict each other; nothing has moved."""

    #: The conflicts, as the HTTP API describes them.
    conflicts: list[dict[str, Any]]


class StoppedError(CinchError):
    """What tenants hold stands in the way, or more would be lost than may be; nothing has moved."""


class TenantsFailedError(CinchError):
    """Some tenants could not follow; they are as they were."""


class BusyError(CinchError):
    """Another process holds what is needed; the same call can succeed later."""


class RateLimitedError(BusyError):
    """The key has made too many requests."""

    #: Seconds after which to try again; None when the server didn't say.
    retry_after: float | None = None


class TimedOutError(CinchError):
    """A statement ran longer than it may; nothing was changed."""


class CorruptError(CinchError):
    """A file's content is not what it must be."""


class TransportError(CinchError):
    """No answer came from the server."""


class LibraryError(CinchError):
    """The shared library is missing or can't be loaded."""


_CLASSES: dict[str, type[CinchError]] = {
    "not-found": NotFoundError,
    "exists": ExistsError,
    "invalid": InvalidError,
    "usage": InvalidError,
    "too-large": InvalidError,
    "refused": RefusedError,
    "unauthenticated": UnauthenticatedError,
    "conflict": ConflictError,
    "stopped": StoppedError,
    "tenants-failed": TenantsFailedError,
    "busy": BusyError,
    "rate-limited": RateLimitedError,
    "interrupted": TimedOutError,
    "corrupt": CorruptError,
}


def error(problem: object, status: int, retry_after: float | None = None) -> CinchError:
    """The error that a problem document describes."""
    members: Mapping[str, Any] = problem if isinstance(problem, dict) else {}
    code = str(members.get("code", "failed"))
    made = _CLASSES.get(code, CinchError)(
        str(members.get("detail") or f"The request failed with status {status}"),
        hint=members.get("hint"),
        code=code,
        status=status,
    )
    if isinstance(made, ConflictError):
        made.conflicts = list(members.get("conflicts", []))
    if isinstance(made, RateLimitedError):
        made.retry_after = retry_after
    return made
