"""The pages of ``cinch site`` as a browser has them, and diagrams as their own programs read them."""

from __future__ import annotations

import json
import os
import subprocess
from html.parser import HTMLParser
from pathlib import Path
from typing import Iterator
from urllib.parse import unquote, urlsplit
from xml.dom import minidom

import pydbml
import pytest

from chromium import Chromium
from conftest import CINCH, cinch

LONG = "a_name_" * 20
ODD = f"""
CREATE TABLE "a/../b <script>alert(1)</script> ""'& %41" ("x y" TEXT, "`tick`" INTEGER CHECK ("x y" <> '</pre>'));
CREATE TABLE "{LONG}" (id INTEGER PRIMARY KEY, "{LONG}x" VARCHAR({'9' * 60}), "日本語の列名はとても長いことがある" TEXT);
CREATE TABLE wide (id INTEGER PRIMARY KEY, {', '.join(f'column_{n} TEXT' for n in range(200))});
CREATE TABLE "PK" (id INTEGER PRIMARY KEY, fk INTEGER REFERENCES "PK", "pk x" INTEGER REFERENCES "{LONG}");
CREATE INDEX "an index <b>" ON wide ({', '.join(f'column_{n}' for n in range(40))}) WHERE column_1 > '<';
CREATE VIEW "v & w" AS SELECT * FROM wide;
"""
SIZES = ((1280, 900), (390, 844))

# What sticks out where nothing moves it: of the page itself, of a box that hides it, and of a table in a diagram.
CLIPPED = """(() => {
    const faults = [], root = document.documentElement;
    if (root.scrollWidth > root.clientWidth) faults.push(`page ${root.scrollWidth} > ${root.clientWidth}`);
    if (document.body.scrollWidth > document.body.clientWidth) faults.push('body');
    for (const box of document.querySelectorAll('body *')) {
        const style = getComputedStyle(box);
        if (box instanceof SVGElement || style.display === 'inline') continue;
        const moves = ['auto', 'scroll'].includes(style.overflowX);
        if (!moves && box.scrollWidth > box.clientWidth + 1 && box.clientWidth > 0)
            faults.push(`${box.tagName}.${box.className}: ${box.scrollWidth} > ${box.clientWidth}`);
        if (box.tagName === 'TD') {
            const range = document.createRange();
            range.selectNodeContents(box);
            if (box.clientWidth < 80 && range.getBoundingClientRect().height > 100) faults.push(`narrow: ${box.textContent}`);
        }
    }
    for (const group of document.querySelectorAll('svg.er g')) {
        const width = group.querySelector('rect').getBBox().width, height = group.querySelector('rect').getBBox().height;
        const texts = [...group.querySelectorAll('text')].map(text => [text.getBBox(), text.textContent]);
        for (const [box, text] of texts) {
            if (box.x < 0 || box.x + box.width > width || box.y + box.height > height) faults.push(`text ${text}`);
            for (const [other, name] of texts)
                if (other.y === box.y && other.x > box.x && other.x < box.x + box.width) faults.push(`${text} over ${name}`);
        }
    }
    return faults;
})()"""

# Texts whose colour is too near to what is behind them (WCAG 2.2, contrast of 4.5).
FAINT = """(() => {
    const parse = color => (color.match(/[\\d.]+/g) || []).map(Number);
    const light = ([r, g, b]) => [r, g, b].map(v => v / 255)
        .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
        .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
    const behind = box => {
        for (; box; box = box.parentElement) {
            const color = parse(getComputedStyle(box).backgroundColor);
            if (color.length === 3 || color[3] === 1) return color;
        }
        return [255, 255, 255];
    };
    const faults = new Set();
    for (const box of document.querySelectorAll('body :not(svg, svg *)')) {
        if (![...box.childNodes].some(node => node.nodeType === 3 && node.data.trim())) continue;
        const pair = [light(parse(getComputedStyle(box).color)), light(behind(box))].sort((a, b) => b - a);
        const contrast = (pair[0] + 0.05) / (pair[1] + 0.05);
        if (contrast < 4.5) faults.add(`${box.tagName}.${box.className} ${contrast.toFixed(2)}`);
    }
    return [...faults];
})()"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A history with two lanes, odd names, and tenants of which one is behind and one unreadable."""
    folder = tmp_path_factory.mktemp("site")
    os.environ.pop("CINCH_DIR", None)
    cinch(folder, "init", "shop")
    shop = folder / "shop"
    cinch(shop, "table", "create", "users", "email:TEXT:unique", "name:TEXT")
    cinch(shop, "tag", "v1", "-m", "First")
    cinch(shop, "branch", "create", "feature/orders", "--switch")
    cinch(shop, "table", "create", "orders", "user_id:TEXT:fk=users.id:cascade", "note:TEXT?")
    cinch(shop, "branch", "switch", "main")
    cinch(shop, "ddl", ODD, "-m", f"A <b>subject</b> & {LONG}\n\nA body,\nof <two> lines.")
    cinch(shop, "merge", "feature/orders")
    cinch(shop, "tenant", "create", "acme")
    cinch(shop, "tenant", "create", "globex")
    status = json.loads(cinch(shop, "tenant", "status", "--json"))
    broken = next(tenant["path"] for tenant in status["tenants"] if tenant["name"] == "globex")
    with (shop / ".cinch" / "config.toml").open("a") as settings:
        settings.write('\n[materialize]\npolicy = "manual"\n')
    cinch(shop, "column", "add", "users", "age:INTEGER?")
    (shop / broken).write_bytes(b"no database" * 100)
    cinch(shop, "site", str(folder / "out"))
    return folder / "out"


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chromium]:
    with Chromium(tmp_path_factory.mktemp("profile")) as running:
        yield running


class Links(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.names: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.names.append(tag)
        self.found += [value for name, value in attributes if name in ("href", "src") and value]


def pages(site: Path) -> list[Path]:
    return sorted(site.rglob("*.html"))


def test_every_page_is_reached_and_every_link_leads_somewhere(site: Path) -> None:
    reached, waiting = set(), [site / "index.html"]
    while waiting:
        page = waiting.pop()
        if page in reached:
            continue
        reached.add(page)
        for link in Links(page.read_text()).found:
            parts = urlsplit(link)
            if parts.scheme == "data":
                continue
            assert not parts.scheme and not parts.netloc and not parts.path.startswith("/"), link
            if not parts.path:
                assert f'id="{parts.fragment}"' in page.read_text(), f"{page}: {link}"
                continue
            target = (page.parent / unquote(parts.path)).resolve()
            assert target.is_file() and target.is_relative_to(site), f"{page}: {link}"
            if target.suffix == ".html":
                waiting.append(target)
    assert reached == set(pages(site))


def test_no_page_has_a_script(site: Path) -> None:
    for page in pages(site):
        assert "script" not in Links(page.read_text()).names


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_nothing_is_clipped_faint_or_complained_about(
    site: Path, browser: Chromium, size: tuple[int, int], scheme: str
) -> None:
    browser.show(*size, scheme)
    for page in pages(site):
        name = page.relative_to(site)
        assert browser.open(page.as_uri()) == [], name
        assert browser.evaluate("innerWidth") == size[0]
        assert browser.evaluate("document.styleSheets.length") == 1, name
        assert browser.evaluate(CLIPPED) == [], name
        assert browser.evaluate(FAINT) == [], name
        dark = browser.evaluate("getComputedStyle(document.body).backgroundColor") != "rgb(255, 255, 255)"
        assert dark == (scheme == "dark"), name


def test_a_diagram_fits_when_it_is_told_to(site: Path, browser: Chromium) -> None:
    browser.show(700, 900, "light")
    largest = max((site / "diagrams").iterdir(), key=lambda page: page.stat().st_size)
    browser.open(largest.as_uri())
    wide = "document.querySelector('.canvas').scrollWidth > document.querySelector('.canvas').clientWidth"
    assert browser.evaluate(wide)
    browser.evaluate("document.getElementById('fit').click()")
    assert not browser.evaluate(wide)
    # On a small screen the whole is shown first.
    browser.show(390, 844, "light")
    browser.open(largest.as_uri())
    assert not browser.evaluate(wide)
    browser.evaluate("document.getElementById('fit').click()")
    assert browser.evaluate(wide)


def test_a_table_is_found_in_a_diagram(site: Path, browser: Chromium) -> None:
    browser.show(1280, 900, "light")
    largest = max((site / "diagrams").iterdir(), key=lambda page: page.stat().st_size)
    browser.open(largest.as_uri())
    for link in browser.evaluate("[...document.querySelectorAll('.jump a')].map(a => a.hash)"):
        browser.evaluate(f"location.hash = '{link}'")
        assert browser.evaluate(
            """(() => {
                const box = document.querySelector(':target .t').getBoundingClientRect();
                const canvas = document.querySelector('.canvas').getBoundingClientRect();
                return box.left >= canvas.left && box.top >= canvas.top
                    && box.left < canvas.right && box.top < canvas.bottom;
            })()"""
        ), link


def test_the_checks_find_what_they_are_for(site: Path, browser: Chromium, tmp_path: Path) -> None:
    browser.show(390, 844, "light")
    bad = tmp_path / "bad.html"
    bad.write_text(
        '<!DOCTYPE html><link rel="icon" href="data:,"><img src="gone.png">'
        '<p style="white-space:nowrap;color:#bbb">' + "wide " * 100 + "<svg class=er><g>"
        '<rect width="10" height="20"/><text y="10">too long</text></g></svg>'
    )
    assert browser.open(bad.as_uri())
    assert len(browser.evaluate(CLIPPED)) >= 2
    assert browser.evaluate(FAINT)


def test_the_page_on_tenants_counts_them(site: Path) -> None:
    text = (site / "fleet.html").read_text()
    assert "<b>3</b> tenants" in text
    assert "<b>2</b> behind" in text
    assert "<b>1</b> unreadable" in text


def schema(site: Path, kind: str) -> str:
    return cinch(site.parent / "shop", "schema", f"--{kind}")


def test_a_picture_is_xml(site: Path) -> None:
    root = minidom.parseString(schema(site, "svg")).documentElement
    assert root is not None and root.tagName == "svg"
    boxes = [rect for rect in root.getElementsByTagName("rect") if rect.getAttribute("class") == "b"]
    assert len(boxes) == 6


def test_graphviz_draws_the_graph(site: Path) -> None:
    done = subprocess.run(
        ["dot", "-Tsvg"], input=schema(site, "dot"), capture_output=True, text=True, timeout=60
    )
    assert (done.returncode, done.stderr) == (0, "")
    root = minidom.parseString(done.stdout).documentElement
    assert root is not None
    kinds = [group.getAttribute("class") for group in root.getElementsByTagName("g")]
    assert (kinds.count("node"), kinds.count("edge")) == (6, 3)


def test_dbml_is_read_back(site: Path) -> None:
    # This parser knows no escapes in names; the official one does.
    read = pydbml.PyDBML(schema(site, "dbml").replace('\\"', ""))
    odd = "a/../b <script>alert(1)</script> '& %41"
    assert {table.name for table in read.tables} == {"users", "orders", "wide", "PK", LONG, odd}
    assert len(read.refs) == 3
    wide = next(table for table in read.tables if table.name == "wide")
    assert len(wide.columns) == 201


@pytest.mark.parametrize("flags", [("--svg", "--dot"), ("--svg", "--json"), ("--mermaid", "--no-ids")])
def test_one_language_at_a_time(site: Path, flags: tuple[str, str]) -> None:
    done = subprocess.run(
        [CINCH, "-C", str(site.parent / "shop"), "schema", *flags], capture_output=True, text=True
    )
    assert done.returncode == 64
    assert done.stdout == ""
    assert done.stderr.startswith("error: ")
