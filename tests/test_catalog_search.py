"""Full-text search in Chinese."""

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from catalog_readings import ISSUER, capture, report_reading
from hypothesis import given
from hypothesis import strategies as st

from archive.catalog import Catalog, fts_query
from archive.catalog.search import mark, snippet

TEXTS = {
    "a": "本年度行政诉讼3件，不予公开２件。共收到38件申请",
    "b": "没有诉 讼。公开信息主动，予以公开。",
    "c": "COVID-19 相关信息公开，不予，公开",
}


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    with Catalog(tmp_path / "catalog.db") as made:
        for year, (name, text) in enumerate(TEXTS.items(), 2021):
            made.apply(
                report_reading(
                    capture(name, f"https://x.gov.cn/{name}"),
                    text=text,
                    year=year,
                    title=f"标题{name}",
                )
            )
        yield made


@pytest.mark.parametrize(
    ("query", "years"),
    [
        ("诉讼", {2021, 2022}),
        ("不予公开", {2021, 2023}),
        ("主动公开", set()),
        ("诉讼 不予公开", {2021}),
        ("件", {2021}),
        ("2件", {2021}),
        ("８件", set()),
        ("38件", {2021}),
        ("covid", {2023}),
        ('"covid 19"', {2023}),
        ("标题b", {2022}),
        ("六甲街道", {2021, 2022, 2023}),
        ("", set()),
        ("，。", set()),
        ('" OR *', set()),
        ("NEAR(诉, 讼)", set()),
        ("不存在的词", set()),
    ],
)
def test_words_are_found_as_phrases(catalog: Catalog, query: str, years: set[int]) -> None:
    assert {hit.year for hit in catalog.search(query)} == years


def test_hit_shows_where_it_was_found(catalog: Catalog) -> None:
    (hit,) = catalog.search("诉讼 2件")

    assert hit.as_dict()["snippet"] == "本年度行政【诉讼】3件，不予公开【２件】。共收到38件申请"
    assert hit.issuer == ISSUER.name


def test_filters_and_limit(catalog: Catalog) -> None:
    assert [hit.year for hit in catalog.search("诉讼", year=2022)] == [2022]
    assert catalog.search("诉讼", province="浙江省") == []
    assert len(catalog.search("诉讼", limit=1)) == 1


def test_hit_in_the_title_counts_more_than_in_the_text(catalog: Catalog) -> None:
    catalog.apply(report_reading(capture("d", "https://x.gov.cn/d"), title="诉讼", year=2030))

    assert catalog.search("诉讼")[0].year == 2030


def test_a_report_that_changes_is_found_by_its_new_words_only(catalog: Catalog) -> None:
    catalog.apply(
        report_reading(
            capture("a2", "https://x.gov.cn/a", captured_at="2027-01-01T00:00:00.000000Z"),
            text="新的内容",
            year=2021,
        )
    )

    assert {hit.year for hit in catalog.search("诉讼")} == {2022}
    assert {hit.year for hit in catalog.search("新的内容")} == {2021}


def test_index_survives_a_vacuum(catalog: Catalog) -> None:
    catalog.apply(replace(report_reading(capture("a", "https://x.gov.cn/a")), report=None))
    catalog.db.vacuum()

    assert {hit.year for hit in catalog.search("诉讼")} == {2022}


def test_query_is_as_datasette_passes_it_on() -> None:
    assert fts_query("诉讼 不予公开") == '"诉 讼" "不 予 公 开"'
    assert fts_query("“诉讼 案件”") == '"诉 讼 案 件"'
    assert fts_query(" ") == '""'


def test_snippet_cuts_around_the_first_hit() -> None:
    text = "前" * 100 + "诉讼" + "后" * 100

    assert mark(snippet(text, "诉讼", width=12)) == "…前前前前【诉讼】后后后后后后…"
    assert mark(snippet(text, "没有", width=5)) == "前前前前前…"
    assert snippet("", "诉讼") == ()


@given(st.text())
def test_whatever_is_typed_is_a_valid_query(text: str) -> None:
    connection = sqlite3.connect(":memory:")
    connection.execute("create virtual table t using fts5(x)")

    connection.execute("select * from t where t match ?", [fts_query(text)]).fetchall()
    connection.close()


@given(st.text(), st.text(), st.integers(3, 50))
def test_snippet_is_a_part_of_the_text(text: str, query: str, width: int) -> None:
    pieces = snippet(text, query, width)

    shown = "".join(piece for piece, _ in pieces).strip("…")
    assert "".join(shown.split()) in "".join(text.split())
