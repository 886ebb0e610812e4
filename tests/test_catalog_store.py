"""The catalog: what goes in, what is chosen, and that order and repetition do not matter."""

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from catalog_readings import ISSUER, REPORT, TABLES, capture, report_reading, stored
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.catalog import Catalog, CatalogError, Question, differences
from archive.records import Failure, Finding, Indicator, Issuer, Reading, Run, RunEnd, Tables

PAGE = "https://www.example.gov.cn/1.html"
COPY = "https://www.360docs.net/doc/1.html"
RUN = Run(
    id="r1",
    spider="yunnan",
    started_at="2026-11-22T00:00:00.000000Z",
    settings={"ROBOTSTXT_OBEY": "True"},
)


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    with Catalog(tmp_path / "catalog.db") as made:
        yield made


def rows(catalog: Catalog, sql: str, *parameters: Any) -> list[tuple[Any, ...]]:
    return catalog.db.execute(sql, parameters).fetchall()


def at(day: int) -> str:
    return f"2026-11-{day:02}T00:00:00.000000Z"


def test_report_goes_into_all_its_tables(catalog: Catalog) -> None:
    report = catalog.apply(report_reading(capture("c1")))

    assert report is not None
    assert rows(
        catalog,
        """select id, agency_id, issuer, province, level, year, form, trust, status, url, capture_id
           from reports""",
    ) == [
        (
            report,
            report.removesuffix("-2024"),
            ISSUER.name,
            "云南省",
            "town",
            2024,
            "2021",
            "official",
            "read",
            PAGE,
            "c1",
        )
    ]
    assert rows(
        catalog, "select item, measure, value, raw from active_disclosure order by item, measure"
    ) == [
        ("admin_coercion", "decisions", None, "/"),
        ("admin_fees", "amount_10k_cny", 25.1, None),
        ("regulations", "issued", 0, None),
        ("regulations", "repealed", 0, None),
        ("regulations", "valid", 0, None),
    ]
    assert rows(
        catalog, 'select check_id, status, "left", "right" from checks where status = ?', "fail"
    ) == [("rowsum.new_requests", "fail", 2, 1)]
    assert rows(catalog, "select key, text from sections") == list(REPORT.sections.items())
    assert rows(catalog, "select n, message from warnings") == [(1, "日期有两个")]
    assert rows(catalog, "select url from attachments") == [("https://www.example.gov.cn/a.docx",)]
    assert rows(catalog, "select id, name, level from agencies") == [
        (report.removesuffix("-2024"), ISSUER.name, "town")
    ]
    assert rows(
        catalog,
        """select new_requests__natural_person, new_requests__other_org, granted__total, status
           from requests_wide""",
    ) == [(1, None, None, "read")]


def test_whole_numbers_stay_whole_and_amounts_keep_their_fraction(catalog: Catalog) -> None:
    catalog.apply(report_reading(capture("c1")))

    values = [
        value
        for (value,) in rows(catalog, "select value from active_disclosure order by item, measure")
    ]

    assert [type(value) for value in values] == [type(None), float, int, int, int]


def test_capture_that_is_no_report_leaves_its_outcome_only(catalog: Catalog) -> None:
    assert catalog.apply(Reading(stored(capture("c1")), "notice", message="关于做好…")) is None

    assert rows(catalog, "select outcome, message from captures") == [("notice", "关于做好…")]
    assert rows(catalog, "select count(*) from reports") == [(0,)]


def test_capture_read_anew_replaces_what_it_said(catalog: Catalog) -> None:
    catalog.apply(report_reading(capture("c1")))
    catalog.apply(Reading(stored(capture("c1")), "notice"))

    for table in ("reports", "agencies", "sources", "versions", "requests", "readings", "checks"):
        assert rows(catalog, f"select count(*) from {table}") == [(0,)], table
    assert catalog.search(Question("诉讼")).hits == []


def test_official_source_speaks_before_a_copy_with_more_tables(catalog: Catalog) -> None:
    poor = replace(TABLES, status={"requests": "read"})
    report = catalog.apply(report_reading(capture("c1", PAGE), tables=poor))
    again = catalog.apply(
        report_reading(capture("c2", COPY, captured_at=at(30)), trust="document_site")
    )

    assert again == report
    assert rows(catalog, "select url, status from reports") == [(PAGE, "partial")]
    assert rows(catalog, "select url, trust, tables_read, chosen from sources order by url") == [
        (COPY, "document_site", 3, 0),
        (PAGE, "official", 1, 1),
    ]


def test_attachment_with_tables_speaks_before_a_later_page_without(catalog: Catalog) -> None:
    document = "https://www.example.gov.cn/a.docx"
    catalog.apply(report_reading(capture("c1", document, kind="attachment", captured_at=at(1))))
    catalog.apply(report_reading(capture("c2", PAGE, captured_at=at(2)), tables=Tables()))

    assert rows(catalog, "select url from reports") == [(document,)]


def test_newer_capture_of_a_url_replaces_the_older_even_with_less(catalog: Catalog) -> None:
    catalog.apply(report_reading(capture("c1", captured_at=at(1))))
    catalog.apply(report_reading(capture("c2", captured_at=at(2)), tables=Tables(), text="更正"))

    assert rows(catalog, "select capture_id, status, text from reports") == [
        ("c2", "no_tables", "更正")
    ]
    assert rows(catalog, "select count(*) from requests") == [(0,)]


def test_version_is_new_text_or_cells_and_not_other_blanks(catalog: Catalog) -> None:
    texts = ["甲 乙", "甲\n乙", "甲丙", "甲丙", "甲乙"]
    for day, text in enumerate(texts, 1):
        catalog.apply(report_reading(capture(f"c{day}", captured_at=at(day)), text=text))
    catalog.apply(report_reading(capture("c6", captured_at=at(6)), text="甲乙", tables=Tables()))

    assert rows(catalog, "select n, capture_id, seen_at from versions") == [
        (1, "c1", at(1)),
        (2, "c3", at(3)),
        (3, "c5", at(5)),
        (4, "c6", at(6)),
    ]
    assert catalog.status()["corrected"] == 1


@pytest.mark.parametrize(
    ("later", "told", "expected"),
    [
        ("https://www.example.gov.cn/a.html", "甲乙", ["c1"]),
        ("http://new.example.gov.cn/a.html", "甲丙", ["c1", "c2"]),
        ("http://www.example.gov.cn/b/b.html", "甲乙", ["c1"]),
        ("http://www.example.gov.cn/b/b.html", "甲丙", ["c2"]),
    ],
    ids=["https", "renamed host", "moved", "another page"],
)
def test_a_report_keeps_its_versions_where_it_moves(
    catalog: Catalog, later: str, told: str, expected: list[str]
) -> None:
    first = "http://www.example.gov.cn/a.html"
    catalog.apply(report_reading(capture("c1", first, captured_at=at(1)), text="甲乙"))
    catalog.apply(report_reading(capture("c2", later, captured_at=at(9)), text=told))

    assert rows(catalog, "select url from reports") == [(later,)]
    assert rows(catalog, "select capture_id from versions order by n") == [
        (one,) for one in expected
    ]


def test_what_stands_at_two_addresses_has_versions_at_each(catalog: Catalog) -> None:
    other = PAGE.replace("www.", "m.")
    for day, url in enumerate((PAGE, other, PAGE, other), 1):
        catalog.apply(report_reading(capture(f"c{day}", url, captured_at=at(day)), text=url))

    assert rows(catalog, "select capture_id from versions") == [("c2",)]


@pytest.mark.parametrize(
    "changes", [{"issuer": Issuer()}, {"year": None}], ids=["no organ", "no year"]
)
def test_unknown_organ_or_year_is_entered_and_marked(
    catalog: Catalog, changes: dict[str, Any]
) -> None:
    report = catalog.apply(report_reading(capture("c1"), **changes))

    assert report is not None
    assert report.startswith("url-")
    assert rows(catalog, "select id, status from reports") == [(report, "unidentified")]


@pytest.mark.parametrize(
    ("states", "expected"),
    [
        (("read", "recovered", "read"), "read"),
        (("read", "inconsistent", "read"), "inconsistent"),
        (("read", "ambiguous", "read"), "partial"),
        (("inconsistent", "absent", "absent"), "partial"),
        (("absent", "ambiguous", "absent"), "no_tables"),
    ],
)
def test_status_tells_how_far_it_is_read(
    catalog: Catalog, states: tuple[str, str, str], expected: str
) -> None:
    status: Any = dict(zip(TABLES.status, states, strict=True))
    catalog.apply(report_reading(capture("c1"), tables=replace(TABLES, status=status)))

    assert rows(catalog, "select status from reports") == [(expected,)]


def test_ambiguous_table_has_no_cells_but_its_count_of_readings(catalog: Catalog) -> None:
    tables = Tables(status={"requests": "ambiguous"}, readings={"requests": 2})
    catalog.apply(report_reading(capture("c1"), tables=tables))

    assert rows(catalog, "select name, status, readings from tables_status order by name") == [
        ("active_disclosure", "absent", None),
        ("requests", "ambiguous", 2),
        ("review_litigation", "absent", None),
    ]
    assert rows(catalog, "select count(*) from requests") == [(0,)]


def test_odd_texts_and_numbers_do_not_stop_it(catalog: Catalog) -> None:
    glued: Any = {"new_requests": {"total": 10**30}}
    catalog.apply(
        report_reading(
            capture("c1"), text="半个\ud800字\x00", tables=replace(TABLES, requests=glued)
        )
    )

    assert rows(catalog, "select text from reports") == [("半个?字\x00",)]
    assert rows(catalog, "select value from requests") == [(1e30,)]


def test_what_waits_and_what_was_seen_last(catalog: Catalog) -> None:
    first = capture("c1", captured_at=at(1), offset=10)
    second = capture("c2", captured_at=at(2), offset=5)
    catalog.add_capture(first)
    catalog.add_capture(second)
    assert catalog.pending() == [second, first]

    catalog.apply(Reading(stored(first), "empty"))
    catalog.add_capture(first)

    assert catalog.pending() == [second]
    assert catalog.outcome("c1") == "empty"
    assert catalog.last_capture(PAGE) == (at(2), None)
    assert catalog.last_capture("https://x/") is None
    assert catalog.newest(PAGE) == second
    assert catalog.newest("https://x/") is None
    assert list(catalog.captures()) == [second, first]


def test_runs_and_failures(catalog: Catalog) -> None:
    failure = Failure("f1", "r1", PAGE, at(1), "TimeoutError", "180 s", capture_id=None)
    catalog.end_run(RunEnd("r1", at(2), "finished", {"captures": 3}))
    catalog.add_run(RUN)
    catalog.add_failure(failure)
    catalog.add_failure(failure)

    assert rows(catalog, "select id, spider, ended_at, reason, counts, settings from runs") == [
        ("r1", "yunnan", at(2), "finished", '{"captures": 3}', '{"ROBOTSTXT_OBEY": "True"}')
    ]
    assert list(catalog.failures()) == [failure]


def test_divisions_get_parent_province_and_path(catalog: Catalog) -> None:
    names = {
        "530000": "云南省",
        "530100": "昆明市",
        "530111": "官渡区",
        "530111008": "六甲街道",
        "110000": "北京市",
        "110100": "市辖区",
        "110101": "东城区",
    }
    catalog.load_divisions([{"code": code, "name": name} for code, name in names.items()])

    assert rows(
        catalog, "select level, parent, province, path from divisions where code = '530111008'"
    ) == [("town", "530111", "云南省", "云南省/昆明市/官渡区/六甲街道")]
    assert rows(catalog, "select level, path from divisions where code = '110101'") == [
        ("county", "北京市/东城区")
    ]


def test_divisions_that_ended_stand_under_their_last_name_with_their_heirs(
    catalog: Catalog,
) -> None:
    catalog.load_divisions(
        [
            {"code": "120000", "name": "天津市", "start": "", "end": "", "successors": ""},
            {"code": "120119", "name": "蓟州区", "start": "2016", "end": "", "successors": ""},
            {"code": "530800", "name": "普洱市", "start": "2007", "end": "", "successors": ""},
            {
                "code": "530800",
                "name": "思茅市",
                "start": "",
                "end": "2006",
                "successors": "530800",
            },
            {"code": "120225", "name": "蓟县", "start": "", "end": "2015", "successors": "120119"},
        ]
    )

    columns = 'select code, name, path, start, "end", successors from divisions order by code'
    assert rows(catalog, columns) == [
        ("120000", "天津市", "天津市", None, None, None),
        ("120119", "蓟州区", "天津市/蓟州区", 2016, None, None),
        ("120225", "蓟县", "天津市/蓟县", None, 2015, "120119"),
        ("530800", "普洱市", "普洱市", None, None, None),
    ]


def test_portals_and_what_is_missing(catalog: Catalog) -> None:
    catalog.load_divisions([{"code": "532301", "name": "楚雄市"}])
    catalog.load_portals(
        [
            {
                "spider": "yunnan",
                "code": "532301",
                "name": "楚雄市",
                "url": "http://www.cxs.gov.cn/",
            },
            {"spider": "yunnan", "code": "530111", "url": "http://www.kmgd.gov.cn/", "notes": {}},
        ]
    )
    catalog.apply(report_reading(capture("c1")))

    assert [row["url"] for row in catalog.missing(2024)] == ["http://www.cxs.gov.cn/"]
    assert [(row["what"], row["name"], row["years"]) for row in catalog.missing(2023)] == [
        ("agency", ISSUER.name, "2024"),
        ("portal", None, None),
        ("portal", "楚雄市", None),
    ]
    assert rows(catalog, "select division, year, has_report from coverage order by division") == [
        (None, 2024, 1),
        ("楚雄市", 2024, 0),
    ]
    assert rows(catalog, "select agency, year, has_report from agency_coverage") == [
        (ISSUER.name, 2024, 1)
    ]
    with pytest.raises(ValueError, match="spider and url"):
        catalog.load_portals([{"name": "无"}])


def test_status_counts(catalog: Catalog) -> None:
    catalog.add_run(RUN)
    catalog.add_capture(capture("c2"))
    catalog.apply(report_reading(capture("c1")))

    status = catalog.status()

    assert status["captures"] == {"pending": 1, "report": 1}
    assert status["runs"] == {"total": 1, "unfinished": 1}
    assert status["reports"]["total"] == 1
    assert status["reports"]["by_year"] == {"2024": 1}
    assert status["reports"]["by_province"] == {"云南省": 1}
    assert status["tables"]["requests"] == {"read": 1}
    assert status["checks"] == {"fail": 1, "hold": 1}
    assert status["last_run"]["spider"] == "yunnan"


CONFLICT = Finding(
    "text.new_requests",
    "conflict",
    "the text says 134, the table 170",
    134,
    170,
    ("requests.new_requests.total",),
    "共收到134件。",
)


def test_findings_and_indicators_come_with_their_report(catalog: Catalog) -> None:
    agreement = Finding("text.review", "agrees", "the text and the table say 0", 0, 0)
    indicator = Indicator(("三、依申请公开", "1.当面申请数"), "件", 2.5, "2.5", "07")
    changes = {"findings": (CONFLICT, agreement), "indicators": (indicator,)}
    catalog.apply(report_reading(capture("c1"), **changes))

    (found,) = catalog.findings()
    assert (found["finding_id"], found["left"], found["right"]) == ("text.new_requests", 134, 170)
    assert (found["issuer"], found["year"], found["quote"]) == (ISSUER.name, 2024, "共收到134件。")
    assert found["cells"] == "requests.new_requests.total"
    assert len(catalog.findings(None)) == 2
    assert catalog.findings(None, finding_id="text.review", year=2023) == []
    assert rows(catalog, "select position, label, unit, value, raw, code from indicators") == [
        (1, "三、依申请公开 > 1.当面申请数", "件", 2.5, "2.5", "07")
    ]
    assert catalog.status()["findings"] == {"agrees": 1, "conflict": 1}

    catalog.apply(report_reading(capture("c1")))
    assert catalog.findings(None) == []
    assert rows(catalog, "select * from indicators") == []


def test_what_the_last_runs_got(catalog: Catalog) -> None:
    for run, day in (("r1", 1), ("r2", 3)):
        catalog.add_run(Run(run, "yunnan", at(day)))
        catalog.add_capture(capture(f"c-{run}", run_id=run))
        catalog.add_failure(Failure(f"f-{run}", run, "https://x/", at(day), "DNSLookupError", ""))

    assert list(catalog.captures_since(at(2))) == [
        {
            "spider": "yunnan",
            "url": "https://www.example.gov.cn/1.html",
            "outcome": None,
            "status": 200,
        }
    ]
    assert list(catalog.failures_since(at(2))) == [
        {"spider": "yunnan", "url": "https://x/", "error": "DNSLookupError"}
    ]
    assert len(list(catalog.captures_since(at(1)))) == 2
    catalog.load_portals([{"spider": "yunnan", "url": "http://www.cxs.gov.cn/", "name": "楚雄市"}])
    assert catalog.portal_names() == {"http://www.cxs.gov.cn/": "楚雄市"}


def test_catalog_to_be_read_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="there is no catalog"):
        Catalog(tmp_path / "catalog.db", readonly=True)


def test_a_catalog_that_cannot_be_opened_now_says_what_to_look_at(tmp_path: Path) -> None:
    with pytest.raises(CatalogError, match="is the disk full"):
        Catalog(tmp_path / "no folder" / "catalog.db")


def test_readonly_catalog_reads_and_does_not_write(catalog: Catalog) -> None:
    catalog.apply(report_reading(capture("c1")))

    with Catalog(catalog.path, readonly=True) as reader:
        assert len(reader.search(Question("诉讼")).hits) == 1
        with pytest.raises(sqlite3.OperationalError, match="readonly"):
            reader.add_capture(capture("c2"))


def test_file_that_is_no_catalog_is_refused_with_a_remedy(tmp_path: Path) -> None:
    path = tmp_path / "catalog.db"
    path.write_bytes(b"nonsense" * 1000)
    with pytest.raises(CatalogError, match="move it away"):
        Catalog(path)

    path.unlink()
    connection = sqlite3.connect(path)
    connection.execute("pragma user_version = 99")
    connection.execute("create table t (x)")
    connection.close()
    with pytest.raises(CatalogError, match="version 99"):
        Catalog(path)


def test_error_in_a_batch_leaves_nothing_of_it(catalog: Catalog) -> None:
    def write_and_fail() -> None:
        with catalog.batch():
            catalog.apply(report_reading(capture("c1")))
            raise RuntimeError("in the middle")

    with pytest.raises(RuntimeError):
        write_and_fail()

    assert list(catalog.captures()) == []


@st.composite
def readings_that_compete(draw: st.DrawFn) -> Reading:
    """One of few reports, seen at one of three addresses on one of four days; or a notice there."""
    day = draw(st.integers(1, 4))
    url = draw(st.sampled_from([PAGE, COPY, "https://www.example.gov.cn/2.pdf"]))
    of = capture(str(draw(st.uuids())), url, captured_at=at(day), offset=day)
    if not draw(st.integers(0, 3)):
        return Reading(stored(of), "notice")
    states: Any = {
        name: draw(st.sampled_from(["read", "absent", "inconsistent"])) for name in TABLES.status
    }
    return report_reading(
        of,
        year=draw(st.sampled_from([2023, 2024, None])),
        text=draw(st.sampled_from(["丑", "寅"])),
        trust=draw(st.sampled_from(["official", "document_site", "untrusted", None])),
        tables=replace(TABLES, status=states),
    )


@settings(max_examples=40, deadline=None)
@given(
    data=st.data(),
    readings=st.lists(readings_that_compete(), max_size=8, unique_by=lambda r: r.stored.capture.id),
)
def test_order_and_repetition_and_what_is_entered_together_do_not_matter(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject, readings: list[Reading]
) -> None:
    folder = tmp_path_factory.mktemp("orders")
    shuffled = data.draw(st.permutations(readings + readings))

    dumps = []
    together = data.draw(st.integers(1, 8))
    for name, order, size in (("a", readings, 1), ("b", shuffled, together)):
        with Catalog(folder / name) as made:
            for n in range(0, len(order), size):
                made.apply_all(order[n : n + size])
            dumps.append(list(made.dump()))
            assert list(differences(made.db)) == []
            assert {hit.report_id for hit in made.search(Question("丑 年度报告")).hits} == {
                row["id"] for row in made.db.query("select id from reports where text = '丑'")
            }

    assert dumps[0] == dumps[1]
