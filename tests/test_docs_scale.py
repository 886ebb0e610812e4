"""The figures of docs/scale.md are those of the simulation."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from bench.scale import national, national_inputs
from bench.scale.national_inputs import KEPT, SOURCES
from bench.scale.national_world import hosts
from gkcrawl.schedule.rules import load_rules

PAGE = (Path(__file__).parent.parent / "docs/scale.md").read_text("utf-8")
NEAR = 0.15
"""What a sixteenth of the hosts may tell otherwise than all of them."""
ROWS = {
    "Requests": "requests",
    "Reports": "reports",
    "Documents looked at again": "documents_again",
    "CPU hours, crawling": "cpu_hours_crawling",
    "CPU hours, reading": "cpu_hours_reading",
    "WARC files, GB": "archive_gigabytes",
    "Catalog, GB": "catalog_gigabytes",
}
_TIMES = {"million": 1e6, "thousand": 1e3, "": 1.0}


def tables() -> Mapping[str, Mapping[str, float]]:
    """Return the first number of each row of each table, by the heading above it."""
    found: dict[str, dict[str, float]] = {}
    heading = ""
    for line in PAGE.splitlines():
        if line.startswith("## "):
            heading = line.removeprefix("## ")
        elif match := re.match(r"\| ([^|]+?) \| ([\d.,]+) ?(million|thousand)?", line):
            number = float(match[2].replace(",", "")) * _TIMES[match[3] or ""]
            found.setdefault(heading, {})[match[1]] = number
    return found


TABLES = tables()


@pytest.fixture(scope="module")
def sample() -> Mapping[str, Any]:
    return national.measure(sample=True, seed=1)


@pytest.mark.parametrize(
    ("heading", "part"),
    [("A season", "season"), ("A whole year", "year"), ("The first visit", "first_visit")],
)
def test_what_is_told_is_what_was_simulated(
    heading: str, part: str, sample: Mapping[str, Any]
) -> None:
    told = TABLES[heading]
    share = sample["country"]["of_the_country"]
    found = {row: sample[part][key] / share for row, key in ROWS.items() if row in told}
    assert len(found) >= 6
    assert found == {row: pytest.approx(told[row], rel=NEAR) for row in found}


def test_the_large_night_is_as_long_as_told(sample: Mapping[str, Any]) -> None:
    told = TABLES["A large night"]
    everything = national.Game(hosts(1), KEPT, load_rules(), 1)
    night = everything._large_night(national.ADVISED)
    row = f"Hours, {national.ADVISED.at_once} spiders at a time"
    assert night["hours"] == pytest.approx(told[row], rel=NEAR)
    assert night["requests"] == pytest.approx(told["Requests"], rel=NEAR)
    assert night["busiest_machine_hours"] == pytest.approx(
        told["Hours, the slowest machine"], rel=NEAR
    )


def test_what_is_promised_of_the_country_is_kept(sample: Mapping[str, Any]) -> None:
    assert all(sample["kept"].values())


def test_every_input_says_where_it_comes_from(sample: Mapping[str, Any]) -> None:
    assert sample["inputs"].keys() == SOURCES.keys()
    assert all(one["source"] for one in sample["inputs"].values())


def test_what_is_kept_takes_as_much_as_was_reckoned_with(tmp_path: Path) -> None:
    written = national_inputs._written(tmp_path / "warc")
    assert written == pytest.approx(KEPT.document_bytes, rel=0.1)
    captured = national_inputs._per_capture(tmp_path / "captures.db")
    assert captured == pytest.approx(KEPT.capture_bytes, rel=0.1)
