"""The evaluations in the catalog follow from what stands in it, in whatever order it came."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from catalog_readings import READ, capture, report_reading, stored
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive.catalog import Catalog, totals
from archive.catalog.database import Database
from archive.catalog.evaluated import place_above, places_below
from archive.catalog.evaluations import evaluate_all
from archive.records import Issuer, Reading, Table, Tables

HOST = "https://www.example.gov.cn"
BUREAU = Issuer("官渡区教育局", "department", "own", "530111", path=("云南省", "昆明市", "官渡区"))
HEALTH = replace(BUREAU, name="官渡区卫生健康局")
DISTRICT = replace(BUREAU, name="官渡区人民政府", kind="government", scope="aggregate")
CITY = Issuer("昆明市人民政府", "government", "aggregate", "530100", path=("云南省", "昆明市"))


def tables(new: int = 0, carried: int | None = 0, out: int | None = 0) -> Tables:
    requests: Table = {
        "new_requests": {"total": new},
        "carried_over_in": {"total": carried},
        "carried_over_out": {"total": out},
    }
    return Tables(requests=requests, status=READ)


def reading(issuer: Issuer, year: int, name: str = "", **fields: Any) -> Reading:
    """Return the reading of an organ's report, published in time, at an address of its own."""
    key = f"{name}{issuer.name}{year}"
    at = capture(key, f"{HOST}/{key}.html", captured_at=f"{year + 2}-05-01T00:00:00.000000Z")
    given = {"published": f"{year + 1}-01-20", "tables": tables()} | fields
    return report_reading(at, issuer=issuer, year=year, **given)


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    with Catalog(tmp_path / "catalog.db") as made:
        yield made


def found(catalog: Catalog, issuer: Issuer, check_id: str) -> dict[int, tuple[Any, ...]]:
    """Return year -> status, sides and culprit of one check of an organ's reports."""
    rows = catalog.db.execute(
        """select r.year, e.status, e."left", e."right", e.culprit
           from evaluations e join reports r on r.id = e.report_id
           where e.check_id = ? and r.issuer = ? order by r.year""",
        [check_id, issuer.name],
    )
    return {year: tuple(rest) for year, *rest in rows}


def test_last_years_report_may_come_after_this_years(catalog: Catalog) -> None:
    catalog.apply(reading(BUREAU, 2024, tables=tables(carried=3)))
    carried = "chain.carried_over_in.total"
    assert found(catalog, BUREAU, carried) == {2024: ("not_assessable", None, None, None)}

    catalog.apply(reading(BUREAU, 2023, tables=tables(out=2)))
    assert found(catalog, BUREAU, carried)[2024] == ("fail", 3, 2, "office")

    # Read anew with other values, then as no report at all.
    catalog.apply(reading(BUREAU, 2023, tables=tables(out=3)))
    assert found(catalog, BUREAU, carried)[2024] == ("hold", 3, 3, None)
    gone = reading(BUREAU, 2023).stored
    catalog.apply(Reading(gone, "notice"))
    assert found(catalog, BUREAU, carried) == {2024: ("not_assessable", None, None, None)}


def test_a_renamed_organ_has_no_last_year(catalog: Catalog) -> None:
    catalog.apply(reading(BUREAU, 2023, tables=tables(out=2)))
    renamed = replace(BUREAU, name="官渡区教育体育局")
    catalog.apply(reading(renamed, 2024, tables=tables(carried=3)))
    assert found(catalog, renamed, "chain.carried_over_in.total")[2024][0] == "not_assessable"


def test_of_two_documents_for_one_year_the_chosen_one_counts(catalog: Catalog) -> None:
    catalog.apply(reading(BUREAU, 2023, tables=tables(out=2)))
    catalog.apply(reading(BUREAU, 2024, tables=tables(carried=2)))
    poor = Tables(status=dict.fromkeys(READ, "absent"))
    catalog.apply(reading(BUREAU, 2023, "另一份", tables=poor, published="2024-06-01"))
    assert found(catalog, BUREAU, "chain.carried_over_in.total")[2024][0] == "hold"
    assert found(catalog, BUREAU, "published.late")[2023][0] == "hold"


def test_a_text_in_a_cell_is_no_blank(catalog: Catalog) -> None:
    for raw, status in (("/", "hold"), ("见附件", "not_assessable")):
        odd = replace(tables(carried=None), raw={"requests": {"carried_over_in": {"total": raw}}})
        catalog.apply(reading(BUREAU, 2023))
        catalog.apply(reading(BUREAU, 2024, tables=odd))
        assert found(catalog, BUREAU, "chain.carried_over_in.total")[2024][0] == status


def test_a_report_seen_before_the_day_was_in_time(catalog: Catalog) -> None:
    late = {"published": "2025-09-01"}
    catalog.apply(reading(BUREAU, 2024, **late))
    assert found(catalog, BUREAU, "published.late")[2024] == ("fail", 213, 0, "office")

    # Late in the evening in London is the next day in China.
    evening = capture("早", f"{HOST}/官渡区教育局2024.html", captured_at="2025-01-30T18:00:00.0Z")
    catalog.apply(report_reading(evening, issuer=BUREAU, year=2024, tables=tables(), **late))
    assert found(catalog, BUREAU, "published.late")[2024] == ("hold", 0, 0, None)


def test_a_pdf_may_have_lost_what_is_missing(catalog: Catalog) -> None:
    for media, culprit in (("text/html", "office"), ("application/pdf", "reading")):
        at = capture("c1", f"{HOST}/1.html", media_type=media)
        sections = dict.fromkeys(
            (
                "overview",
                "active_disclosure",
                "requests",
                "review_litigation",
                "problems_improvements",
            ),
            "正文。",
        )
        catalog.apply(report_reading(at, issuer=BUREAU, year=2024, sections=sections))
        assert found(catalog, BUREAU, "sections.missing")[2024] == ("fail", 5, 6, culprit)


def test_a_place_and_its_organs_come_in_any_order(catalog: Catalog) -> None:
    check = "aggregate.requests"
    catalog.apply(reading(BUREAU, 2024, tables=tables(29)))
    catalog.apply(reading(DISTRICT, 2024, tables=tables(50)))
    assert found(catalog, DISTRICT, check) == {2024: ("not_assessable", 50, 29, None)}

    catalog.apply(reading(HEALTH, 2024, tables=tables(21)))
    assert found(catalog, DISTRICT, check) == {2024: ("hold", 50, 50, None)}
    catalog.apply(reading(HEALTH, 2024, tables=tables(57)))
    assert found(catalog, DISTRICT, check) == {2024: ("fail", 50, 86, "unclear")}

    # What spoke for the whole place now speaks for one organ.
    at = reading(DISTRICT, 2024).stored.capture
    alone = replace(DISTRICT, scope="own")
    catalog.apply(report_reading(at, issuer=alone, year=2024, tables=tables(50)))
    assert found(catalog, DISTRICT, check) == {}


def test_a_city_may_count_its_districts_in(catalog: Catalog) -> None:
    office = replace(CITY, name="昆明市财政局", kind="department", scope="own")
    catalog.apply(reading(CITY, 2024, tables=tables(60)))
    catalog.apply(reading(office, 2024, tables=tables(10)))
    assert found(catalog, CITY, "aggregate.requests")[2024][0] == "not_assessable"
    catalog.apply(reading(DISTRICT, 2024, tables=tables(50)))
    assert found(catalog, CITY, "aggregate.requests")[2024] == ("hold", 60, 60, None)


@pytest.mark.parametrize(
    ("code", "above"),
    [
        ("530111", "530100"),
        ("530100", "530000"),
        ("530000", None),
        ("310115", "310000"),
        ("500240", "500000"),
        ("429004", "420000"),
        ("469001", "460000"),
    ],
)
def test_the_place_above(code: str, above: str | None) -> None:
    assert place_above(code) == above
    if above:
        assert code in places_below(above)


def series() -> list[Reading]:
    """Return readings that touch one another in every way the catalog knows."""
    copy = reading(BUREAU, 2023, "抄", tables=tables(5, out=1), trust="document_site")
    changed = replace(
        reading(BUREAU, 2022, tables=tables(4, out=7)),
        stored=stored(
            capture("改", f"{HOST}/官渡区教育局2022.html", captured_at="2025-01-01T00:00:00.0Z")
        ),
    )
    return [
        reading(BUREAU, 2022, tables=tables(4, out=2)),
        changed,
        reading(BUREAU, 2023, tables=tables(5, carried=2, out=1)),
        copy,
        reading(BUREAU, 2024, tables=tables(6, carried=1)),
        reading(HEALTH, 2023, tables=tables(2)),
        reading(DISTRICT, 2023, tables=tables(7)),
        reading(CITY, 2023, tables=tables(6)),
        Reading(stored(capture("没", f"{HOST}/没.html")), "notice"),
        reading(replace(BUREAU, division_code=None), 2023, "无"),
    ]


SERIES = series()


def dumped(path: Path, readings: Sequence[Reading]) -> list[str]:
    with Catalog(path) as catalog:
        for one in readings:
            catalog.apply(one)
        assert_sums_are_kept(catalog.db)
        lines = list(catalog.dump())
        evaluate_all(catalog.db.conn)
        assert list(catalog.dump()) == lines
    return lines


def assert_sums_are_kept(db: Database) -> None:
    standing = set(db.execute("select * from check_totals").fetchall())
    totals.recount(db.conn)
    assert set(db.execute("select * from check_totals").fetchall()) == standing
    db.conn.commit()


@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    order=st.permutations(range(len(SERIES))),
    again=st.lists(st.integers(0, len(SERIES) - 1), max_size=3),
)
def test_the_order_of_arrival_does_not_matter_and_twice_is_once(
    tmp_path_factory: pytest.TempPathFactory, order: list[int], again: list[int]
) -> None:
    folder = tmp_path_factory.mktemp("orders")
    first = dumped(folder / "a.db", SERIES)
    assert any('["evaluations"' in line for line in first)
    assert dumped(folder / "b.db", [SERIES[n] for n in [*order, *again]]) == first


def test_what_is_looked_at_does_not_grow_with_the_archive(catalog: Catalog) -> None:
    """Steps of SQLite for one more report, of a few and of many years and organs."""
    for year in range(2015, 2024):
        catalog.apply(reading(BUREAU, year))
    few = _steps(catalog, reading(HEALTH, 2020, "一"))
    for number in range(60):
        organ = replace(HEALTH, division_code=f"5303{number:02}", name=f"第{number}局")
        catalog.apply(reading(organ, 2020))
    many = _steps(catalog, reading(replace(HEALTH, name="官渡区水务局"), 2020, "二"))
    assert many < 1.5 * few


def _steps(catalog: Catalog, one: Reading) -> int:
    steps = 0

    def count() -> None:
        nonlocal steps
        steps += 1

    catalog.db.conn.set_progress_handler(count, 100)
    catalog.apply(one)
    catalog.db.conn.set_progress_handler(None, 0)
    return steps
