"""The real documents that ``GKCRAWL_SEEDS`` names, against the values read by hand."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from archive.records import Report
from archive.report import read
from archive.report.chars import fold, tight

SEEDS = ("000", "001", "002", "003", "004")


def seed(folder: Path, name: str) -> tuple[Report, dict[str, Any], str]:
    content = (folder / f"{name}.txt").read_bytes()
    expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    report = read(content, url=None)
    assert isinstance(report, Report)
    return report, expected["seeds"][name], content.decode("utf-8")


@pytest.mark.parametrize("name", SEEDS)
def test_identity_of_a_seed(seeds: Path, name: str) -> None:
    report, expected, _ = seed(seeds, name)
    division = expected["division"]
    assert (report.title, report.year, report.form) == (
        expected["title"],
        expected["year"],
        expected["report_format"],
    )
    assert (report.issuer.name, report.issuer.kind) == (expected["issuer"], expected["agency_kind"])
    assert report.issuer.division_code == division["code"]
    assert report.issuer.township_code == division.get("town_code")
    names = [division[key] for key in ("province", "city", "county", "town") if division[key]]
    assert list(report.issuer.path) == names
    assert report.published is None


@pytest.mark.parametrize("name", SEEDS)
def test_sections_of_a_seed(seeds: Path, name: str) -> None:
    report, expected, _ = seed(seeds, name)
    assert list(report.sections) == [section["key"] for section in expected["sections"]]
    assert "本年废止件数" not in "".join(report.sections.values())
    assert "结果维持" not in "".join(report.sections.values())


@pytest.mark.parametrize("name", SEEDS)
def test_every_sentence_of_a_seed_stands_in_its_text(seeds: Path, name: str) -> None:
    report, _, raw = seed(seeds, name)
    text = tight(fold(report.text)).replace("|", "")
    own = re.sub(r"—\s?\d+\s?—", "", raw)
    sentences = [tight(fold(piece)) for piece in re.split(r"[。\n|]", own)]
    lost = [s for s in sentences if s not in text and ".docx" not in s]
    # What a document-sharing site adds; other seeds have no such lines.
    site = [s for s in lost if re.search("文库|MB下载|当前文档|下载后|相关文章", s) or len(s) < 8]
    assert [s for s in lost if s not in site] == []
    assert "||" not in report.text


def test_nothing_of_the_document_site_stays(seeds: Path) -> None:
    report, _, _ = seed(seeds, "002")
    assert report.trust == "document_site"
    chrome = r"文库|\.docx|下载文档|当前文档|下载后|相关文章|—\s?\d+\s?—|中华人民共和 国"
    assert re.findall(chrome, report.text) == []
    assert report.text.count(report.title or "") == 1
