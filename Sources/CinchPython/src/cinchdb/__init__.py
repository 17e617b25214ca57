"""CinchDB: Git for the schema of many SQLite files.

    db = cinchdb.connect("project_manager")
    tenant = db.switch_tenant("acme")
    tenant.query("SELECT * FROM users WHERE active = ?", [True])
"""

from ._branches import Branch, Branches
from ._column import Column
from ._connect import connect
from ._database import Database, Result
from ._errors import (
    BusyError,
    CinchError,
    ConflictError,
    CorruptError,
    ExistsError,
    InvalidError,
    LibraryError,
    NotFoundError,
    RateLimitedError,
    RefusedError,
    StoppedError,
    TenantsFailedError,
    TimedOutError,
    TransportError,
    UnauthenticatedError,
)
from ._kv import KeyValues
from ._tenants import Tenant, Tenants

__version__ = "0.1.0"

__all__ = [
    "Branch",
    "Branches",
    "BusyError",
    "CinchError",
    "Column",
    "ConflictError",
    "CorruptError",
    "Database",
    "ExistsError",
    "InvalidError",
    "KeyValues",
    "LibraryError",
    "NotFoundError",
    "RateLimitedError",
    "RefusedError",
    "Result",
    "StoppedError",
    "Tenant",
    "Tenants",
    "TenantsFailedError",
    "TimedOutError",
    "TransportError",
    "UnauthenticatedError",
    "connect",
]
