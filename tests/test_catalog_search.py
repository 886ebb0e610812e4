"""Full-text search in Chinese."""

import re
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from catalog_readings import ISSUER, capture, report_reading
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.catalog import Catalog, Question, fts_query
from archive.catalog.fold import fold, pattern
from archive.catalog.fulltext import (
    addresses,
    enter,
    forget,
    optimise,
    province_of,
    year_of,
)
from archive.catalog.schema import FTS_SQL, FTS_TABLE
from archive.catalog.search import Found, search
from archive.catalog.snippet import mark, marked, snippet
from archive.catalog.tokens import words

TEXTS = {
    "a": "本年度行政诉讼3件，不予公开２件。共收到38件申请",
    "b": "没有诉\n讼。公开信息主动，予以公开。危及“三安全一稳定”",
    "c": "COVID-19 相关信息公开，不予，公开；12 34",
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


def years(found: Found) -> list[int | None]:
    return [hit.year for hit in found.hits]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("诉讼", {2021, 2022}),
        ("訴訟", {2021, 2022}),
        ("不予公开", {2021}),
        ("主动公开", set()),
        ("公开信息", {2022}),
        ("诉讼 不予公开", {2021}),
        ("诉讼　不予公开", {2021}),
        ("件", {2021}),
        ("件，", {2021}),
        ("件,", {2021}),
        ("2件", {2021}),
        ("８件", {2021}),
        ("三安全", {2022}),
        ("及三", {2022}),
        ("covid", {2023}),
        ("Covid-19", {2023}),
        ('"covid 19"', set()),
        ("1234", set()),
        ('"12 34"', {2023}),
        ("标题b", {2022}),
        ("b没有", set()),
        ("六甲街道", {2021, 2022, 2023}),
        ("昆明 诉讼", {2021, 2022}),
        ("province=云南省", set()),
        ("", {2021, 2022, 2023}),
        (" ", {2021, 2022, 2023}),
        ('""', set()),
        ("，。", set()),
        ('" OR *', set()),
        ("NEAR(诉, 讼)", set()),
        ("不存在的词", set()),
        ("\x00", set()),
        ("😀", set()),
        ("𠮷野家", set()),
    ],
)
def test_words_are_found_where_a_person_expects_them(
    catalog: Catalog, query: str, expected: set[int]
) -> None:
    found = catalog.search(Question(query))

    assert set(years(found)) == expected
    assert found.total == len(expected)


def test_a_traditional_text_is_found_by_simplified_words(catalog: Catalog) -> None:
    traditional = report_reading(
        capture("t", "https://x.gov.cn/t"), text="未發生行政訴訟，臺賬", year=2019
    )
    catalog.apply(traditional)

    (hit,) = catalog.search(Question("发生行政诉讼")).hits
    assert mark(hit.snippet) == "未【發生行政訴訟】，臺賬"
    assert catalog.search(Question("台账")).total == 1


def test_hit_shows_where_it_was_found(catalog: Catalog) -> None:
    (hit,) = catalog.search(Question("诉讼 2件")).hits

    assert hit.as_dict()["snippet"] == "本年度行政【诉讼】3件，不予公开【２件】。共收到38件申请"
    assert hit.issuer == ISSUER.name


def test_filters_and_pages(catalog: Catalog) -> None:
    assert years(catalog.search(Question("诉讼", first_year=2022))) == [2022]
    assert years(catalog.search(Question("诉讼", last_year=2021))) == [2021]
    assert catalog.search(Question("诉讼", province="云南省")).total == 2
    assert catalog.search(Question("诉讼", province="浙江省")).total == 0
    assert catalog.search(Question(level="town", kind="subdistrict_office")).total == 3
    assert catalog.search(Question(level="city")).total == 0
    assert years(catalog.search(Question("诉讼", order="newest"), 1)) == [2022]
    assert years(catalog.search(Question("诉讼", order="newest"), 1, offset=1)) == [2021]
    assert years(catalog.search(Question(first_year=2022, last_year=10**9))) == [2023, 2022]
    assert catalog.search(Question(first_year=10**9)).total == 0


def test_what_was_found_is_counted_by_year_and_province(catalog: Catalog) -> None:
    found = catalog.search(Question("诉讼"))

    assert found.by_year == {2022: 1, 2021: 1}
    assert found.by_province == {"云南省": 2}


def test_counting_stops_when_there_are_enough(catalog: Catalog) -> None:
    found = catalog.search(Question("街道"), enough=2)

    assert (found.total, found.more, found.by_year) == (2, True, {})
    assert catalog.search(Question("街道"), enough=None).total == 3


def test_hit_in_the_title_comes_before_those_in_the_text(catalog: Catalog) -> None:
    catalog.apply(
        report_reading(capture("d", "https://x.gov.cn/d"), title="诉讼", text="无", year=2010)
    )

    assert years(catalog.search(Question("诉讼", order="relevance")))[0] == 2010
    assert years(catalog.search(Question("诉讼"), enough=1)) == [2010]


def test_more_of_a_word_comes_before_less(catalog: Catalog) -> None:
    text = "不予公开，说明理由。" * 9
    catalog.apply(report_reading(capture("d", "https://x.gov.cn/d"), text=text, year=2010))

    found = catalog.search(Question("不予公开"))
    assert (years(found), found.ranked) == ([2010, 2021], True)
    assert years(catalog.search(Question("不予公开", order="newest"))) == [2021, 2010]


def test_a_report_that_changes_is_found_by_its_new_words_only(catalog: Catalog) -> None:
    catalog.apply(
        report_reading(
            capture("a2", "https://x.gov.cn/a", captured_at="2027-01-01T00:00:00.000000Z"),
            text="新的内容",
            year=2021,
        )
    )

    assert years(catalog.search(Question("诉讼"))) == [2022]
    assert years(catalog.search(Question("新的内容"))) == [2021]


def test_index_forgets_everything_of_what_is_gone(catalog: Catalog) -> None:
    for name in TEXTS:
        catalog.apply(
            replace(report_reading(capture(name, f"https://x.gov.cn/{name}")), report=None)
        )
    catalog.optimise_search()

    (size,) = catalog.db.execute(f"select sum(length(block)) from {FTS_TABLE}_data").fetchone()
    assert size < 50
    assert catalog.search(Question()).total == 0


def test_index_survives_a_vacuum(catalog: Catalog) -> None:
    catalog.apply(replace(report_reading(capture("a", "https://x.gov.cn/a")), report=None))
    catalog.db.vacuum()

    assert years(catalog.search(Question("诉讼"))) == [2022]


def test_address_tells_year_and_province(catalog: Catalog) -> None:
    catalog.apply(report_reading(capture("d", "https://x.gov.cn/d"), year=None, title="无年份"))
    found = dict(catalog.db.execute("select docid, year from reports").fetchall())

    assert {year_of(docid): province_of(docid) for docid in found} == {
        2021: "云南省", 2022: "云南省", 2023: "云南省", None: "云南省",
    }  # fmt: skip
    assert all(year_of(docid) == year for docid, year in found.items())
    low, high = addresses(2022, 2022)
    assert [year for docid, year in found.items() if low <= docid <= high] == [2022]


def test_query_is_as_datasette_passes_it_on() -> None:
    assert fts_query("诉讼 不予公开 件") == '"诉讼" "不予 予公 公开" "件"'
    assert fts_query("“诉讼 案件”") == '"诉讼 讼案 案件"'
    assert fts_query(" ") == '""'


def test_snippet_cuts_around_the_first_hit() -> None:
    text = "前" * 100 + "诉讼" + "后" * 100

    assert mark(snippet(text, "诉讼", width=12)) == "…前前前前【诉讼】后后后后后后…"
    assert mark(snippet(text, "没有", width=5)) == "前前前前前…"
    assert snippet("", "诉讼") == ()


def test_snippet_shows_the_place_where_the_words_meet() -> None:
    text = "诉讼。" + "中" * 100 + "复议后诉讼。" + "后" * 100

    assert mark(snippet(text, "诉讼 复议", width=12)) == "…中中中中【复议】后【诉讼】。后后…"


ALPHABET = st.text(
    "公开公開信息件12 ab-Ａ，,。\n\t“”《》「」'\"*^:()\\\x00\u200b\u2423😀𠮷ßé①Ⅷ", max_size=12
)
TEXT = ALPHABET | st.text(max_size=12)


@settings(deadline=None)
@given(TEXT)
def test_whatever_is_typed_is_a_valid_query(text: str) -> None:
    connection = sqlite3.connect(":memory:")
    connection.execute("create virtual table t using fts5(x)")

    connection.execute("select * from t where t match ?", [fts_query(text)]).fetchall()
    connection.close()


@settings(deadline=None)
@given(TEXT, TEXT, st.integers(3, 50))
def test_snippet_is_a_part_of_the_text(text: str, query: str, width: int) -> None:
    pieces = snippet(text, query, width)

    shown = "".join(piece for piece, _ in pieces).strip("…")
    assert "".join(shown.split()) in "".join(text.split())


@settings(deadline=None)
@given(TEXT, TEXT)
def test_a_title_is_marked_whole(text: str, query: str) -> None:
    shown = "".join(piece for piece, _ in marked(text, query))
    assert "".join(shown.split()) == "".join(text.split())


def test_a_snippet_is_as_wide_as_it_may_be() -> None:
    assert mark(snippet("前" * 20 + "诉讼", "诉讼", width=10)) == "…前前前前前前前前【诉讼】"


@settings(deadline=None)
@given(TEXT, TEXT, TEXT)
def test_what_folds_alike_is_marked_in_the_original(before: str, word: str, behind: str) -> None:
    folded = fold(word)
    found = re.search(pattern(folded), before + word + behind) if folded else None

    assert fold(fold(word)) == folded or "\u2423" in folded
    if folded and folded in fold(before + word + behind):
        assert found is not None
        assert fold(found[0]) == folded


@settings(deadline=None, max_examples=150)
@given(TEXT, TEXT, TEXT, TEXT)
def test_search_finds_what_like_finds(title: str, text: str, other: str, query: str) -> None:
    connection = sqlite3.connect(":memory:")
    connection.execute(FTS_SQL)
    none = dict.fromkeys(("issuer", "issuer_kind", "province", "level", "scope", "form", "trust"))
    reports = [
        none | {"docid": 1, "title": title, "text": text, "status": None},
        none | {"docid": 2, "title": None, "text": other, "status": None},
    ]
    enter(connection, reports)
    sql = f"select rowid from {FTS_TABLE} where {FTS_TABLE} match ? order by rowid"
    found = [docid for (docid,) in connection.execute(sql, [fts_query(query)])]
    forget(connection, reports)
    optimise(connection)
    left = connection.execute(f"select count(*) from {FTS_TABLE}_data where id > 10").fetchone()
    connection.close()

    wanted = words(query)
    assert found == [
        report["docid"]
        for report in reports
        if wanted
        and all(
            any(word in fold(report[name] or "") for name in ("title", "text")) for word in wanted
        )
    ]
    assert left == (0,)


@pytest.mark.parametrize("query", ["公开" * 5000, "公 开 " * 3000, '"' * 10_000, "ab " * 5000])
def test_long_queries_are_cut(catalog: Catalog, query: str) -> None:
    assert search(catalog.db.conn, Question(query)).total in (0, 3)
