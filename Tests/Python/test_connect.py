"""How a name leads to a database."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import cinchdb
from conftest import cinch


def test_names_and_paths(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(project)
    assert cinchdb.connect("shop").query("SELECT 1 AS one") == [{"one": 1}]
    assert cinchdb.connect().name == "shop"
    monkeypatch.chdir(project.parent)
    assert cinchdb.connect("shop").is_local
    assert cinchdb.connect(str(project)).name == "shop"
    assert cinchdb.connect("./shop").name == "shop"
    cinch(project, "db", "create", "second")
    assert cinchdb.connect("second", path=str(project)).name == "second"
    assert cinchdb.connect("shop", path=str(project / ".cinch")).name == "shop"
    with pytest.raises(cinchdb.NotFoundError):
        cinchdb.connect("nowhere", path=str(project))
    with pytest.raises(cinchdb.NotFoundError):
        cinchdb.connect("shop", path=str(project / "missing"))
    monkeypatch.chdir("/")
    with pytest.raises(cinchdb.NotFoundError) as failure:
        cinchdb.connect("shop")
    assert failure.value.hint


def test_a_folder_renamed_keeps_its_database(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    moved = project.rename(project.parent / "renamed")
    monkeypatch.chdir(moved)
    assert cinchdb.connect("renamed").name == "shop"


def test_two_processes_count_together(project: Path) -> None:
    script = (
        "import cinchdb, sys\n"
        "db = cinchdb.connect('shop', tenant='acme', path=sys.argv[1])\n"
        "for _ in range(50): db.kv.increment('n')\n"
    )
    running = [subprocess.Popen([sys.executable, "-c", script, str(project)]) for _ in range(3)]
    assert [process.wait() for process in running] == [0, 0, 0]
    assert cinchdb.connect("shop", tenant="acme", path=str(project)).kv.get("n") == 150


def test_connecting_again_shares_what_is_open(project: Path) -> None:
    def descriptors() -> int:
        return len(list(Path("/proc/self/fd").iterdir()))

    first = cinchdb.connect("shop", tenant="acme", path=str(project))
    first.kv.set("a", 1)
    before = descriptors()
    for _ in range(50):
        assert cinchdb.connect("shop", tenant="acme", path=str(project)).kv.get("a") == 1
    assert descriptors() <= before + 3
    second = cinchdb.connect("shop", path=str(project))
    second.close()
    second.close()
    assert first.kv.get("a") == 1


def test_a_forked_child_opens_the_project_anew(project: Path) -> None:
    database = cinchdb.connect("shop", tenant="acme", path=str(project))
    database.kv.set("n", 0)
    child = os.fork()
    if child == 0:
        try:
            os._exit(0 if database.kv.increment("n") == 1 else 1)
        finally:
            os._exit(2)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert database.kv.increment("n") == 2


def test_a_server_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CINCH_URL", "http://127.0.0.1:1")
    database = cinchdb.connect("shop")
    assert not database.is_local
    with pytest.raises(cinchdb.TransportError):
        database.query("SELECT 1")
    with pytest.raises(cinchdb.TransportError):
        cinchdb.connect("shop", url="ftp://example.org")
