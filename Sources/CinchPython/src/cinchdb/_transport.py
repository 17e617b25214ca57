"""How requests reach their answers: into the shared library, or over HTTP."""

from __future__ import annotations

import ctypes
import http.client
import json
import os
import sys
import threading
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

from ._errors import LibraryError, TransportError, error
from ._values import dumps


class Transport(Protocol):
    """Answers requests of docs/http-api.md."""

    #: Whether the answers come from this machine's files, without a server.
    is_local: bool

    def request(self, method: str, path: str, body: Any = None) -> Any:
        """Sends a request and returns the answer's body.

        Raises the CinchError of its problem document where there is one.
        """

    def close(self) -> None:
        """Lets go of files or connections. No request may follow."""


class LocalTransport:
    """Opens a project in-process, through the library of Sources/CinchC.

    A process opens a project once, however often it connects: what one request opened, the next finds open. A child
    that was forked opens it anew, since SQLite's files must not be carried across.
    """

    is_local = True

    _opened: dict[tuple[int, str], LocalTransport] = {}
    _opening = threading.Lock()

    @classmethod
    def open(cls, folder: str | None = None) -> LocalTransport:
        """The project that a folder is in, the current one unless given."""
        place = os.path.realpath(os.fsdecode(folder) if folder is not None else os.getcwd())
        directory = os.environ.get("CINCH_DIR", "") if folder is None else ""
        key = (os.getpid(), f"{place}\0{directory}")
        with cls._opening:
            transport = cls._opened.get(key)
            if transport is None:
                transport = cls._opened[key] = cls(folder)
                transport._key = key
            transport._users += 1
            return transport

    def __init__(self, folder: str | None = None) -> None:
        self._library = _library()
        self._folder = None if folder is None else os.fsencode(os.path.abspath(folder))
        self._lock = threading.Lock()
        self._users = self._running = 0
        self._key = (0, "")
        self._process = 0
        self._project: int | None = None
        self._open()

    def request(self, method: str, path: str, body: Any = None) -> Any:
        request: dict[str, Any] = {"method": method, "path": path}
        if body is not None:
            request["body"] = body
        text = dumps(request).encode()
        with self._lock:
            if self._process != os.getpid():
                self._open()
            if not self._project:
                raise LibraryError("The database is closed", hint="Connect again.")
            self._running += 1
        try:
            answer = json.loads(self._take(self._library.cinch_invoke(self._project, text)))
        finally:
            with self._lock:
                self._running -= 1
        if answer["status"] >= 400:
            raise error(answer["body"], answer["status"])
        return answer["body"]

    def close(self) -> None:
        with self._opening:
            self._users -= 1
            if self._users > 0:
                return
            self._opened.pop(self._key, None)
        with self._lock:
            # What runs in other threads keeps the project; it goes with the process then.
            if self._running or not self._project:
                return
            project, self._project = self._project, None
        self._library.cinch_close(project)

    def _open(self) -> None:
        problem = ctypes.c_void_p()
        self._project = self._library.cinch_open(self._folder, ctypes.byref(problem))
        self._process, self._running = os.getpid(), 0
        if self._project is None:
            document = json.loads(self._take(problem.value))
            raise error(document, int(document.get("status", 0)))

    def _take(self, text: int | None) -> bytes:
        if not text:
            return b'{"status": 500, "body": {}}'
        try:
            return ctypes.string_at(text)
        finally:
            self._library.cinch_free(text)


class HTTPTransport:
    """Asks a server. Each thread has a connection of its own, which is kept."""

    is_local = False

    def __init__(self, url: str, api_key: str | None = None, timeout: float = 60) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise TransportError(f"'{url}' is no address of a server", hint="Write http://HOST:PORT or https://HOST.")
        self._secure = parts.scheme == "https"
        self._host, self._port = parts.hostname, parts.port
        self._prefix = parts.path.rstrip("/")
        self._timeout = timeout
        self._headers = {"Accept": "application/json"}
        if api_key:
            self._headers["Authorization"] = f"Bearer {api_key}"
        self._local = threading.local()
        self._lock = threading.Lock()
        self._connections: list[http.client.HTTPConnection] = []

    def request(self, method: str, path: str, body: Any = None) -> Any:
        headers = dict(self._headers)
        data = None
        if body is not None:
            data = dumps(body).encode()
            headers["Content-Type"] = "application/json"
        response, content = self._send(method, self._prefix + path, data, headers)
        try:
            answer = json.loads(content) if content else None
        except ValueError as failure:
            raise TransportError(
                f"The answer of {self._host} is not JSON", hint="Check that the address is a cinch server's."
            ) from failure
        if response.status >= 400:
            wait = response.getheader("Retry-After")
            raise error(answer, response.status, float(wait) if wait and wait.isdigit() else None)
        return answer

    def close(self) -> None:
        with self._lock:
            connections, self._connections = self._connections, []
        for connection in connections:
            connection.close()

    def _send(
        self, method: str, path: str, data: bytes | None, headers: dict[str, str]
    ) -> tuple[http.client.HTTPResponse, bytes]:
        kept = getattr(self._local, "connection", None)
        connection = kept or self._connect()
        try:
            connection.request(method, path, body=data, headers=headers)
            response = connection.getresponse()
            return response, response.read()
        except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError) as failure:
            self._forget(connection)
            # A kept connection may have been closed while it was idle. Only what changes nothing is asked again.
            if kept is not None and method == "GET":
                return self._send(method, path, data, headers)
            raise self._unreachable(failure) from failure
        except (OSError, http.client.HTTPException) as failure:
            self._forget(connection)
            raise self._unreachable(failure) from failure

    def _connect(self) -> http.client.HTTPConnection:
        kind = http.client.HTTPSConnection if self._secure else http.client.HTTPConnection
        connection = kind(self._host, self._port, timeout=self._timeout)
        self._local.connection = connection
        with self._lock:
            self._connections.append(connection)
        return connection

    def _forget(self, connection: http.client.HTTPConnection) -> None:
        connection.close()
        self._local.connection = None
        with self._lock:
            if connection in self._connections:
                self._connections.remove(connection)

    def _unreachable(self, failure: Exception) -> TransportError:
        return TransportError(
            f"No answer came from {self._host}: {failure or type(failure).__name__}",
            hint="Check the address and that 'cinch serve' runs there.",
        )


_loaded: ctypes.CDLL | None = None
_loading = threading.Lock()


def _library() -> ctypes.CDLL:
    global _loaded
    with _loading:
        if _loaded is None:
            _loaded = _load()
        return _loaded


def _load() -> ctypes.CDLL:
    name = "libCinchC.dylib" if sys.platform == "darwin" else "libCinchC.so"
    here = Path(__file__).resolve().parent
    named = os.environ.get("CINCH_LIBRARY")
    places = [Path(named)] if named else [here / name]
    if not named and len(here.parents) > 3:
        # In a checkout: what was built there.
        root = here.parents[3]
        places += [root / ".build-library" / "release" / name, root / ".build" / "debug" / name]
    for place in places:
        if not place.is_file():
            continue
        try:
            library = ctypes.CDLL(str(place))
        except OSError as failure:
            raise LibraryError(f"'{place}' can't be loaded: {failure}", hint="Install the package anew.") from failure
        library.cinch_open.argtypes = [ctypes.c_char_p, ctypes.c_void_p]
        library.cinch_open.restype = ctypes.c_void_p
        library.cinch_invoke.argtypes = [ctypes.c_void_p, ctypes.c_char_p]
        library.cinch_invoke.restype = ctypes.c_void_p
        library.cinch_free.argtypes = [ctypes.c_void_p]
        library.cinch_free.restype = None
        library.cinch_close.argtypes = [ctypes.c_void_p]
        library.cinch_close.restype = None
        return library
    raise LibraryError(
        "The shared library libCinchC is not there",
        hint="Install the package with pip, or name the library in CINCH_LIBRARY.",
    )
