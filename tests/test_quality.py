"""The accuracy that must not fall, on a small sample of the test bed (see bench/README.md)."""

import ast
import json
from pathlib import Path
from typing import Any

import pytest

from archive.report import read
from bench import renderings
from bench.read import measure, reading
from bench.scoring import score
from bench.testbed import figures, pages
from bench.testbed.model import document

QUALITY = json.loads((Path(__file__).parent / "quality.json").read_text(encoding="utf-8"))
BED = Path(renderings.__file__).parent / "testbed"


@pytest.fixture(scope="module")
def bar() -> dict[str, Any]:
    sample = QUALITY["sample"]
    seeds = list(range(sample["seed"], sample["seed"] + sample["count"]))
    report = measure(renderings.chosen(None), seeds, seeds[: sample["costly"]], beside=False)
    return report["bar"]


@pytest.mark.parametrize("name", QUALITY["at_least"])
def test_no_rate_falls_below_its_floor(bar: dict[str, Any], name: str) -> None:
    value = bar[name]["value"]
    if value is None:
        pytest.skip("no sample could be made here: see `skipped` of python -m bench.read")

    assert value >= QUALITY["at_least"][name]


@pytest.mark.parametrize("name", QUALITY["at_most"])
def test_no_count_of_faults_rises_above_its_ceiling(bar: dict[str, Any], name: str) -> None:
    assert bar[name]["value"] <= QUALITY["at_most"][name]


def test_a_document_is_made_by_its_rendering_and_seed_alone() -> None:
    assert pages.html_page(5).content == pages.html_page(5).content
    assert pages.html_page(5).content != pages.html_page(6).content


def test_identities_hold_in_a_report_that_is_not_broken_and_fail_in_one_that_is() -> None:
    whole, faulty = document(3, broken=False).figures, document(3, broken=True).figures

    assert whole is not None
    assert figures.broken(whole) == []
    assert faulty is not None
    assert all(left != right for _, left, right in figures.broken(faulty))
    assert figures.broken(faulty)


def test_a_changed_cell_counts_as_silently_wrong() -> None:
    sample = pages.html_page(5)
    assert reading(sample).silently_wrong == []
    assert sample.doc is not None
    assert sample.doc.figures is not None

    sample.doc.figures.active["admin_licensing"]["decisions"] = 987654
    result = score(sample, read(sample.content, url=sample.url, media_type=sample.media_type))

    assert [x.partition(":")[0] for x in result.silently_wrong] == [
        "active_disclosure.admin_licensing.decisions"
    ]


def test_the_bed_takes_no_words_from_the_reader() -> None:
    imported = {
        name
        for path in BED.glob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and (name := node.module)
    }

    assert not [name for name in imported if name.startswith(("archive", "gkcrawl", "spiders"))]
