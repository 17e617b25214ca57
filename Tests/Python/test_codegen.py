"""Code written from a schema is compiled and used."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import cinch

SCHEMA = """
CREATE TABLE "odd table-name" ("id x" INTEGER PRIMARY KEY, "class" TEXT NOT NULL, "2nd" BOOLEAN, class_ TEXT, "é "" q" REAL);
CREATE TABLE "String" (a NUMERIC, b, c INTEGER NOT NULL DEFAULT 5, d INTEGER AS (c * 2));
CREATE TABLE pairs (x INTEGER, y TEXT, PRIMARY KEY (x, y)) WITHOUT ROWID;
CREATE VIEW big AS SELECT name, length(content) AS size FROM files;
"""


@pytest.fixture
def generated(project: Path) -> Path:
    cinch(project, "ddl", SCHEMA)
    return project


def run(*arguments: str | Path, cwd: Path) -> str:
    done = subprocess.run([str(each) for each in arguments], cwd=cwd, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_swift(generated: Path, tmp_path: Path) -> None:
    cinch(generated, "codegen", "swift", "--output", str(tmp_path / "out"))
    (tmp_path / "out" / "main.swift").write_text(
        """
        import Foundation
        let input = FileHandle.standardInput.readDataToEndOfFile()
        struct Answer<Row: Decodable>: Decodable { var rows: [Row] }
        if CommandLine.arguments[1] == "insert" {
            let row = FilesInsert(name: "made", content: CinchBlob(Data([0, 255])), weight: 1.5)
            print(String(decoding: try! JSONEncoder().encode(row), as: UTF8.self))
            let odd = OddTableNameInsert(`class`: "c")
            print(String(decoding: try! JSONEncoder().encode(odd), as: UTF8.self))
        } else {
            let row = try! JSONDecoder().decode(Answer<FilesRow>.self, from: input).rows[0]
            assert(FilesRow.databaseTableName == "files")
            print(row.id, row.name ?? "-", Array(row.content!.bytes), row.weight!)
        }
        """
    )
    program = tmp_path / "program"
    run("swiftc", "-o", program, tmp_path / "out" / "Rows.swift", tmp_path / "out" / "main.swift", cwd=tmp_path)
    file, odd = run(program, "insert", cwd=tmp_path).splitlines()
    cinch(generated, "data", "insert", "files", file)
    cinch(generated, "data", "insert", "odd table-name", odd)
    stored = cinch(generated, "query", "SELECT * FROM files", "--json")
    done = subprocess.run([program, "read"], input=stored, capture_output=True, text=True, check=True)
    assert done.stdout == "1 made [0, 255] 1.5\n"
    odd_rows = json.loads(cinch(generated, "query", 'SELECT * FROM "odd table-name"', "--json"))["rows"]
    assert odd_rows[0]["class"] == "c" and odd_rows[0]["2nd"] is None


def test_python(generated: Path, tmp_path: Path) -> None:
    cinch(generated, "codegen", "python", "--output", str(tmp_path / "rows"))
    (tmp_path / "use.py").write_text(
        """
import rows

row: rows.FilesInsert = {"name": "x"}
user: rows.UsersInsert = {"email": "a", "name": "b", "active": True}
pair: rows.PairsInsert = {"x": 1, "y": "z"}


def size(big: rows.BigRow) -> int:
    return len(big["name"] or "")


print(sorted(rows.__all__), size({"name": "abc", "size": 3}))
"""
    )
    output = run(sys.executable, "-W", "error", "use.py", cwd=tmp_path)
    assert "'OddTableNameRow'" in output and output.endswith(" 3\n")
    run(sys.executable, "-m", "mypy", "--strict", "use.py", cwd=tmp_path)
    (tmp_path / "wrong.py").write_text('import rows\n\nuser: rows.UsersInsert = {"email": 1}\n')
    wrong = subprocess.run([sys.executable, "-m", "mypy", "wrong.py"], cwd=tmp_path, capture_output=True, text=True)
    assert wrong.returncode == 1


def test_typescript_and_the_rules_for_files(generated: Path, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    listed = json.loads(cinch(generated, "codegen", "typescript", "--output", str(folder), "--json"))
    text = (folder / "rows.ts").read_text()
    assert listed["tree"] in text.splitlines()[1] and '"2nd"?: boolean | null;' in text
    assert "export interface String2Row" not in text and '  "d": number | bigint | null;' in text
    cinch(generated, "codegen", "typescript", "--output", str(folder))
    assert (folder / "rows.ts").read_text() == text
    cinch(generated, "ddl", "ALTER TABLE pairs ADD COLUMN z TEXT")
    cinch(generated, "codegen", "typescript", "--output", str(folder))
    assert '"z"?: string | null;' in (folder / "rows.ts").read_text()
    cinch(generated, "codegen", "typescript", "--output", str(folder), "--at", "HEAD~1")
    assert (folder / "rows.ts").read_text() == text
    (folder / "rows.ts").write_text("mine\n")
    with pytest.raises(subprocess.CalledProcessError) as failure:
        cinch(generated, "codegen", "typescript", "--output", str(folder))
    assert failure.value.returncode == 1 and (folder / "rows.ts").read_text() == "mine\n"
