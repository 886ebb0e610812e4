"""Who has no report for a year, and why: each reason from the captures that lead to it."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from catalog_readings import capture, report_reading, stored
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.catalog import Catalog
from archive.catalog.absence import DOCUMENT, REASONS
from archive.catalog.coverage import Asked, filled, is_place, matrix, span, tree
from archive.catalog.entries import named
from archive.deadlines import complete_year, due, last_due
from archive.records import Failure, Issuer, Reading

TODAY = date(2026, 11, 22)
HOME = "http://www.kmgd.gov.cn/"
ELSEWHERE = "http://www.example.gov.cn/"
COLUMN = f"{HOME}zfxxgk/zfxxgknb/"
DIVISIONS = [
    {"code": "530000", "name": "云南省"},
    {"code": "530100", "name": "昆明市"},
    {"code": "530111", "name": "官渡区"},
    {"code": "530112", "name": "西山区"},
    {"code": "530111008", "name": "六甲街道"},
    {"code": "120000", "name": "天津市"},
    {"code": "120119", "name": "蓟州区", "start": "2016"},
    {"code": "120225", "name": "蓟县", "end": "2015", "successors": "120119"},
]
PORTAL = {"spider": "yunnan", "code": "530111", "name": "昆明市官渡区", "url": HOME}
PLACES = {"530111": ("云南省", "昆明市", "官渡区"), "120225": ("天津市", "蓟县")}


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    with Catalog(tmp_path / "catalog.db") as made:
        made.load_divisions(DIVISIONS)
        yield made


def organ(name: str, code: str = "530111", **fields: Any) -> Issuer:
    fields = {"kind": "department", "scope": "own", "path": PLACES[code]} | fields
    return Issuer(name=name, division_code=code, **fields)


BUREAU = organ("昆明市官渡区财政局")
STREET = organ(
    "昆明市官渡区人民政府六甲街道办事处", kind="subdistrict_office", township_code="530111008"
)
WHOLE = organ("昆明市官渡区人民政府", kind="government", scope="aggregate")
OLD = organ("蓟县财政局", "120225")


def publish(catalog: Catalog, issuer: Issuer, year: int, **hints: str) -> None:
    """Let the catalog have the report of an organ for a year."""
    url = f"{ELSEWHERE}{issuer.name}/{year}.htm"
    made = report_reading(capture(url, url), issuer=issuer, year=year, title=None)
    catalog.apply(Reading(stored(made.stored.capture, hints=hints), "report", made.report))


def visit(catalog: Catalog, url: str, outcome: str | None, **fields: Any) -> None:
    """Let a crawl have fetched a page of the portal with this outcome."""
    hints = fields.pop("hints", {}) | {"portal": "530111", "portal_url": HOME}
    of = capture(f"{url} {outcome}", url, **fields)
    if outcome is None:
        catalog.apply(Reading(stored(of, hints=hints), "report"))
        catalog.db.execute("update captures set outcome = null where id = ?", [of.id])
    else:
        catalog.apply(Reading(stored(of, hints=hints), outcome))


def visit_column(catalog: Catalog, outcome: str = "navigation", **fields: Any) -> None:
    hints = {"column_url": COLUMN, "column_kind": "column"}
    visit(catalog, COLUMN, outcome, kind="column", hints=hints, **fields)


def list_entry(catalog: Catalog, title: str, outcome: str | None, name: str = "a") -> None:
    visit(
        catalog,
        f"{COLUMN}{name}.htm",
        outcome,
        hints={"column_url": COLUMN, "anchor": title},
    )


def why(catalog: Catalog, year: int = 2023, today: date = TODAY, **asked: Any) -> dict[str, str]:
    """Return the reasons of the organs without a report by their names."""
    found = catalog.missing(year, Asked(**asked), today=today)
    return {row["name"]: row["reason"] for row in found if row["what"] == "agency"}


def test_nothing_is_due_before_its_day(catalog: Catalog) -> None:
    for issuer in (BUREAU, WHOLE, STREET):
        publish(catalog, issuer, 2022)
    assert why(catalog, 2025, date(2026, 1, 31)) == dict.fromkeys(
        (BUREAU.name, WHOLE.name, STREET.name), "not_due"
    )
    assert why(catalog, 2025, date(2026, 2, 1)) == {
        BUREAU.name: "no_portal",
        WHOLE.name: "not_due",
        STREET.name: "not_due",
    }
    assert set(why(catalog, 2025, date(2026, 4, 1)).values()) == {"no_portal"}


def test_from_no_portal_to_a_column_that_does_not_list_it(catalog: Catalog) -> None:
    publish(catalog, BUREAU, 2022)
    assert why(catalog) == {BUREAU.name: "no_portal"}
    catalog.load_portals([PORTAL])
    assert why(catalog) == {BUREAU.name: "not_visited"}
    visit(catalog, f"{HOME}about.htm", "unrelated")
    assert why(catalog) == {BUREAU.name: "no_column"}
    visit(catalog, HOME, "navigation", kind="home")
    assert why(catalog) == {BUREAU.name: "no_column"}
    visit_column(catalog)
    assert why(catalog) == {BUREAU.name: "not_listed"}
    publish(catalog, BUREAU, 2023)
    assert why(catalog) == {}


@pytest.mark.parametrize(
    ("outcome", "reason"),
    [("blocked", "blocked"), ("not_found", "gone"), ("http_error", "failed")],
)
def test_a_home_page_or_column_that_could_not_be_read(
    catalog: Catalog, outcome: str, reason: str
) -> None:
    catalog.load_portals([PORTAL])
    publish(catalog, BUREAU, 2022)
    visit(catalog, HOME, outcome, kind="home")
    (row,) = [row for row in catalog.missing(2023, today=TODAY) if row["what"] == "agency"]
    assert (row["reason"], row["at"], row["evidence"]) == (reason, "portal", HOME)
    visit_column(catalog, outcome)
    (row,) = [row for row in catalog.missing(2023, today=TODAY) if row["what"] == "agency"]
    assert (row["reason"], row["at"], row["evidence"]) == (reason, "column", COLUMN)


def test_a_portal_that_cannot_be_reached(catalog: Catalog) -> None:
    catalog.load_portals([PORTAL])
    publish(catalog, BUREAU, 2022)
    catalog.add_failure(
        Failure("f1", "r1", HOME, "2026-11-22T00:00:00.000000Z", "DNSLookupError", "no address")
    )
    assert why(catalog) == {BUREAU.name: "failed"}


@pytest.mark.parametrize(
    ("outcome", "reason"),
    [(outcome, reason) for outcome, reason in DOCUMENT.items() if outcome != "never"],
)
def test_what_came_of_the_document_that_names_it(
    catalog: Catalog, outcome: str | None, reason: str
) -> None:
    publish(catalog, BUREAU, 2022)
    publish(catalog, STREET, 2022)
    visit_column(catalog)
    if outcome == "report":
        # It says 2021 in its text, whatever its title in the list says.
        publish(catalog, BUREAU, 2021, column_url=COLUMN, portal_url=HOME, portal="530111")
        url = f"{ELSEWHERE}{BUREAU.name}/2021.htm"
        title = f"{BUREAU.name}2023年政府信息公开工作年度报告"
        catalog.db.execute("update listed set anchor = ? where url = ?", [title, url])
    else:
        list_entry(catalog, "2023年官渡区财政局政府信息公开工作年度报告", outcome)
    assert why(catalog) == {BUREAU.name: reason, STREET.name: "not_listed"}
    assert why(catalog, organ=BUREAU_ID) == {BUREAU.name: reason}
    assert {row["at"] for row in catalog.missing(2023, today=TODAY)} == {"document", "column"}


BUREAU_ID = "530111-c8d6dfaf"


def test_a_document_that_was_listed_and_never_asked_for(catalog: Catalog) -> None:
    publish(catalog, BUREAU, 2022)
    visit_column(catalog)
    list_entry(catalog, "官渡区财政局2023年政府信息公开工作年度报告", "not_found")
    catalog.db.execute("delete from captures where url like '%a.htm'")
    assert why(catalog) == {BUREAU.name: "not_fetched"}


def test_a_redirect_tells_nothing(catalog: Catalog) -> None:
    publish(catalog, BUREAU, 2022)
    visit_column(catalog)
    list_entry(catalog, "官渡区财政局2023年政府信息公开工作年度报告", "redirect")
    assert why(catalog) == {BUREAU.name: "not_listed"}


def test_the_newest_capture_of_a_document_counts(catalog: Catalog) -> None:
    publish(catalog, BUREAU, 2022)
    visit_column(catalog)
    title = {"column_url": COLUMN, "anchor": "官渡区财政局2023年政府信息公开年报"}
    for day, outcome in (("22", "blocked"), ("20", "not_found")):
        at = f"2026-11-{day}T00:00:00.000000Z"
        visit(catalog, f"{COLUMN}a.htm", outcome, captured_at=at, hints=title)
    assert why(catalog) == {BUREAU.name: "blocked"}


def test_a_lost_report_of_an_organ_that_nobody_knows(catalog: Catalog) -> None:
    publish(catalog, WHOLE, 2023)
    visit_column(catalog)
    title = "昆明市官渡区民政局2023年政府信息公开工作年度报告"
    list_entry(catalog, title, "http_error")
    list_entry(catalog, "昆明市官渡区民政局2022年政府信息公开工作年度报告", "not_found", "b")
    list_entry(catalog, "官渡区2023年政府信息公开工作年度报告编写通知", "notice", "c")
    list_entry(catalog, "官渡区审计局2023年政府信息公开年报", "attachment_only", "d")

    (row,) = catalog.missing(2023, today=TODAY)
    assert (row["what"], row["name"], row["reason"]) == ("document", title, "failed")
    assert (row["division_code"], row["division"]) == ("530111", "官渡区")
    assert catalog.missing(2023, Asked(kind="department"), today=TODAY) == []
    assert catalog.missing(2023, Asked(place="530111008"), today=TODAY) == []
    assert len(catalog.missing(2023, Asked(place="530100"), today=TODAY)) == 1


def test_a_portal_stands_for_a_division_without_any_report(catalog: Catalog) -> None:
    catalog.load_portals([PORTAL, PORTAL | {"url": "http://x.cn/", "code": "530112"}])
    publish(catalog, BUREAU, 2023)
    (row,) = catalog.missing(2023, today=TODAY)
    assert (row["what"], row["url"], row["reason"]) == ("portal", "http://x.cn/", "not_visited")


def test_organs_of_divisions_that_are_no_more(catalog: Catalog) -> None:
    publish(catalog, OLD, 2012)
    publish(catalog, OLD, 2016)  # Published in the year after, under the old name.
    assert why(catalog, 2015) == {OLD.name: "no_portal"}
    assert why(catalog, 2017) == {}
    years, (tianjin, total) = matrix(catalog.db.conn, Asked())
    assert years == [2012, 2013, 2014, 2015, 2016]
    assert {year: cell["known"] for year, cell in tianjin["cells"].items()} == dict.fromkeys(
        years, 1
    )
    assert {year: cell["organs"] for year, cell in total["cells"].items() if cell["organs"]} == {
        2012: 1,
        2016: 1,
    }
    publish(catalog, BUREAU, 2018)
    _, rows = matrix(catalog.db.conn, Asked(place="120000"))
    assert [row["code"] for row in rows] == ["120000", None]
    _, rows = matrix(catalog.db.conn, Asked())
    assert rows[0]["cells"][2018] == {"organs": 0, "known": 0, "share": None}
    assert rows[-1]["cells"][2018] == {"organs": 1, "known": 1, "share": 1.0}


def test_the_tree_sums_up_from_township_to_province(catalog: Catalog) -> None:
    for issuer, year in ((BUREAU, 2023), (STREET, 2023), (WHOLE, 2022)):
        publish(catalog, issuer, year)
    found = tree(catalog.db.conn, 2023, Asked(place="530000"))
    assert [(row["code"], row["depth"], row["organs"], row["known"]) for row in found] == [
        ("530000", 0, 2, 3),
        ("530100", 1, 2, 3),
        ("530111", 2, 2, 3),
        ("530112", 2, 0, 0),
    ]
    assert found[3]["share"] is None
    assert [row["government"] for row in found] == [False] * 4
    below = tree(catalog.db.conn, 2022, Asked(place="530111"))
    assert [(row["code"], row["organs"], row["government"]) for row in below] == [
        ("530111", 1, True),
        ("530111008", 0, False),
    ]
    assert [row["government"] for row in tree(catalog.db.conn, 2023, Asked(place="530111"))] == [
        False,
        True,
    ]
    everywhere = tree(catalog.db.conn, 2023, Asked(), levels=0)
    assert [(row["code"], row["known"]) for row in everywhere] == [("120000", 0), ("530000", 3)]
    assert tree(catalog.db.conn, 2023, Asked(place="999999")) == []


@settings(max_examples=15, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from([BUREAU, STREET, WHOLE]), st.integers(2019, 2024))),
    st.integers(2019, 2024),
)
def test_who_is_not_missing_is_there(reports: list[tuple[Issuer, int]], year: int) -> None:
    """The three counts agree: organs with a report and those without make the known ones."""
    with TemporaryDirectory() as folder, Catalog(Path(folder) / "catalog.db") as catalog:
        catalog.load_divisions(DIVISIONS)
        for issuer, published in reports:
            publish(catalog, issuer, published)
        absent = catalog.missing(year, today=TODAY)
        years, rows = matrix(catalog.db.conn, Asked())
        (top, *_) = tree(catalog.db.conn, year, Asked(place="530000"))
        assert top["known"] - top["organs"] == len(absent)
        assert {row["reason"] for row in absent} <= set(REASONS)
        if year in years:
            cell = rows[-1]["cells"][year]
            assert (cell["known"], cell["organs"]) == (top["known"], top["organs"])
            assert cell["organs"] == len({i.name for i, published in reports if published == year})


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("昆明市官渡区民政局2023年政府信息公开工作年度报告", "昆明市官渡区民政局"),
        ("2022年上海市政府信息公开工作年度报告", "上海市"),
        ("2022年度螅镇政府信息公开年度报告", "螅镇"),
        ("关于2022年度政府信息公开情况的报告", ""),
        ("《官渡区财政局政府信息公开工作2023年度报告》", "官渡区财政局"),
        ("楚雄市人民政府2023年信息公开年报", "楚雄市人民政府"),
        ("财政局2023年政务公开", ""),
        ("", ""),
    ],
)
def test_the_organ_that_a_title_names(title: str, name: str) -> None:
    assert named(title) == name


@pytest.mark.parametrize(
    ("code", "first", "after"),
    [
        ("530000", "53", "53:"),
        ("530100", "5301", "5301:"),
        ("530120", "530120", "530120:"),
        ("530111008", "530111008", "530111008:"),
        ("central", "10", "10:"),
        (None, "", ":"),
    ],
)
def test_the_codes_beneath_a_division(code: str | None, first: str, after: str) -> None:
    assert span(code) == {"first": first, "after": after}


def test_the_days_that_the_law_sets() -> None:
    assert due("department", "own", 2023) == date(2024, 1, 31)
    assert due("government_office", "own", 2019) == date(2020, 1, 31)
    assert due("government_office", "aggregate", 2019) == date(2020, 3, 31)
    assert due("government", None, 2023) == date(2024, 3, 31)
    assert due("department", "own", 2018) == date(2019, 3, 31)
    assert due("town_government", "own", 2018) is None
    assert due("public_institution", "own", 2023) is None
    assert due(None, None, 2023) is None
    assert last_due(2023) == date(2024, 3, 31)
    assert [complete_year(date(2026, 3, 31)), complete_year(date(2026, 4, 1))] == [2024, 2025]


@pytest.mark.parametrize("year", [0, 1, 9998, 9999, 20_260_201])
def test_a_year_that_no_calendar_has_is_no_error(catalog: Catalog, year: int) -> None:
    publish(catalog, BUREAU, 2022)
    assert set(why(catalog, year).values()) <= {"no_portal", "not_due"}
    assert due("department", "own", year)


@given(st.lists(st.integers(1, 9999), max_size=12))
def test_gaps_are_filled_as_far_as_they_can_be_gaps(years: list[int]) -> None:
    found = filled(years)
    assert set(years) <= set(found)
    assert found == sorted(set(found))
    assert len(found) <= 20 * len(set(years))


def test_years_that_others_have_reports_for(catalog: Catalog) -> None:
    publish(catalog, BUREAU, 2021)
    years, rows = matrix(catalog.db.conn, Asked(kind="department"), (2024,))
    assert years == [2021, 2022, 2023, 2024]
    assert rows[-1]["cells"][2024] == {"organs": 0, "known": 1, "share": 0.0}


def test_places_that_are_known(catalog: Catalog) -> None:
    publish(catalog, STREET, 2022)
    known = ("central", "530000", "530100", "530111", "530111008", "120000")
    assert [place for place in known if not is_place(catalog.db.conn, place)] == []
    unknown = ("999999", "539900", "530111999", "云南省")
    assert [place for place in unknown if is_place(catalog.db.conn, place)] == []
