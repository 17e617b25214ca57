"""What every handle does, local or remote."""

from __future__ import annotations

import datetime
import decimal
import threading
import uuid
from pathlib import Path
from typing import Any

import pytest

import cinchdb
from cinchdb import Column


def user(**more: Any) -> dict[str, Any]:
    return {"email": f"{uuid.uuid4()}@example.org", "name": "Ada", "active": True, **more}


def test_where_it_is(db: cinchdb.Database) -> None:
    assert (db.name, db.branch, db.tenant) == ("shop", "main", "acme")
    assert db.switch_tenant("main").tenant == "main"
    assert "acme" in repr(db)


def test_rows_come_back_as_they_are_stored(db: cinchdb.Database) -> None:
    row = db.insert("users", user(age=36))
    assert row["id"] and row["created_at"] and row["active"] is True and row["age"] == 36
    assert db.get("users", row["id"]) == row
    changed = db.update("users", row["id"], {"active": False, "age": None})
    assert changed["active"] is False and changed["age"] is None
    assert changed["updated_at"] >= row["updated_at"]
    db.delete("users", row["id"])
    assert db.get("users", row["id"]) is None
    with pytest.raises(cinchdb.NotFoundError):
        db.delete("users", row["id"])
    with pytest.raises(cinchdb.NotFoundError):
        db.get("nobody", 1)


def test_several_are_inserted_or_none(db: cinchdb.Database) -> None:
    rows = db.insert("users", [user(name="a"), user(name="b")])
    assert [row["name"] for row in rows] == ["a", "b"]
    with pytest.raises(cinchdb.ExistsError) as failure:
        db.insert("users", [user(), user(email=rows[0]["email"])])
    assert failure.value.hint and failure.value.code == "exists"
    assert len(db.query("SELECT * FROM users")) == 2


@pytest.mark.parametrize(
    ("value", "stored"),
    [
        (None, None),
        (2**63 - 1, 2**63 - 1),
        (-(2**63), -(2**63)),
        (0.1, 0.1),
        (float("inf"), float("inf")),
        (float("-inf"), float("-inf")),
        ("-Infinity NaN", "-Infinity NaN"),
        (float("nan"), None),
        ("é\U0001f600'\"", "é\U0001f600'\""),
        ("", ""),
        (b"\x00\xff", b"\x00\xff"),
        (b"", b""),
        (bytearray(b"x"), b"x"),
        (True, 1),
        (decimal.Decimal("1.10"), "1.10"),
        (datetime.date(2026, 1, 2), "2026-01-02"),
        (datetime.datetime(2026, 1, 2, 3, 4, 5), "2026-01-02 03:04:05"),
        (datetime.datetime(2026, 1, 2, 3, 4, 5, 6000), "2026-01-02 03:04:05.006"),
        (
            datetime.datetime(2026, 1, 2, 3, tzinfo=datetime.timezone(datetime.timedelta(hours=2))),
            "2026-01-02 01:00:00",
        ),
        (uuid.UUID(int=5), "00000000-0000-0000-0000-000000000005"),
        ([1, "a"], '[1,"a"]'),
    ],
)
def test_values_survive(db: cinchdb.Database, value: Any, stored: Any) -> None:
    got = db.query("SELECT ? AS v", [value])[0]["v"]
    assert got == stored and type(got) is type(stored)


@pytest.mark.parametrize("value", [object(), {1, 2}, 1j])
def test_values_that_can_not_be_stored_are_refused(db: cinchdb.Database, value: Any) -> None:
    with pytest.raises(TypeError):
        db.query("SELECT ?", [value])
    with pytest.raises(cinchdb.InvalidError):
        db.query("SELECT ?", [2**63])


def test_statements(db: cinchdb.Database) -> None:
    db.insert("files", [{"name": "a", "content": b"1", "weight": 1.5}, {"name": "b", "content": None, "weight": 2}])
    assert db.query("SELECT name FROM files WHERE name = :n", {"n": "b"}) == [{"name": "b"}]
    result = db.run("SELECT * FROM files", max_rows=1)
    assert result.truncated and len(result.rows) == 1 and result.columns[2] == ("content", "BLOB")
    assert db.execute("UPDATE files SET weight = weight + 1") == 2
    results = db.batch(["DELETE FROM files WHERE name = 'a'", ("SELECT count(*) AS n FROM files WHERE id > ?", [0])])
    assert results[0].changes == 1 and results[1].rows == [{"n": 1}]
    with pytest.raises(cinchdb.NotFoundError):
        db.batch(["DELETE FROM files", "SELECT nope FROM files"])
    assert len(db.query("SELECT * FROM files")) == 1
    with pytest.raises(TypeError):
        db.query("SELECT ?", "text")
    assert db.query("SELECT name FROM files", mask=["files.name"]) == [{"name": None}]


@pytest.mark.parametrize(
    "sql",
    [
        "ATTACH 'x' AS x",
        "PRAGMA user_version",
        "SELECT * FROM pragma_table_info('users')",
        "CREATE TABLE x(a)",
        "SELECT * FROM _cinch_stamp",
        "VACUUM INTO 'x'",
        "SELECT load_extension('x')",
    ],
)
def test_what_reaches_further_is_refused(db: cinchdb.Database, sql: str) -> None:
    with pytest.raises(cinchdb.RefusedError) as failure:
        db.query(sql)
    assert failure.value.status == 403


def test_rows_by_conditions(db: cinchdb.Database) -> None:
    db.insert("users", [user(name=name, age=age) for name, age in [("a", 10), ("b", 20), ("c", 30), ("d", None)]])
    assert db.update_where("users", {"active": False}, age__gte=20) == 2
    assert db.update_where("users", {"active": False}, "OR", age__lt=15, name__in=["d"]) == 2
    assert db.delete_where("users", age__is_null=True) == 1
    assert db.delete_where("users", where={"$or": [{"name": "a"}, {"age": {"gt": 25}}]}) == 2
    assert db.delete_where("users", name__ne="x", name__like="B") == 1
    with pytest.raises(cinchdb.InvalidError):
        db.delete_where("users")
    assert db.delete_where("users", where={}) == 0


def test_pages(db: cinchdb.Database) -> None:
    db.insert("files", [{"name": str(index)} for index in range(25)])
    assert [row["id"] for row in db.rows("files", page=7)] == list(range(1, 26))
    assert [row["id"] for row in db.rows("files", page=2, where={"id": {"gt": 22}})] == [23, 24, 25]


def test_key_values(db: cinchdb.Database) -> None:
    kv = db.kv
    assert kv.get("a") is None and kv.get("a", 5) == 5 and not kv.exists("a")
    kv.set("a", {"x": [1, None, "é"]})
    assert kv.get("a") == {"x": [1, None, "é"]} and kv.ttl("a") is None
    kv.set("b/ö", b"\x00", ttl=36000)
    assert kv.get("b/ö") == b"\x00" and 0 < (kv.ttl("b/ö") or 0) <= 36000
    assert kv.persist("b/ö") and kv.ttl("b/ö") is None
    assert kv.expire("a", 36000) and not kv.expire("nope", 60)
    assert not kv.setnx("a", 1) and kv.setnx("c", None) and kv.exists("c")
    kv.mset({"d": 1, "e": 2})
    assert kv.mget(["d", "zz", "e"]) == {"d": 1, "zz": None, "e": 2}
    assert kv.increment("d") == 2 and kv.increment("d", -5) == -3 and kv.increment("new") == 1
    assert list(kv.keys()) == ["a", "b/ö", "c", "d", "e", "new"] and list(kv.keys("b")) == ["b/ö"]
    assert kv.delete("a", "zz", "c") == 2
    with pytest.raises(cinchdb.NotFoundError):
        kv.ttl("a")
    with pytest.raises(cinchdb.InvalidError):
        kv.increment("b/ö")
    with pytest.raises(cinchdb.NotFoundError):
        db.switch_tenant("nobody").kv.get("a")


def test_threads_share_a_handle(db: cinchdb.Database) -> None:
    def work() -> None:
        for _ in range(20):
            db.kv.increment("n")

    threads = [threading.Thread(target=work) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert db.kv.get("n") == 100


def test_tenants(db: cinchdb.Database) -> None:
    made = db.tenants.create_tenant("globex")
    assert made.name == "globex" and made.created_at and made.size > 0 and made.status == "current"
    assert [tenant.name for tenant in db.tenants.list_tenants()] == ["acme", "globex", "main"]
    row = db.switch_tenant("globex").insert("users", user())
    assert db.query("SELECT * FROM users") == []
    db.tenants.copy_tenant("globex", "hooli")
    assert db.switch_tenant("hooli").get("users", row["id"]) == row
    assert db.tenants.rename_tenant("hooli", "initech").name == "initech"
    assert db.tenants.vacuum("initech")[1] > 0
    db.tenants.delete_tenant("globex")
    with pytest.raises(cinchdb.NotFoundError):
        db.switch_tenant("globex").query("SELECT 1")
    with pytest.raises(cinchdb.ExistsError):
        db.tenants.create_tenant("acme")
    for name in ("../x", "", "A", "é", "x" * 64, "a\0b"):
        with pytest.raises(cinchdb.CinchError) as failure:
            db.tenants.create_tenant(name)
        assert failure.value.code in ("invalid", "not-found")


def test_schema_on_branches(db: cinchdb.Database) -> None:
    assert db.branches.create("feature/x").commit
    feature = db.switch_branch("feature/x")
    feature.create_table(
        "notes", [Column("text"), Column("stars", "INTEGER", default=0), Column("by", nullable=True, references="users")]
    )
    feature.create_index("notes", ["stars"], unique=False)
    feature.create_view("good", "SELECT text FROM notes WHERE stars > 3")
    with pytest.raises(cinchdb.ExistsError):
        feature.create_table("notes", [])
    assert feature.insert("notes", {"text": "t"})["stars"] == 0
    with pytest.raises(cinchdb.NotFoundError):
        db.query("SELECT * FROM notes")
    assert [change["verb"] for change in db.diff(to="feature/x", from_="main")["changes"]].count("create") == 4
    assert db.merge("feature/x", preview=True)["result"] == "preview"
    assert db.merge("feature/x")["result"] == "fast-forward"
    assert db.query("SELECT * FROM good") == []
    assert "notes" in [table["name"] for table in db.tables()] and "CREATE VIEW good" in db.schema()
    assert len(db.log(limit=2)) == 2
    db.branches.delete("feature/x")
    assert [branch.name for branch in db.branches.list()] == ["main"]


def test_conflicts_are_told_piece_by_piece(db: cinchdb.Database) -> None:
    db.branches.create("other")
    db.switch_branch("other").ddl("ALTER TABLE files ADD COLUMN x TEXT")
    db.ddl("ALTER TABLE files ADD COLUMN x INTEGER")
    with pytest.raises(cinchdb.ConflictError) as failure:
        db.merge("other")
    assert failure.value.conflicts[0]["path"].startswith("files.x")
    assert db.merge("other", strategy="theirs")["result"] == "merged"


def test_rows_in_the_way_stop_a_merge(db: cinchdb.Database) -> None:
    db.insert("users", user(age=None))
    db.branches.create("strict")
    db.switch_branch("strict").ddl(
        "CREATE TABLE u2 (id TEXT PRIMARY KEY, age INTEGER NOT NULL); DROP TABLE u2;"
        "CREATE UNIQUE INDEX one_name ON users (name)"
    )
    db.insert("users", user(age=1))
    with pytest.raises(cinchdb.StoppedError) as failure:
        db.merge("strict")
    assert failure.value.status == 409 and "acme" in failure.value.message


@pytest.mark.parametrize("revision", [":x", "main^{/x}", "-1", "a..b", "", "HEAD@{9}", "x" * 300, "main:schema"])
def test_revisions_that_can_not_be_are_the_callers_mistake(db: cinchdb.Database, revision: str) -> None:
    if not revision:
        return
    for call in (db.schema, db.log, lambda at: db.diff(to=at)):
        with pytest.raises((cinchdb.NotFoundError, cinchdb.InvalidError)):
            call(revision)


def test_a_closed_database_says_so(project: Path) -> None:
    with cinchdb.connect("shop", path=str(project)) as database:
        assert database.query("SELECT 1 AS one") == [{"one": 1}]
    with pytest.raises(cinchdb.LibraryError):
        database.query("SELECT 1")
    database.close()
