"""The page of search over the small archive, for people and for programs."""

import asyncio
import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import lxml.html
import pytest
from click.testing import CliRunner
from datasette.app import Datasette
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small_archive import make_home

from gkcrawl.cli import main
from gkcrawl.web.serve import build_datasette


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Datasette]:
    site = build_datasette(make_home(tmp_path_factory.mktemp("home")))
    yield site
    site.databases["catalog"].close()


def get(site: Datasette, path: str) -> Any:
    answer = asyncio.run(site.client.get(path))
    assert answer.status_code == 200, answer.text[:300]
    return answer


def page(site: Datasette, path: str) -> lxml.html.HtmlElement:
    return lxml.html.document_fromstring(get(site, path).content.decode())


def text(tree: lxml.html.HtmlElement, path: str) -> str:
    return " ".join(" ".join(tree.xpath(path)[0].text_content().split()).split())


def test_words_are_marked_in_the_original_whatever_they_were_typed_like(site: Datasette) -> None:
    tree = page(site, f"/search?q={quote('行政訴訟　六甲')}")

    assert {mark.text for mark in tree.xpath("//ol[@class='hits']//mark")} == {"行政诉讼", "六甲"}
    assert text(tree, "//p[@role='status']") == "共 2 份报告符合"
    assert tree.xpath("//input[@id='q']/@value") == ["行政訴訟　六甲"]


@pytest.mark.parametrize(
    ("query", "total"),
    [
        ("", 5),
        ("year=2024", 2),
        ("year=2023-2024", 3),
        ("year=2023-", 3),
        ("from=2023&to=2023", 1),
        ("level=town", 2),
        ("kind=government_office", 1),
        ("trust=untrusted", 1),
        ("status=unidentified", 2),
        ("form=2021&province=云南省", 4),
        ("q=诉讼&province=云南省&year=2024", 2),
        ("q=诉讼&kind=department", 0),
    ],
)
def test_filters(site: Datasette, query: str, total: int) -> None:
    found = get(site, f"/search.json?{query}").json()

    assert (found["ok"], found["total"], len(found["rows"])) == (True, total, total)


def test_json_and_csv_say_the_same(site: Datasette) -> None:
    query = f"?q={quote('不予公开')}&order=newest"
    found = get(site, f"/search.json{query}").json()
    rows = list(csv.DictReader(io.StringIO(get(site, f"/search.csv{query}").text.lstrip("\ufeff"))))

    assert found["query"] == "不予公开"
    assert [row["report_id"] for row in rows] == [row["report_id"] for row in found["rows"]]
    assert [row["year"] for row in found["rows"]] == [2024, 2024, 2023, 2022]
    assert found["by_year"] == {"2024": 2, "2023": 1, "2022": 1}
    assert found["by_province"] == {"云南省": 4}
    assert "决定【不予公开】的" in rows[0]["snippet"]
    assert len(get(site, f"/search.json{query}&size=1&page=2").json()["rows"]) == 1


def test_counts_beside_the_results_narrow_them(site: Datasette) -> None:
    tree = page(site, f"/search?q={quote('诉讼')}")
    (link,) = tree.xpath("//section[@aria-labelledby='by-year']//a[.='2023']/@href")

    assert text(page(site, link), "//p[@role='status']") == "共 1 份报告符合"
    (link,) = tree.xpath("//section[@aria-labelledby='by-province']//a/@href")
    assert text(page(site, link), "//p[@role='status']") == "共 4 份报告符合"


def test_too_many_are_not_counted_unless_asked(
    site: Datasette, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gkcrawl.web.views.search.ENOUGH", 2)
    tree = page(site, f"/search?q={quote('诉讼')}")

    assert text(tree, "//p[@role='status']") == "2 份以上的报告符合 · 数出全部"
    (link, *_) = tree.xpath("//a[.='数出全部']/@href")
    assert text(page(site, link), "//p[@role='status']") == "共 4 份报告符合"


def test_pages_follow_each_other(site: Datasette, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gkcrawl.web.views.search.PAGE", 2)
    path, seen = f"/search?q={quote('诉讼')}", []
    while path:
        tree = page(site, path)
        seen += tree.xpath("//ol[@class='hits']//h2/a/@href")
        path = next(iter(tree.xpath("//a[@rel='next']/@href")), "")

    assert len(seen) == len(set(seen)) == 4


def test_english_keeps_the_data_chinese(site: Datasette) -> None:
    tree = page(site, f"/search?q={quote('诉讼')}&lang=en")

    assert text(tree, "//p[@role='status']") == "4 reports found"
    assert all(link.get("lang") == "zh-CN" for link in tree.xpath("//ol[@class='hits']//h2/a"))


ODD = st.text("公开诉'\"*:^(){}[]-+;,%_\\/<>&#\x00\u2423\ud800😀𠮷 ANDORNOT", max_size=20)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(words=ODD | st.text(max_size=20), other=ODD, name=st.sampled_from(
    ["province", "level", "kind", "form", "trust", "status", "year", "from", "to", "order", "page",
     "size", "count"]))  # fmt: skip
def test_nothing_that_is_typed_is_an_error(
    site: Datasette, words: str, other: str, name: str
) -> None:
    query = f"q={quote(words, errors='replace')}&{name}={quote(other, errors='replace')}"
    for ending in ("", ".json"):
        assert asyncio.run(site.client.get(f"/search{ending}?{query}")).status_code == 200


@pytest.mark.parametrize("query", ["公" * 7_000, "公 开 " * 900, "\ud800"])
def test_long_and_broken_queries_are_no_error(site: Datasette, query: str) -> None:
    get(site, f"/search?q={quote(query, errors='replace')}")


def run(home: object, *arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(main, ["search", *arguments], env={"GKCRAWL_HOME": str(home)})
    return result.exit_code, result.stdout, result.stderr


def test_the_command_finds_the_same(tmp_path_factory: pytest.TempPathFactory) -> None:
    home = make_home(tmp_path_factory.mktemp("home"))
    code, out, err = run(home, "不予公开", "--year", "2023-2024", "--limit", "2", "--newest")

    assert code == 0
    assert [line.split()[0][-4:] for line in out.splitlines()[::2]] == ["2024", "2024"]
    assert "不予公开" in out.splitlines()[1]
    assert "\x1b" not in out
    assert err == "2 of 3: see --limit, --count\n"
    assert run(home, "没有的词") == (0, "", "nothing found for 没有的词\n")
    assert run(home, "诉讼", "--count", "--year", "2024")[1].splitlines()[0] == "2 reports"
    assert '"total": 2' in run(home, "--level", "town", "--count", "--json")[1]
    assert run(home, "诉讼", "--year", "last")[0] == 2


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("--level", "bogus"),
        ("--kind", "bureau"),
        ("--form", "2022"),
        ("--trust", "yes"),
        ("--status", "fail"),
        ("--province", "火星省"),
    ],
)
def test_a_mistyped_filter_is_no_empty_list(tmp_path: Path, option: str, value: str) -> None:
    code, out, err = run(tmp_path, option, value, "--count")

    assert (code, out) == (2, "")
    assert f"'{value}' is not one of" in err
