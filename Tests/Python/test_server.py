"""cinch serve as a process: keys, limits, names, and its end."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import signal
import sqlite3
import ssl
import subprocess
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any, Iterator
from urllib.parse import quote

import pytest

import cinchdb
from conftest import Server, cinch

TENANT = "/v1/db/shop/branch/main/tenant"


class Answer:
    def __init__(self, status: int, headers: Any, text: str) -> None:
        self.status, self.headers, self.text = status, headers, text

    @property
    def json(self) -> Any:
        return json.loads(self.text)


def ask(
    server: Server,
    method: str,
    path: str,
    body: Any = None,
    *,
    key: str | None = "",
    headers: dict[str, str] | None = None,
    context: ssl.SSLContext | None = None,
) -> Answer:
    """Sends a request with the server's own key, another, or none."""
    sent = dict(headers or {})
    if key is not None:
        sent["Authorization"] = f"Bearer {key or server.key}"
    data = body if isinstance(body, bytes) else None if body is None else json.dumps(body).encode()
    if data is not None:
        sent.setdefault("Content-Type", "application/json")
    request = urllib.request.Request(server.url + path, method=method, data=data, headers=sent)
    try:
        with urllib.request.urlopen(request, timeout=30, context=context) as answer:
            return Answer(answer.status, answer.headers, answer.read().decode())
    except urllib.error.HTTPError as failure:
        return Answer(failure.code, failure.headers, failure.read().decode())


def key(project: Path, *arguments: str) -> str:
    return cinch(project, "key", "create", *arguments).split()[0]


def routes(server: Server) -> list[tuple[str, str, dict[str, Any]]]:
    document = ask(server, "GET", "/openapi.json", key=None).json
    return [
        (method.upper(), path, operation)
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
    ]


def test_every_route_asks_for_a_key(server: Server) -> None:
    listed = routes(server)
    assert len(listed) > 40
    for method, path, operation in listed:
        for wrong in (None, "ck_acme_" + "x" * 43, "nonsense"):
            answer = ask(server, method, path.replace("{db}", "shop"), {}, key=wrong)
            assert answer.status == 401, (method, path)
            assert answer.json["code"] == "unauthenticated" and answer.headers["WWW-Authenticate"] == "Bearer"
        assert ask(server, method, f"{path}?api_key={server.key}", {}, key=None).status in (400, 401)
    unknown = ask(server, "GET", "/v1/db/nowhere/tenants", key="ck_acme_" + "x" * 43)
    assert unknown.status == 401


def test_a_tenants_key_opens_that_tenant_alone(project: Path, server: Server) -> None:
    cinch(project, "tenant", "create", "globex")
    keys = {name: key(project, "--tenant", name) for name in ("acme", "globex")}
    secret = ask(server, "POST", f"{TENANT}/globex/tables/files/rows", {"name": "secret"}, key=keys["globex"])
    assert secret.status == 201
    ask(server, "PUT", f"{TENANT}/globex/kv/k", {"value": "secret"}, key=keys["globex"])
    for method, path, operation in routes(server):
        filled = path.replace("{db}", "shop").replace("{branch}", "main").replace("{table}", "files")
        filled = filled.replace("{tenant}", "globex").replace("{id}", "1").replace("{key}", "k").replace("{name}", "x")
        answer = ask(server, method, filled, {"sql": "SELECT * FROM files", "get": ["k"]}, key=keys["acme"])
        assert answer.status == 403, (method, path, answer.text)
        assert "secret" not in answer.text
    own = ask(server, "POST", f"{TENANT}/acme/query", {"sql": "SELECT * FROM files"}, key=keys["acme"])
    assert own.status == 200 and own.json["rows"] == []


def test_a_reading_key_reads(project: Path, server: Server) -> None:
    reading = key(project, "--tenant", "acme", "--read-only")
    assert ask(server, "POST", f"{TENANT}/acme/query", {"sql": "SELECT 1"}, key=reading).status == 200
    for method, path, operation in routes(server):
        if operation["x-scope"] == "tenant:read":
            continue
        filled = path.replace("{db}", "shop").replace("{branch}", "main").replace("{tenant}", "acme")
        assert ask(server, method, filled, {}, key=reading).status == 403, (method, path)
    for sql in ("DELETE FROM files", "INSERT INTO files(name) VALUES ('x') RETURNING *"):
        assert ask(server, "POST", f"{TENANT}/acme/query", {"sql": sql}, key=reading).status == 403


def test_keys_are_shown_once_and_can_be_taken_back(project: Path, server: Server) -> None:
    made = ask(server, "POST", "/v1/keys", {"tenant": "acme", "write": True, "name": "app", "expires_in": 36000})
    assert made.status == 201
    text, identifier = made.json["key"], made.json["id"]
    assert text.startswith("ck_acme_") and len(text) == len("ck_acme_") + 43
    assert made.json["scope"] == "tenant:write" and made.json["expires_at"]
    listed = ask(server, "GET", "/v1/keys").json["keys"]
    assert [each["name"] for each in listed] == ["tests", "app"] and text not in json.dumps(listed)
    (catalog,) = project.glob(".cinch/databases/*/catalog.db")
    stored = catalog.read_bytes() + (catalog.parent / "catalog.db-wal").read_bytes()
    assert text.encode() not in stored and hashlib.sha256(text.encode()).digest() in stored
    query = {"sql": "SELECT 1"}
    assert ask(server, "POST", f"{TENANT}/acme/query", query, key=text).status == 200
    assert ask(server, "GET", "/v1/keys", key=text).status == 403
    rotated = ask(server, "POST", f"/v1/keys/{identifier}/rotate").json["key"]
    assert ask(server, "POST", f"{TENANT}/acme/query", query, key=text).status == 401
    assert ask(server, "POST", f"{TENANT}/acme/query", query, key=rotated).status == 200
    assert ask(server, "DELETE", f"/v1/keys/{identifier}").status == 200
    assert ask(server, "POST", f"{TENANT}/acme/query", query, key=rotated).status == 401
    assert ask(server, "DELETE", f"/v1/keys/{identifier}").status == 404
    short = ask(server, "POST", "/v1/keys", {"tenant": "acme", "expires_in": 1}).json["key"]
    time.sleep(2.1)
    assert ask(server, "POST", f"{TENANT}/acme/query", query, key=short).status == 401
    assert ask(server, "POST", "/v1/keys", {"tenant": "nobody"}).status == 404
    assert ask(server, "POST", "/v1/keys", {"tenant": "acme", "expires_in": 0}).status == 400


def test_the_command_line_takes_keys_back_from_a_running_server(project: Path, server: Server) -> None:
    text = key(project, "--tenant", "acme", "--name", "app", "--expires", "90d")
    query = {"sql": "SELECT 1"}
    assert ask(server, "POST", f"{TENANT}/acme/query", query, key=text).status == 200
    listed = json.loads(cinch(project, "key", "list", "--json"))["keys"]
    identifier = next(each["id"] for each in listed if each["name"] == "app")
    rotated = cinch(project, "key", "rotate", identifier).split()[0]
    assert ask(server, "POST", f"{TENANT}/acme/query", query, key=text).status == 401
    assert ask(server, "POST", f"{TENANT}/acme/query", query, key=rotated).status == 200
    cinch(project, "key", "revoke", identifier)
    assert ask(server, "POST", f"{TENANT}/acme/query", query, key=rotated).status == 401
    assert "app" not in cinch(project, "key", "list") and rotated not in cinch(project, "key", "list")


def test_a_tenants_keys_follow_it(project: Path, server: Server) -> None:
    text = key(project, "--tenant", "acme")
    ask(server, "PATCH", "/v1/db/shop/tenants/acme", {"name": "initech"})
    assert ask(server, "POST", f"{TENANT}/initech/query", {"sql": "SELECT 1"}, key=text).status == 200
    assert ask(server, "POST", f"{TENANT}/acme/query", {"sql": "SELECT 1"}, key=text).status == 403
    ask(server, "DELETE", "/v1/db/shop/tenants/initech")
    assert ask(server, "POST", f"{TENANT}/initech/query", {"sql": "SELECT 1"}, key=text).status == 401


FORBIDDEN = [
    "ATTACH 'x.db' AS x", "DETACH main", "PRAGMA user_version", "PRAGMA writable_schema = 1", "VACUUM",
    "VACUUM INTO 'x.db'", "SELECT * FROM pragma_table_info('users')", "SELECT * FROM pragma_database_list",
    "SELECT load_extension('x.so')", "CREATE TABLE x(a)", "CREATE TEMP TABLE x(a)", "DROP TABLE users",
    "ALTER TABLE users ADD COLUMN x", "SELECT * FROM _cinch_stamp", "DELETE FROM _cinch_stamp",
    "SELECT * FROM sqlite_dbpage", "UPDATE sqlite_master SET sql = ''", "BEGIN", "SAVEPOINT a", "REINDEX", "ANALYZE",
    "SELECT 1; SELECT 2", "EXPLAIN ATTACH 'x' AS x", "SELECT fts3_tokenizer('simple')", "",
]  # fmt: skip


@pytest.mark.parametrize("sql", FORBIDDEN)
def test_statements_that_reach_further_are_refused(server: Server, sql: str) -> None:
    for route in ("query", "execute"):
        answer = ask(server, "POST", f"{TENANT}/acme/{route}", {"sql": sql})
        assert answer.status in (400, 403, 404), answer.text
        assert answer.json["detail"] and answer.json["hint"]


@pytest.mark.parametrize(
    "name",
    ["../acme", "..%2F..%2Fx", "a%00b", "x" * 64, "x" * 5000, "%C3%A9", "A", "%FF", ".hidden", "a%2Fb", "%20"],
    ids=lambda name: name[:12],
)
def test_names_that_can_not_be_are_refused(server: Server, project: Path, name: str) -> None:
    def files() -> list[Path]:
        # What a connection puts beside the catalog comes and goes.
        return sorted(path for path in project.rglob("*") if not path.name.startswith("catalog.db-"))

    before = files()
    for path in (f"{TENANT}/{name}/kv", f"/v1/db/shop/tenants/{name}"):
        assert ask(server, "GET", path).status in (400, 404), path
    assert ask(server, "POST", "/v1/db/shop/tenants", {"name": name}).status == 400
    assert files() == before


class Special(Server):
    """A server with more flags than the others."""

    def __init__(self, folder: Path, *flags: str, **environment: str) -> None:
        self.flags = list(flags)
        self.environment = environment
        super().__init__(folder)

    def command(self, folder: Path) -> list[str]:
        return self.line(folder) + ([] if "--rate-limit" in self.flags else ["--rate-limit", "0"]) + self.flags

    def variables(self) -> dict[str, str]:
        return {**super().variables(), **self.environment}


@pytest.fixture
def special(project: Path) -> Iterator[Any]:
    running: list[Special] = []

    def make(*flags: str, **environment: str) -> Special:
        running.append(Special(project, *flags, **environment))
        return running[-1]

    yield make
    for server in running:
        if server.process.poll() is None:
            server.process.kill()


def test_a_runaway_query_stops_at_its_deadline(special: Any) -> None:
    server = special("--deadline", "0.2")
    endless = "WITH RECURSIVE c(x) AS (VALUES (1) UNION ALL SELECT x + 1 FROM c) SELECT count(*) FROM c"
    start = time.monotonic()
    answer = ask(server, "POST", f"{TENANT}/acme/query", {"sql": endless})
    assert answer.status == 408 and time.monotonic() - start < 60
    assert ask(server, "POST", f"{TENANT}/acme/query", {"sql": "SELECT 1"}).status == 200


def test_answers_and_bodies_have_limits(special: Any) -> None:
    server = special("--max-body", "2000", "--max-rows", "10")
    many = "WITH RECURSIVE c(x) AS (VALUES (1) UNION ALL SELECT x + 1 FROM c LIMIT 99) SELECT x FROM c"
    answer = ask(server, "POST", f"{TENANT}/acme/query", {"sql": many, "max_rows": 50}).json
    assert len(answer["rows"]) == 10 and answer["truncated"]
    large = ask(server, "POST", f"{TENANT}/acme/query", {"sql": "SELECT '" + "x" * 3000 + "'"})
    assert large.status == 413 and large.json["code"] == "too-large"
    for body in (b"", b"{", b"\xff", b'{"sql": 1}', b"[]", b'{"sql": "SELECT 1", "sql": "SELECT 2"}', b"[" * 1500):
        assert ask(server, "POST", f"{TENANT}/acme/query", body).status == 400
    text = ask(server, "POST", f"{TENANT}/acme/query", b"x", headers={"Content-Type": "text/plain"})
    assert text.status == 415


def test_a_key_has_so_many_requests_an_hour(project: Path, special: Any) -> None:
    server = special("--rate-limit", "3")
    other = key(project, "--tenant", "acme")
    answers = [ask(server, "GET", "/v1/db") for _ in range(4)]
    assert [answer.status for answer in answers] == [200, 200, 200, 429]
    assert answers[0].headers["RateLimit"].startswith('"key";r=2;') and answers[0].headers["RateLimit-Policy"]
    assert int(answers[3].headers["Retry-After"]) > 60 and answers[3].json["code"] == "rate-limited"
    assert ask(server, "POST", f"{TENANT}/acme/query", {"sql": "SELECT 1"}, key=other).status == 200


def test_a_request_that_comes_twice_is_carried_out_once(server: Server) -> None:
    path, rows = f"{TENANT}/acme/tables/files/rows", {"name": "once"}
    headers = {"Idempotency-Key": "abc"}
    first = ask(server, "POST", path, rows, headers=headers)
    again = ask(server, "POST", path, rows, headers=headers)
    assert first.status == again.status == 201 and first.json == again.json
    assert ask(server, "POST", path, {"name": "other"}, headers=headers).status == 422
    answers: list[Answer] = []
    threads = [
        threading.Thread(
            target=lambda: answers.append(ask(server, "POST", path, rows, headers={"Idempotency-Key": "many"}))
        )
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({answer.text for answer in answers}) == 1 and len(answers) == 8
    refused = {"Idempotency-Key": "refused"}
    assert ask(server, "POST", path, {"nope": 1}, headers=refused).status == 404
    assert ask(server, "POST", path, {"name": "now"}, headers=refused).status == 201
    assert len(ask(server, "GET", path).json["rows"]) == 3


def test_health_metrics_and_description(server: Server) -> None:
    assert ask(server, "GET", "/healthz", key=None).json == {"status": "ok"}
    assert ask(server, "GET", "/readyz", key=None).json == {"status": "ready"}
    ask(server, "POST", f"{TENANT}/acme/query", {"sql": "SELECT 1"})
    metrics = ask(server, "GET", "/metrics", key=None).text
    assert f'route="/v1/db/{{db}}/branch/{{branch}}/tenant/{{tenant}}/query",method="POST",status="200"}} 1' in metrics
    assert "acme" not in metrics and "cinch_open_tenants 1" in metrics
    for line in metrics.splitlines():
        assert line.startswith("#") or len(line.rsplit(" ", 1)) == 2 and float(line.rsplit(" ", 1)[1]) >= 0
    assert ask(server, "PUT", "/v1/db/shop/tenants").status == 405
    assert ask(server, "GET", "/nope").status == 404


def test_pages_of_others_may_ask_only_if_named(special: Any, server: Server) -> None:
    origin = {"Origin": "https://app.example.org", "Access-Control-Request-Method": "POST"}
    assert "Access-Control-Allow-Origin" not in ask(server, "GET", "/healthz", key=None, headers=origin).headers
    named = special("--cors-origins", "https://app.example.org")
    preflight = ask(named, "OPTIONS", f"{TENANT}/acme/query", key=None, headers=origin)
    assert preflight.status == 204 and preflight.headers["Access-Control-Allow-Origin"] == "https://app.example.org"
    other = ask(named, "GET", "/healthz", key=None, headers={"Origin": "https://evil.example.org"})
    assert "Access-Control-Allow-Origin" not in other.headers


def token(secret: str, **claims: Any) -> str:
    def part(value: bytes) -> str:
        return base64.urlsafe_b64encode(value).rstrip(b"=").decode()

    head = part(json.dumps({"alg": "HS256", "typ": "JWT"}).encode()) + "." + part(json.dumps(claims).encode())
    return head + "." + part(hmac.new(secret.encode(), head.encode(), hashlib.sha256).digest())


def test_tokens_with_a_tenant_claim(tmp_path: Path, special: Any) -> None:
    secret = "s" * 40
    (tmp_path / "secret").write_text(secret + "\n")
    server = special("--jwt-secret", str(tmp_path / "secret"), "--jwt-tenant-claim", "org")
    later = int(time.time()) + 36000

    def status(tenant: str, **claims: Any) -> int:
        return ask(server, "POST", f"{TENANT}/{tenant}/query", {"sql": "SELECT 1"}, key=token(secret, **claims)).status

    assert status("acme", exp=later, scope="tenant:read", org="acme") == 200
    assert status("main", exp=later, scope="tenant:read", org="acme") == 403
    assert status("main", exp=later, scope="admin") == 200
    assert status("acme", exp=later, scope="tenant:write") == 401
    assert status("acme", exp=later, org="acme") == 401
    assert status("acme", exp=later - 72000, scope="tenant:read", org="acme") == 401
    assert status("acme", scope="tenant:read", org="acme") == 401
    forged = token("x" * 40, exp=later, scope="admin")
    assert ask(server, "GET", "/v1/db", key=forged).status == 401
    none = token(secret, exp=later, scope="admin").split(".")
    none[0] = base64.urlsafe_b64encode(b'{"alg":"none"}').rstrip(b"=").decode()
    assert ask(server, "GET", "/v1/db", key=f"{none[0]}.{none[1]}.").status == 401


@pytest.mark.parametrize("kind", ["ES256", "RS256"])
def test_tokens_signed_with_a_private_key(tmp_path: Path, special: Any, kind: str) -> None:
    def openssl(*arguments: str, data: bytes = b"") -> bytes:
        return subprocess.run(["openssl", *arguments], input=data, capture_output=True, check=True).stdout

    private, public = str(tmp_path / "private.pem"), str(tmp_path / "public.pem")
    if kind == "ES256":
        openssl("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", private)
    else:
        openssl("genrsa", "-out", private, "2048")
    openssl("pkey", "-in", private, "-pubout", "-out", public)

    def part(value: bytes) -> str:
        return base64.urlsafe_b64encode(value).rstrip(b"=").decode()

    claims = {"exp": int(time.time()) + 36000, "scope": "tenant:read", "tenant": "acme"}
    head = f"{part(json.dumps({'alg': kind}).encode())}.{part(json.dumps(claims).encode())}"
    signature = openssl("dgst", "-sha256", "-sign", private, data=head.encode())
    if kind == "ES256":
        # Two numbers of 32 bytes (RFC 7518 section 3.4) from their DER form.
        first = signature[4 : 4 + signature[3]]
        second = signature[6 + signature[3] :]
        signature = first[-32:].rjust(32, b"\0") + second[-32:].rjust(32, b"\0")
    server = special("--jwt-public-key", public)
    query = {"sql": "SELECT 1"}
    assert ask(server, "POST", f"{TENANT}/acme/query", query, key=f"{head}.{part(signature)}").status == 200
    assert ask(server, "POST", f"{TENANT}/main/query", query, key=f"{head}.{part(signature)}").status == 403
    wrong = part(signature[:-1] + bytes([signature[-1] ^ 1]))
    assert ask(server, "POST", f"{TENANT}/acme/query", query, key=f"{head}.{wrong}").status == 401
    # The public key must not do as a secret (RFC 8725 section 2.1).
    confused = token((tmp_path / "public.pem").read_text(), **claims)
    assert ask(server, "POST", f"{TENANT}/acme/query", query, key=confused).status == 401


def test_tls_by_file(tmp_path: Path, special: Any) -> None:
    certificate, private = tmp_path / "cert.pem", tmp_path / "key.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
        + ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(private), "-out", str(certificate)],
        check=True,
        capture_output=True,
    )
    server = special("--tls-certificate", str(certificate), "--tls-key", str(private))
    assert server.url.startswith("https://")
    context = ssl.create_default_context(cafile=str(certificate))
    assert ask(server, "GET", "/v1/db", context=context).status == 200


def test_the_audit_says_who_and_what_and_no_secrets(tmp_path: Path, special: Any) -> None:
    audit = tmp_path / "audit.jsonl"
    server = special("--audit", str(audit))
    ask(server, "POST", f"{TENANT}/acme/tables/files/rows", {"name": "private"})
    ask(server, "POST", f"{TENANT}/acme/query", {"sql": "SELECT 'private'"}, key="ck_acme_" + "y" * 43)
    lines = [json.loads(line) for line in audit.read_text().splitlines()]
    assert [line["status"] for line in lines] == [201, 401]
    assert lines[0]["tenant"] == "acme" and lines[0]["caller"] and lines[0]["route"].endswith("/rows")
    text = audit.read_text()
    assert "private" not in text and server.key not in text and "y" * 43 not in text
    assert oct(audit.stat().st_mode & 0o777) == "0o600"


def test_settings_come_from_flags_then_the_environment_then_the_file(project: Path, special: Any) -> None:
    config = project / ".cinch" / "config.toml"
    config.write_text(config.read_text() + "\n[server]\nmax_rows = 7\nrate_limit = 5\n")
    many = {"sql": "VALUES (1),(2),(3),(4),(5),(6),(7),(8),(9)"}

    def rows(server: Server) -> int:
        return len(ask(server, "POST", f"{TENANT}/acme/query", many).json["rows"])

    assert rows(special()) == 7
    assert rows(special(CINCH_MAX_ROWS="4")) == 4
    assert rows(special("--max-rows", "2", CINCH_MAX_ROWS="4")) == 2
    run = subprocess.run(Server.line(project) + ["--port", "x"], capture_output=True, text=True)
    assert run.returncode == 64 and run.stderr.startswith("error: ") and "hint: " in run.stderr


def test_a_rollout_is_told_as_it_goes(server: Server) -> None:
    ask(server, "POST", "/v1/db/shop/branch/main/ddl", {"sql": "CREATE TABLE more(x)"})
    last = ask(server, "GET", "/v1/db/shop/rollouts").json["rollouts"][0]
    told = ask(server, "GET", f"/v1/db/shop/rollouts/{last['id']}", headers={"Accept": "text/event-stream"})
    assert told.headers["Content-Type"] == "text/event-stream"
    lines = told.text.strip().split("\n")
    assert lines[0] == "event: rollout" and json.loads(lines[1].removeprefix("data: "))["state"] == "done"


def test_it_ends_in_order(special: Any, project: Path) -> None:
    server = special("--drain-delay", "5")
    slow = "WITH RECURSIVE c(x) AS (VALUES (1) UNION ALL SELECT x + 1 FROM c LIMIT 3000000) SELECT count(*) AS n FROM c"
    answers: list[Answer] = []
    running = threading.Thread(
        target=lambda: answers.append(ask(server, "POST", f"{TENANT}/acme/query", {"sql": slow}))
    )
    ask(server, "POST", f"{TENANT}/acme/tables/files/rows", {"name": "x"})
    running.start()
    time.sleep(0.2)
    server.process.send_signal(signal.SIGTERM)
    for _ in range(60):
        if ask(server, "GET", "/readyz", key=None).status == 503:
            break
        time.sleep(0.05)
    else:
        raise AssertionError("/readyz never said that it stops")
    assert server.process.wait(30) == 0
    running.join()
    assert answers[0].status in (200, 408)
    (path,) = project.glob(".cinch/databases/*/tenants/*/acme.db")
    assert not Path(f"{path}-wal").exists() or Path(f"{path}-wal").stat().st_size == 0


def test_what_was_acknowledged_survives_a_kill(server: Server, project: Path) -> None:
    acknowledged: list[int] = []
    stop = threading.Event()

    def insert() -> None:
        database = cinchdb.connect("shop", tenant="acme", url=server.url, api_key=server.key)
        while not stop.is_set():
            try:
                acknowledged.append(database.insert("files", {"name": "x"})["id"])
            except cinchdb.CinchError:
                return

    threads = [threading.Thread(target=insert) for _ in range(4)]
    for thread in threads:
        thread.start()
    time.sleep(1.5)
    os.kill(server.process.pid, signal.SIGKILL)
    server.process.wait()
    stop.set()
    for thread in threads:
        thread.join()
    (path,) = project.glob(".cinch/databases/*/tenants/*/acme.db")
    stored = {row[0] for row in sqlite3.connect(path).execute("SELECT id FROM files")}
    assert len(acknowledged) > 20 and set(acknowledged) <= stored
    assert sqlite3.connect(path).execute("PRAGMA integrity_check").fetchone() == ("ok",)
