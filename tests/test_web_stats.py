"""The page of statistics: sums by year, shares, medians, and what stands behind each."""

import json
import re
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest
from asked_pages import Site, text
from small_archive import make_home

from archive.catalog import Catalog
from archive.catalog.stats import Sum
from gkcrawl.web.views.stats_rows import Chart, Series, charts, rows

ROOT = Path(__file__).parent.parent
STATIC = ROOT / "gkcrawl" / "web" / "static"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with Site(make_home(tmp_path_factory.mktemp("home"))) as site:
        yield site


def figures(site: Site, chart: str, query: str = "") -> dict[tuple[int, str], tuple[float, int]]:
    """Return (year, series) -> (value, reports)."""
    return {
        (row["year"], row["series"]): (row["value"], row["reports"])
        for row in site.rows(f"/stats?{query}")
        if row["chart"] == chart
    }


def test_applications_by_kind_of_applicant(site: Site) -> None:
    found = figures(site, "applications")

    # The Table III of 2024 does not add up.
    assert {year for year, _ in found} == {2023}
    assert found[2023, "natural_person"] == (12, 1)
    assert found[2023, "business_enterprise"] == (3, 1)
    assert found[2023, "total"] == (15, 1)


def test_unproved_tables_on_request(site: Site) -> None:
    found = figures(site, "applications", "all=1")

    assert found[2024, "total"] == (15, 1)
    assert "没有计入" not in text(site.page("/stats?all=1").xpath('//div[@class="note"]')[0])[:80]


def test_shares_of_outcomes(site: Site) -> None:
    shares = {
        row["series"]: (row["value"], row["share"])
        for row in site.rows("/stats")
        if row["chart"] == "outcomes"
    }

    assert shares == {
        "granted": (10, 0.666667),
        "partially_granted": (1, 0.066667),
        "denied": (2, 0.133333),
        "unavailable": (2, 0.133333),
        "rejected": (0, 0),
        "other": (0, 0),
        "handled_total": (15, None),
    }


def test_medians_review_and_disclosure(site: Site) -> None:
    assert figures(site, "median")[2023, "new_requests"] == (15, 1)
    assert figures(site, "review") == {
        (year, outcome): (int(outcome in ("upheld", "total")), 1)
        for year in (2023, 2024)
        for outcome in ("upheld", "corrected", "other", "pending", "total")
    }
    assert figures(site, "admin_licensing")[2023, "decisions"] == (1203, 1)
    assert figures(site, "normative_docs")[2024, "valid"] == (14, 1)


def test_the_page_has_every_number_in_a_table(site: Site) -> None:
    tree = site.page("/stats")
    cells = [text(cell).replace(",", "") for cell in tree.xpath("//td")]
    told = {number for cell in cells for number in re.findall(r"[\d.]+", cell)}

    for row in site.rows("/stats"):
        assert f"{row['value']:g}" in told
        assert str(row["reports"]) in told


def test_selections_that_fit_nothing(site: Site) -> None:
    for query in ("basis=county", "province=%E6%97%A0", "kind=%27", "basis=x&province="):
        tree = site.page(f"/stats?{query}")
        assert ("没有可用的统计表" in text(tree)) == (query[:7] != "basis=x")


def test_the_two_scopes_are_never_added(site: Site) -> None:
    note = text(site.page("/stats").xpath('//div[@class="note"]')[0])

    assert "绝不相加两种" in note
    assert "1 份的表三勾稽不符或来源不可信" in note


def test_english(site: Site) -> None:
    tree = site.page("/stats?lang=en")

    assert tree.get("lang") == "en"
    assert "Share" in text(tree)
    labels = {row["label"] for row in site.rows("/stats?lang=en")}
    assert {"Granted", "Denied", "Received"} <= labels


def test_charts_are_drawn_from_our_own_files_on_this_page_only(site: Site) -> None:
    tree = site.page("/stats")
    scripts = tree.xpath("//script/@src")
    specs = set(tree.xpath("//@data-spec"))

    assert [script.rpartition("/")[2] for script in scripts] == [
        *("vega.min.js", "vega-lite.min.js", "vega-embed.min.js", "charts.js")
    ]
    for address in [*scripts, *specs]:
        site.get(address)
    assert {Path(spec).stem for spec in specs} <= {f.stem for f in (STATIC / "charts").iterdir()}
    assert not site.page("/checks").xpath("//script")
    assert tree.xpath("//@data-rows") == ["/stats.json"]


@pytest.mark.parametrize("file", sorted((STATIC / "charts").iterdir()), ids=lambda file: file.stem)
def test_specs_name_no_address_and_no_data(file: Path) -> None:
    spec = json.loads(file.read_text("utf-8"))

    assert "data" not in spec
    assert "://" not in file.read_text("utf-8")


def test_vendored_files_are_those_of_the_list() -> None:
    listed = dict(
        re.findall(
            r"^\| `([\w.-]+)` .*`([0-9a-f]{64})` \|$", (ROOT / "THIRD_PARTY.md").read_text(), re.M
        )
    )
    files = {
        file.name: sha256(file.read_bytes()).hexdigest()
        for file in (STATIC / "vendor").glob("*.js")
    }

    assert files == listed
    assert all((STATIC / "vendor" / f"LICENSE.{name.partition('.')[0]}").exists() for name in files)


def test_every_row_of_the_form_stands_in_one_outcome() -> None:
    (outcomes,) = [chart for chart in charts() if chart.key == "outcomes"]
    figures = [figure for series in outcomes.series for figure in series.figures]

    assert len(figures) == len(set(figures)) == 22


def test_share_of_nothing_is_none() -> None:
    chart = Chart("c", "c", (Series("a", "a", ("f",)),), shares=True)

    (row,) = rows(chart, {"f": {2024: Sum(0, 3)}})

    assert (row["value"], row["share"], row["reports"]) == (0, None, 3)


def test_an_empty_catalog(tmp_path: Path) -> None:
    Catalog(tmp_path / "catalog.db").close()
    with Site(tmp_path) as site:
        assert "没有可用的统计表" in text(site.page("/stats"))
        assert "没有核对过的报告" in text(site.page("/checks"))
        assert "没有这样的变动" in text(site.page("/changes"))
        assert site.get("/changes.atom").content.count(b"<entry>") == 0
        assert site.page("/about") is not None


def test_behind_a_prefix(site: Site, tmp_path: Path) -> None:
    with Site(make_home(tmp_path / "home"), base_url="/gk/") as prefixed:
        tree = prefixed.page("/stats")
        assert tree.xpath("//@data-rows") == ["/gk/stats.json"]
        assert all(src.startswith("/gk/") for src in tree.xpath("//script/@src"))
