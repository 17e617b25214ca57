"""Each test that takes ``db`` runs twice: in-process, and over HTTP."""

from __future__ import annotations

import os
import re
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Iterator

import pytest

import cinchdb

ROOT = Path(__file__).resolve().parents[2]
CINCH = os.environ.get("CINCH", str(ROOT / ".build" / "debug" / "cinch"))


def cinch(folder: Path, *arguments: str) -> str:
    """Runs the command line in a project."""
    return subprocess.run(
        [CINCH, "-C", str(folder), *arguments], check=True, capture_output=True, text=True
    ).stdout


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with a few tables and the tenants main and acme."""
    for name in ("CINCH_URL", "CINCH_API_KEY", "CINCH_DIR"):
        monkeypatch.delenv(name, raising=False)
    cinch(tmp_path, "init", "shop")
    folder = tmp_path / "shop"
    cinch(folder, "table", "create", "users", "email:TEXT:unique", "name:TEXT", "age:INTEGER?", "active:BOOLEAN")
    cinch(folder, "ddl", "CREATE TABLE files (id INTEGER PRIMARY KEY, name TEXT, content BLOB, weight REAL)")
    cinch(folder, "tenant", "create", "acme")
    return folder


class Server:
    """cinch serve on loopback, stopped at the end."""

    def __init__(self, folder: Path) -> None:
        key = cinch(folder, "key", "create", "--admin", "--name", "tests").split()
        self.key = next(word for word in key if word.startswith("ck_"))
        self.process = subprocess.Popen(
            self.command(folder), stdout=subprocess.PIPE, text=True, env=self.variables()
        )
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        found = re.search(r"https?://[\d.]+:\d+", line)
        assert found, f"cinch serve said: {line!r}"
        self.url = found.group()
        threading.Thread(target=self.process.stdout.read, daemon=True).start()

    @staticmethod
    def line(folder: Path) -> list[str]:
        return [CINCH, "-C", str(folder), "serve", "--port", "0"]

    def command(self, folder: Path) -> list[str]:
        return self.line(folder) + ["--rate-limit", "0"]

    def variables(self) -> dict[str, str]:
        return dict(os.environ)

    def stop(self) -> int:
        self.process.terminate()
        return self.process.wait(20)


@pytest.fixture
def server(project: Path) -> Iterator[Server]:
    running = Server(project)
    yield running
    if running.process.poll() is None:
        assert running.stop() == 0


@pytest.fixture(params=["local", "http"])
def db(request: pytest.FixtureRequest, project: Path) -> Iterator[cinchdb.Database]:
    if request.param == "local":
        with cinchdb.connect("shop", tenant="acme", path=str(project)) as database:
            yield database
        return
    server: Server = request.getfixturevalue("server")
    with cinchdb.connect("shop", tenant="acme", url=server.url, api_key=server.key) as database:
        yield database
