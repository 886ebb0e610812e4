"""Whatever is asked of our routes: no answer of 500, no SQL of the visitor's, no file of ours.

Addresses are made from the routes themselves, so that a new page is asked nasty things from its
first day on.
"""

import asyncio
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest
from datasette.app import Datasette
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small_archive import make_home

from gkcrawl.web.routes import ROUTES
from gkcrawl.web.serve import build_datasette

SECRET = "a-secret-that-no-page-may-show-7f3a"
GROUP = re.compile(r"\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)\??")
ARGUMENTS = (
    *("q", "year", "province", "level", "kind", "form", "trust", "status", "page", "lang", "sort"),
    *("view", "since", "until", "day", "all", "rule", "check", "verdict", "reason", "family"),
    *("_next", "_sort", "_size", "_facet", "_where", "format", "scope", "limit", "offset"),
)
NASTY = (
    "", "0", "-1", "2024", "99999999999999999999", "2024-01-01", "2020-2024", "云南省", "530000",
    "'", "\"", "' or 1=1 --", "'; drop table reports; --", "\") union select text from reports --",
    "%", "_", "*", "a*", "NEAR(", "^", "()", ":", "{", "title:", "\"a", "AND", "NOT", "-",
    "../../etc/passwd", "..%2f..%2fsecret.txt", "/etc/passwd", "....//secret.txt",
    "file:///etc/passwd", "\x00", "\r\nX-Injected: 1", "\ufeff", "\U0001f600", "𠮷", "ﷺ", "\u202e",
    "<script>alert(1)</script>", "{{ 7*7 }}", "${7*7}", "http://127.0.0.1:1/", "20240101000000",
    "20240101000000mp_", "1..2", "0..0", "1e999", "NaN", "a" * 3000,
)  # fmt: skip
nasty = st.sampled_from(NASTY) | st.text(max_size=40)
TEMPLATES = sorted({pattern for pattern, _ in ROUTES})


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Datasette]:
    home = make_home(tmp_path_factory.mktemp("home"))
    for place in (home / "secret.txt", home.parent / "secret.txt", home / "verdicts.jsonl"):
        if not place.exists():
            place.write_text(SECRET, "utf-8")
    datasette = build_datasette(home)
    yield datasette
    datasette.databases["catalog"].close()


def known_ids(home: Path) -> list[str]:
    """Return ids that some page of the small archive knows."""
    from archive.catalog import Catalog

    with Catalog(home / "catalog.db", readonly=True) as catalog:
        asked = "select id from reports union select id from agencies union select id from captures"
        return [row[0] for row in catalog.db.execute(asked)] + ["530111", "530000"]


def addresses(pattern: str, values: list[str]) -> str:
    """Return an address that a route's pattern may take, its groups filled with ``values``."""
    given = iter(values)
    path = GROUP.sub(lambda match: quote(next(given, ""), safe="/:*.?&=%"), pattern)
    path = re.sub(r"\(\?:([^()|]*)\|?[^()]*\)\??", r"\1", path)
    return re.sub(r"\\(.)", r"\1", path.strip("^$")).replace("?", "") or "/"


def demand_calm(site: Datasette, address: str) -> None:
    answer = asyncio.run(site.client.get(address, follow_redirects=False))
    assert answer.status_code < 500, (address, answer.text[:1000])
    shown = answer.text
    assert SECRET not in shown, address
    assert "root:x:0:0" not in shown, address
    assert "OperationalError" not in shown, address
    assert "x-injected" not in answer.headers, address
    if "html" in answer.headers.get("content-type", ""):
        assert "<script>alert(1)" not in shown, address
        assert "content-security-policy" in answer.headers, address


@pytest.mark.parametrize("pattern", TEMPLATES)
def test_every_route_stays_calm_at_every_nasty_value(site: Datasette, pattern: str) -> None:
    home = Path(site.get_database("catalog").path).parent
    for value in NASTY:
        demand_calm(site, addresses(pattern, [value] * 4))
    first = known_ids(home)[:1] + known_ids(home)[-2:]
    for known in first:
        for name in ARGUMENTS:
            demand_calm(site, f"{addresses(pattern, [known] * 4)}?{urlencode({name: NASTY[11]})}")


@settings(
    max_examples=250,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_no_route_minds_any_mixture(site: Datasette, data: st.DataObject) -> None:
    pattern = data.draw(st.sampled_from(TEMPLATES))
    home = Path(site.get_database("catalog").path).parent
    value = st.sampled_from(known_ids(home)) | nasty
    path = addresses(pattern, data.draw(st.lists(value, min_size=4, max_size=4)))
    ending = data.draw(st.sampled_from(["", "", ".json", ".csv", ".atom", "/", "%00"]))
    asked = data.draw(st.dictionaries(st.sampled_from(ARGUMENTS), nasty, max_size=4))
    asked = {name: value.encode("utf-8", "replace").decode() for name, value in asked.items()}
    demand_calm(site, f"{path}{ending}" + (f"?{urlencode(asked)}" if asked else ""))


def test_the_pages_cannot_write(site: Datasette) -> None:
    for sql in ("delete from reports", "pragma journal_mode=delete", "attach 'x.db' as x"):
        path = f"/catalog.json?{urlencode({'sql': sql})}"
        answer = asyncio.run(site.client.get(path, follow_redirects=True))
        assert answer.status_code in (400, 403), sql
