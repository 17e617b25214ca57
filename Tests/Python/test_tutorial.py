"""Every code block of docs/tutorial.md, run as it stands: what a snippet leaves out to import is supplied around it."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import textwrap
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any, Iterator

import pytest

import cinchdb
from conftest import CINCH, ROOT, Server

TUTORIAL = Path(os.environ.get("CINCH_TUTORIAL", ROOT / "docs" / "tutorial.md"))

#: What the document's own snippets use and don't import.
PRELUDE = """
import asyncio, json, time
from collections import defaultdict
from datetime import datetime, timedelta
from typing import Optional
from fastapi import Depends, FastAPI, Header, HTTPException
import cinchdb
from cinchdb import Column
"""


class Block:
    """A code block: its language, the headings above it and its text."""

    def __init__(self, language: str, headings: list[str], text: str) -> None:
        self.language, self.headings, self.text = language, headings, text


def blocks() -> list[Block]:
    found, headings, lines = [], [""] * 4, TUTORIAL.read_text().split("\n")
    language: str | None = None
    text: list[str] = []
    for line in lines:
        if language is None and (heading := re.match(r"(#{1,4}) (.*)", line)):
            depth = len(heading.group(1)) - 1
            headings[depth:] = [heading.group(2)] + [""] * (3 - depth)
        elif line.startswith("```"):
            if language is None:
                language, text = line[3:].strip(), []
            else:
                found.append(Block(language, [each for each in headings if each], "\n".join(text)))
                language = None
        elif language is not None:
            text.append(line)
    return found


def block(*words: str) -> str:
    """The text of the only block below a heading with these words."""
    matching = [each for each in blocks() if any(word in each.headings[-1] for word in words)]
    assert len(matching) == 1, [each.headings for each in matching]
    return matching[0].text


def test_every_block_is_run_here() -> None:
    source = Path(__file__).read_text()
    for each in blocks():
        assert f'"{each.headings[-1]}"' in source, each.headings


def bash(text: str, folder: Path) -> str:
    environment = {**os.environ, "PATH": f"{Path(CINCH).parent}:{os.environ['PATH']}"}
    environment.pop("CINCH_URL", None)
    run = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", text], cwd=folder, env=environment, capture_output=True, text=True
    )
    assert run.returncode == 0, run.stdout + run.stderr
    return run.stdout


def python(text: str, folder: Path, **environment: str) -> str:
    run = subprocess.run(
        [sys.executable, "-c", text], cwd=folder, env={**os.environ, **environment}, capture_output=True, text=True
    )
    assert run.returncode == 0, run.stdout + run.stderr
    return run.stdout


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The project after the tutorial's first blocks."""
    for name in ("CINCH_URL", "CINCH_API_KEY", "CINCH_DIR"):
        monkeypatch.delenv(name, raising=False)
    bash(block("1. Initialize Project") + "\n" + block("2. Create Schema"), tmp_path)
    return tmp_path / "project_manager"


@pytest.fixture(params=["local", "http"])
def environment(request: pytest.FixtureRequest, place: Path) -> Iterator[dict[str, str]]:
    """The environment the tutorial's programs run in: of the project, or with a server's address."""
    if request.param == "local":
        yield {}
        return
    server = Server(place)
    yield {"CINCH_URL": server.url, "CINCH_API_KEY": server.key}
    assert server.stop() == 0


def users(folder: Path, tenant: str) -> list[dict[str, Any]]:
    """What a tenant's users are, asked of SQLite itself."""
    import sqlite3

    (path,) = folder.glob(f".cinch/databases/*/tenants/*/{tenant}.db")
    connection = sqlite3.connect(path)
    connection.row_factory = sqlite3.Row
    return [dict(row) for row in connection.execute("SELECT * FROM users")]


def test_cli_onboarding(place: Path) -> None:
    bash(block("CLI Approach"), place)
    (admin,) = users(place, "acme_corp")
    assert (admin["email"], admin["name"], admin["role"], admin["active"]) == (
        "admin@acme.com",
        "ACME Admin",
        "admin",
        1,
    )
    assert admin["id"] and admin["created_at"] and admin["updated_at"]
    assert users(place, "main") == []


def test_python_onboarding(place: Path, environment: dict[str, str]) -> None:
    if environment:
        bash("cinch tenant create acme_corp", place)
    output = python(block("Python SDK Approach"), place, **environment)
    assert output == "Created tenant: acme_corp\n"
    (admin,) = users(place, "acme_corp")
    assert admin["name"] == "ACME Corp Admin"
    database = cinchdb.connect("project_manager", tenant="acme_corp", path=str(place))
    (project,) = database.query("SELECT * FROM projects")
    assert project["owner_id"] == admin["id"]
    tasks = database.query("SELECT * FROM tasks WHERE project_id = ?", [project["id"]])
    assert sorted(task["title"] for task in tasks) == [
        "Create your first project",
        "Customize settings",
        "Invite team members",
    ]


def app(folder: Path) -> str:
    """The application that the tutorial's blocks make together."""
    parts = [
        PRELUDE,
        block("FastAPI Application"),
        block("Connection Pooling"),
        block("1. Tenant Isolation"),
        block("2. API Key Per Tenant"),
        block("3. Rate Limiting"),
    ]
    (folder / "app.py").write_text("\n\n".join(parts))
    return "app:app"


class Application:
    """The tutorial's application under uvicorn."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "uvicorn", app(folder), "--port", str(self.port), "--log-level", "warning"],
            cwd=folder,
            env={**os.environ, **environment},
        )
        for _ in range(200):
            try:
                socket.create_connection(("127.0.0.1", self.port)).close()
                return
            except OSError:
                assert self.process.poll() is None
                time.sleep(0.05)
        raise AssertionError("uvicorn did not start")

    def ask(self, method: str, path: str, tenant: str, body: Any = None) -> tuple[int, Any]:
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"tenant": tenant, "token": "t", "Content-Type": "application/json"},
        )
        try:
            with urllib.request.urlopen(request) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as failure:
            return failure.code, json.load(failure)

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(20)


def test_the_api_under_uvicorn(place: Path, environment: dict[str, str]) -> None:
    bash("cinch tenant create acme_corp globex", place)
    running = Application(place, environment)
    try:
        assert running.ask("GET", "/projects", "acme_corp") == (200, {"projects": []})
        assert running.ask("GET", "/projects", "globex")[0] == 403
        status, made = running.ask("POST", "/projects", "acme_corp", {"name": "Apollo", "description": None})
        assert status == 200 and made["id"] and made["owner_id"] == "user-123" and made["status"] == "active"
        assert running.ask("GET", "/projects", "acme_corp") == (200, {"projects": [made]})
        database = cinchdb.connect("project_manager", tenant="acme_corp", path=str(place))
        task = database.insert(
            "tasks", {"project_id": made["id"], "title": "t", "status": "todo", "priority": "low"}
        )
        assert running.ask("GET", f"/tasks/{made['id']}", "acme_corp") == (200, {"tasks": [task]})
        assert running.ask("GET", "/tasks/nothing", "acme_corp")[0] == 404
        assert running.ask("GET", "/api/stats", "acme_corp")[0] == 200
        assert running.ask("GET", "/api/data", "acme_corp")[0] == 200
        assert running.ask("GET", "/api/data", "globex")[0] == 403
        assert database.switch_tenant("globex").query("SELECT * FROM projects") == []
    finally:
        running.stop()


def test_admin_stats_and_backup(place: Path, environment: dict[str, str]) -> None:
    bash(block("CLI Approach"), place)
    database = cinchdb.connect("project_manager", tenant="acme_corp", path=str(place))
    database.insert(
        "tasks", {"project_id": "p", "title": "t", "status": "s", "priority": "p", "assignee_id": "somebody"}
    )
    script = PRELUDE + block("Admin Dashboard") + textwrap.dedent(
        """
        admin = TenantAdmin()
        try:
            stats = admin.get_all_tenants_stats()
        except RuntimeError as failure:
            stats = str(failure)
        count = admin.backup_tenant("acme_corp", "backup.json")
        print(json.dumps([stats, count]))
        """
    )
    stats, count = json.loads(python(script, place, **environment))
    assert count == 3
    backup = json.loads((place / "backup.json").read_text())
    assert [len(backup[table]) for table in ("users", "projects", "tasks")] == [1, 0, 1]
    assert backup["users"][0]["email"] == "admin@acme.com" and backup["users"][0]["active"] is True
    if environment:
        # The block itself says that it is for local use.
        assert stats == "Admin functions require local access"
        return
    acme, main = stats
    assert (acme["tenant"], acme["users"], acme["projects"], acme["tasks"]) == ("acme_corp", 1, 0, 1)
    assert acme["active_users_7d"] == 1 and acme["created_at"]
    assert (main["tenant"], main["users"]) == ("main", 0)


def test_the_pool_evicts_the_least_recently_used(place: Path) -> None:
    bash("cinch tenant create a b c", place)
    text = PRELUDE + "app = FastAPI()\ndef get_tenant(): pass\n" + block("Connection Pooling")
    script = text + textwrap.dedent(
        """
        pool = TenantConnectionPool(max_connections=2)
        for name in ["a", "b", "a", "c"]:
            assert pool.get_connection(name).query("SELECT COUNT(*) AS n FROM users") == [{"n": 0}]
        print(sorted(pool.connections))
        """
    )
    assert python(script, place) == "['a', 'c']\n"


def test_the_archive_job_moves_old_tasks(place: Path) -> None:
    bash("cinch tenant create acme_corp globex", place)
    database = cinchdb.connect("project_manager", path=str(place))
    old = "2020-01-01 00:00:00"
    for tenant, title in [("acme_corp", "one"), ("acme_corp", "two"), ("globex", "three")]:
        database.switch_tenant(tenant).insert(
            "tasks",
            {"project_id": "p", "title": title, "status": "completed", "priority": "p", "updated_at": old},
        )
    fresh = database.switch_tenant("acme_corp").insert(
        "tasks", {"project_id": "p", "title": "new", "status": "completed", "priority": "p"}
    )
    script = PRELUDE + block("Background Jobs") + "\nasyncio.run(cleanup_old_tasks())\n"
    assert python(script, place) == "Archived 2 tasks for acme_corp\nArchived 1 tasks for globex\n"
    assert python(script, place) == ""
    acme = database.switch_tenant("acme_corp")
    assert [task["id"] for task in acme.query("SELECT * FROM tasks")] == [fresh["id"]]
    archived = [json.loads(row["data"])["title"] for row in acme.query("SELECT data FROM archived_tasks")]
    assert sorted(archived) == ["one", "two"]
    assert len(database.switch_tenant("globex").query("SELECT * FROM archived_tasks")) == 1


def test_isolation_helpers(place: Path) -> None:
    text = PRELUDE + "\n".join(
        [
            "app = FastAPI()\ndef get_tenant(): pass\ndef get_current_user(): pass",
            block("1. Tenant Isolation"),
            block("2. API Key Per Tenant"),
            block("3. Rate Limiting"),
        ]
    )
    script = text + textwrap.dedent(
        """
        validate_tenant_access("acme", "acme")
        codes = []
        for call in (lambda: validate_tenant_access("acme", "globex"), lambda: check_rate_limit("acme", 2)):
            for _ in range(3):
                try:
                    call()
                except HTTPException as failure:
                    codes.append(failure.status_code)
        key = create_tenant_api_key("acme")
        print(codes, key.startswith("pk_acme_"), len(key))
        """
    )
    assert python(script, place) == "[403, 403, 403, 429] True 51\n"


def test_the_isolated_tests_pass_under_pytest(place: Path, environment: dict[str, str]) -> None:
    text = block("Isolated Tenant Tests")
    folder = place / "checks"
    folder.mkdir()
    (folder / "test_app.py").write_text("import time\n" + text)
    if environment:
        return  # The fixture makes its tenant only locally.
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(folder)],
        cwd=place,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0 and "1 passed" in run.stdout, run.stdout
    assert [tenant.name for tenant in cinchdb.connect("project_manager", path=str(place)).tenants.list_tenants()] == [
        "main"
    ]
