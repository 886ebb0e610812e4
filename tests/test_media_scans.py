"""Pictures of pages: read by character recognition, and believed only as far as sums prove them."""

import subprocess
from dataclasses import replace
from pathlib import Path

import media_examples as examples
import pytest
from needed import demand_module, missing

from archive.records import Tables
from archive.report.media import (
    Unreadable,
    is_recognised,
    media_kind,
    notes_of,
    proved,
    scans,
    to_html,
)
from archive.report.media.markup import document
from archive.report.tables.checks import check_tables
from archive.report.tables.forms import forms

FONT = Path("/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc")


def review_picture() -> bytes:
    return examples.drawn(
        examples.review_rows(), str(FONT), [112] * 15, "四、政府信息公开行政复议、行政诉讼情况"
    )


def tables() -> Tables:
    """The tables of the made-up report as read."""
    known = forms()
    figures = iter(examples.REVIEW)
    return Tables(
        active_disclosure={"regulations": {"issued": 1}},
        requests={
            row: dict(zip(known.applicant_ids, cells, strict=True))
            for row, cells in zip(known.request_rows_of("2021"), examples.FIGURES, strict=True)
        },
        review_litigation={
            route: {outcome: next(figures) for outcome in known.outcome_ids}
            for route in known.route_ids
        },
        status=dict.fromkeys(("active_disclosure", "requests", "review_litigation"), "read"),
    )


def test_figures_from_pictures_are_kept_where_all_sums_prove_them() -> None:
    kept = proved(tables(), check_tables(tables(), "2021"))

    assert kept.requests == tables().requests
    assert kept.review_litigation == tables().review_litigation
    assert kept.active_disclosure is None
    assert dict(kept.status) == {
        "active_disclosure": "ambiguous",
        "requests": "read",
        "review_litigation": "read",
    }


@pytest.mark.parametrize("value", [None, 4711])
def test_one_figure_that_no_sum_proves_makes_a_table_ambiguous(value: int | None) -> None:
    found = tables()
    assert found.requests is not None
    found.requests["granted"]["total"] = value

    kept = proved(found, check_tables(found, "2021"))

    assert (kept.requests, kept.status["requests"]) == (None, "ambiguous")
    assert kept.review_litigation is not None


def test_a_table_that_is_not_there_stays_absent() -> None:
    found = replace(tables(), requests=None, status={**tables().status, "requests": "absent"})

    assert proved(found, check_tables(found, "2021")).status["requests"] == "absent"


def test_notes_come_back_as_they_were_written() -> None:
    notes = ("ocr: “2” pages & <more>", "2 pages were not read")

    assert notes_of(document(["<p>x</p>"], notes)) == notes
    assert is_recognised(notes)
    assert not is_recognised(notes[1:])


def test_without_the_extra_a_picture_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scans, "is_installed", lambda: False)

    result = to_html(examples.picture(300, 300), "image")

    assert isinstance(result, Unreadable)
    assert (result.reason, "gkcrawl[ocr]" in result.message) == ("image", True)


def test_a_table_in_a_picture_is_read_cell_by_cell() -> None:
    if not FONT.exists():
        missing(str(FONT))
    demand_module("rapidocr")
    content = review_picture()
    assert media_kind(content) == "image"

    html = to_html(content, "image")

    assert isinstance(html, str), html
    assert is_recognised(notes_of(html))
    rows = html.partition("<table>")[2].split("<tr>")
    cells = [cell.partition("</td>")[0].rpartition(">")[2] for cell in rows[-1].split("<td")[1:]]
    assert cells == [str(figure) for figure in examples.REVIEW]
    assert "结果维持" in html
    assert "行政复议、行政诉讼情况" in html.partition("<table>")[0]


def test_what_is_left_when_the_time_is_over_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    demand_module("rapidocr")
    monkeypatch.setattr(scans, "SECONDS", -1.0)

    sheets, notes = scans.recognised([lambda: pytest.fail("no time is left")] * 3)

    assert sheets == [None] * 3
    assert notes[-1] == "ocr: 3 pages were not read"
    assert "may lack text" in notes[-2]


RAR = b"Rar!\x1a\x07\x01\x00"


def test_a_rar_archive_is_unpacked_by_a_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "年报.docx").write_bytes(examples.report_docx())
    (tmp_path / "说明.txt").write_text("附件")
    program = tmp_path / "bsdtar"
    program.write_text(
        "#!/bin/sh\ncase $1 in -tf) printf 'a/\\n说明.txt\\n-rf\\n年报.docx\\n';;"
        f' *) /bin/cat "{tmp_path}/$3";; esac\n'
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))

    assert to_html(RAR, "rar") == to_html(examples.report_docx(), "docx")


def test_a_rar_archive_that_its_program_cannot_open_is_broken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "unrar"
    program.write_text("#!/bin/sh\nexit 3\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert subprocess.call([program]) == 3

    result = to_html(RAR, "rar")

    assert isinstance(result, Unreadable)
    assert result.reason == "broken"
