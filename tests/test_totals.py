"""The sums kept ready are what counting all reports anew would give, whatever happened before."""

import sqlite3
import statistics
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from catalog_readings import ISSUER, TABLES, capture, report_reading, stored
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.catalog import Catalog, totals
from archive.catalog.stats import Selection, Sum, left_out, median, medians, sums
from archive.records import Check, Issuer, Reading

PLACES = [
    ISSUER,
    replace(ISSUER, kind="department"),
    replace(ISSUER, kind="government", scope="aggregate", township_code=None),
    replace(ISSUER, kind=None, scope=None, path=()),
]
CHECKS = [
    Check("flow.total", "hold", 1, 1),
    Check("flow.total", "fail", 2, 1, message="2 ≠ 1"),
    Check("cases.review", "not_assessable", None, None),
]


def kept(connection: sqlite3.Connection) -> list[list[Any]]:
    return [
        connection.execute(f"select * from {table} order by 1, 2, 3, 4, 5, 6, 7").fetchall()
        for table in ("totals", "spread", "check_totals")
    ]


@st.composite
def readings(draw: st.DrawFn) -> Reading:
    """Readings of a few captures: of the same reports anew, of others, or of no report at all."""
    number = draw(st.integers(0, 4))
    of = capture(f"c{number}", f"https://www.example.gov.cn/{number % 3}.html")
    if draw(st.integers(0, 4)) == 0:
        return Reading(stored(of), "notice")
    states = st.sampled_from(["read", "recovered", "inconsistent", "ambiguous", "absent"])
    values = st.sampled_from([0, 1, 7, None, 12_000_000, 2.5, -3, 2**70])
    requests = {
        "new_requests": {"natural_person": draw(values), "total": draw(values)},
        "granted": {"natural_person": 5, "total": draw(values)},
    }
    return report_reading(
        of,
        issuer=draw(st.sampled_from(PLACES)),
        year=draw(st.sampled_from([2023, 2024, None])),
        trust=draw(st.sampled_from(["official", "document_site", "untrusted", None])),
        tables=replace(
            TABLES, requests=requests, status={**TABLES.status, "requests": draw(states)}
        ),
        checks=tuple(draw(st.lists(st.sampled_from(CHECKS), unique_by=lambda check: check.id))),
    )


@settings(max_examples=60, deadline=None)
@given(sequence=st.lists(readings(), max_size=10))
def test_what_is_kept_is_what_counting_anew_gives(
    tmp_path_factory: pytest.TempPathFactory, sequence: list[Reading]
) -> None:
    with Catalog(tmp_path_factory.mktemp("totals") / "catalog.db") as catalog:
        for reading in sequence:
            catalog.apply(reading)
        connection = catalog.db.conn
        before = kept(connection)
        totals.recount(connection)

        assert kept(connection) == before
        assert all(row[-1] > 0 for row in before[2])


def test_organs_and_aggregates_are_never_added_up(tmp_path: Path) -> None:
    catalog = of_reports(tmp_path, *zip(PLACES[:3], (3, 4, 100), strict=True))
    connection = catalog.db.conn

    own = sums(connection, Selection())["requests.new_requests.total"]
    whole = sums(connection, Selection(basis="county"))["requests.new_requests.total"]

    assert own == {2024: Sum(7, 2)}
    assert whole == {2024: Sum(100, 1)}
    assert sums(connection, Selection(basis="city")) == {}
    catalog.close()


def test_selections_by_place_and_kind(tmp_path: Path) -> None:
    catalog = of_reports(tmp_path, (ISSUER, 3), (PLACES[1], 4))
    connection = catalog.db.conn

    def new_requests(**selected: Any) -> dict[int, Sum]:
        return sums(connection, Selection(**selected)).get("requests.new_requests.total", {})

    assert new_requests(kind="department") == {2024: Sum(4, 1)}
    assert new_requests(province="云南省") == {2024: Sum(7, 2)}
    assert new_requests(province="贵州省") == {}
    catalog.close()


def test_unproved_tables_count_only_on_request(tmp_path: Path) -> None:
    catalog = of_reports(tmp_path, (ISSUER, 3), (PLACES[1], 4), (PLACES[3], 9))
    doubtful = replace(TABLES, status={**TABLES.status, "requests": "inconsistent"})
    catalog.apply(
        report_reading(
            capture("x", "https://www.example.gov.cn/x.html"),
            issuer=replace(ISSUER, name="昆明市官渡区教育局", township_code=None),
            tables=doubtful,
        )
    )
    connection = catalog.db.conn

    proved, everything = Selection(), Selection(unproved=True)

    assert sums(connection, proved)["requests.new_requests.total"][2024] == Sum(7, 2)
    assert sums(connection, everything)["requests.new_requests.total"][2024] == Sum(8, 3)
    assert left_out(connection, proved) == {"unproved": 1, "unknown_scope": 1, "too_large": 0}
    assert left_out(connection, everything) == {"unproved": 0, "unknown_scope": 1, "too_large": 0}
    catalog.close()


@pytest.mark.parametrize("huge", [10_000_001, -10_000_001, 2**62, 1e300])
def test_cells_that_are_too_large_are_not_added_but_told(tmp_path: Path, huge: float) -> None:
    catalog = of_reports(tmp_path, (ISSUER, 10_000_000), (PLACES[1], huge))
    connection = catalog.db.conn

    assert sums(connection, Selection())["requests.new_requests.total"][2024] == Sum(10_000_000, 1)
    assert "too_large" not in sums(connection, Selection())
    assert left_out(connection, Selection())["too_large"] == 1
    assert left_out(connection, Selection(basis="county"))["too_large"] == 0
    catalog.close()


def test_medians_of_odd_and_even_numbers_of_reports(tmp_path: Path) -> None:
    catalog = of_reports(tmp_path, *((named(n), n) for n in (1, 2, 30)))
    catalog.apply(reading_of(named(4), 4, year=2023))
    catalog.apply(reading_of(named(5), 5, year=2023))

    found = medians(catalog.db.conn, Selection())["requests.new_requests.total"]

    assert found == {2024: 2, 2023: 4.5}
    catalog.close()


@given(st.lists(st.integers(-5, 40), min_size=1))
def test_median_is_that_of_the_values_laid_out(values: list[int]) -> None:
    counted = sorted(Counter(values).items())

    assert median(counted) == statistics.median(values)


def named(number: int) -> Issuer:
    return replace(ISSUER, name=f"昆明市官渡区第{number}局", kind="department", township_code=None)


def reading_of(issuer: Issuer, value: int, year: int = 2024) -> Reading:
    name = f"{issuer.name}-{issuer.kind}-{year}"
    return report_reading(
        capture(name, f"https://www.example.gov.cn/{name}.html"),
        issuer=issuer,
        year=year,
        tables=replace(TABLES, requests={"new_requests": {"total": value}}),
    )


def of_reports(folder: Path, *given: tuple[Issuer, int]) -> Catalog:
    """Return a catalog of reports for 2024, each with so many new requests."""
    catalog = Catalog(folder / "catalog.db")
    for n, (issuer, value) in enumerate(given):
        # Names of their own, so that each is an organ of its own.
        own = replace(issuer, name=f"{issuer.name}{n}")
        catalog.apply(reading_of(own, value))
    return catalog
