"""Odd years, names and addresses: pages stay small and answer."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import lxml.html
import pytest
from datasette.app import Datasette
from hypothesis import given
from hypothesis import strategies as st
from small_archive import STREET, add_to_home, full_tables, make_home, report

from archive import deadlines
from archive.catalog.coverage import filled
from archive.records import Run

STREET_ID = "530111008-75083bf5"
LATER = Run("7" * 32, "yunnan", "2026-05-01T00:00:00.000000Z", software="gkcrawl")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Datasette]:
    """The small archive with reports whose year was read wrongly."""
    from gkcrawl.web.serve import build_datasette

    home = make_home(tmp_path_factory.mktemp("home"))
    wrong = {
        datetime(2026, 5, 1, n, tzinfo=UTC): report(
            f"http://www.kmgd.gov.cn/zfxxgk/{year}.html",
            STREET,
            year,
            full_tables(),
            published="2026-04-01",
        )
        for n, year in enumerate((1, 9998, 9999))
    }
    site = build_datasette(add_to_home(home, LATER, wrong))
    yield site
    site.databases["catalog"].close()


def get(site: Datasette, path: str) -> Any:
    return asyncio.run(site.client.get(path, follow_redirects=False))


@pytest.mark.parametrize("year", ["0", "1", "9998", "9999", "10000", "20260201"])
@pytest.mark.parametrize("page", ["/coverage", "/coverage/missing.json", "/coverage/divisions.csv"])
def test_any_year_may_be_asked_for(site: Datasette, page: str, year: str) -> None:
    assert get(site, f"{page}?year={year}&province=530000").status_code in (200, 302)


def test_a_year_that_was_read_wrongly_costs_one_column(site: Datasette) -> None:
    tree = lxml.html.document_fromstring(get(site, "/coverage").content)
    assert len(tree.xpath("//table[1]/thead/tr[last()]/th")) < 40
    rows = get(site, f"/agency/{STREET_ID}.json").json()["rows"]
    years = [row["year"] for row in rows]
    assert {1, 9998, 9999} < set(years)
    assert len(years) < 40
    assert years == sorted(years, reverse=True)
    assert get(site, f"/agency/{STREET_ID}").status_code == 200


def test_a_filter_keeps_the_years_of_all(site: Datasette) -> None:
    all_years = {row["year"] for row in get(site, "/coverage.json").json()["rows"]}
    some = get(site, "/coverage.json?kind=department").json()["rows"]
    assert not some or {row["year"] for row in some} == all_years


@given(st.sets(st.integers(1, 9999), max_size=12))
def test_years_between_are_filled_where_they_are_few(years: set[int]) -> None:
    found = filled(years)
    assert found == sorted(set(found))
    assert years <= set(found)
    assert len(found) <= 20 * len(years) + 1


def test_what_is_due_in_years_that_no_date_has() -> None:
    assert deadlines.last_due(2024) == date(2025, 3, 31)
    assert deadlines.last_due(99_999) == date(9999, 3, 31)
    assert deadlines.due("department", "own", 9999) == date(9999, 1, 31)
    assert deadlines.last_due(-5) == date(1, 3, 31)


def test_checks_that_cannot_be_told_are_not_called_open(site: Datasette) -> None:
    said = get(site, "/checks.json").json()
    assert "not_assessable" in said["columns"]
    assert "open" not in said["columns"]


@pytest.mark.parametrize(
    "path",
    ["/-/databases", "/-/databases.json", "/-/threads.json",
     "/-/static-plugins/gkcrawl/" + "x" * 3000, "/-/static/" + "a/" * 3000],
)  # fmt: skip
def test_what_the_machine_holds_is_not_told(site: Datasette, path: str) -> None:
    assert get(site, path).status_code == 404


def test_the_settings_tell_no_path(site: Datasette) -> None:
    folder = str(Path(str(site.databases["catalog"].path)).parent)
    for page in ("/-/metadata.json", "/-/config.json", "/-/settings.json", "/-/plugins.json"):
        assert folder not in get(site, page).text


def test_styles_are_still_there(site: Datasette) -> None:
    assert get(site, "/-/static-plugins/gkcrawl/gkcrawl.css").status_code == 200
