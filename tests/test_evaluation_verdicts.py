"""What reviewers say is kept beside the archive and outlives every catalog."""

import json
import logging
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from catalog_readings import capture, report_reading
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st
from test_index import REPORT, RUN, answer

from archive.catalog import Catalog
from archive.catalog.database import Database
from archive.catalog.schema import create_schema
from archive.catalog.verdicts import (
    FILE,
    Verdict,
    enter_verdicts,
    judgements,
    keep,
    read_verdicts,
)
from archive.index import index_archive
from archive.records import Check, Exchange
from archive.warc import WarcWriter
from gkcrawl.cli import main

ROWSUM = "rowsum.new_requests"
AT = "2026-11-22T10:00:00.000000Z"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """An archive with one report, one sum of which fails: 2 ≠ 1."""
    with Catalog(tmp_path / "catalog.db") as catalog:
        catalog.apply(report_reading(capture("c1")))
    return tmp_path


def report_of(home: Path) -> str:
    with Catalog(home / "catalog.db", readonly=True) as catalog:
        (report,) = catalog.db.execute("select id from reports").fetchone()
    return str(report)


def run(home: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, arguments, env={"GKCRAWL_HOME": str(home)})


def listed(home: Path, *arguments: str) -> dict[str, dict[str, Any]]:
    done = run(home, "checks", *arguments, "--json")
    assert done.exit_code == 0, done.output
    return {row["check_id"]: row for row in json.loads(done.output)}


def test_checks_of_every_kind_stand_in_one_list(home: Path) -> None:
    rows = listed(home, "--status", "all")
    assert {row["source"] for row in rows.values()} == {"identity", "evaluation"}
    assert set(listed(home)) == {ROWSUM, "sections.missing"}
    assert set(listed(home, "--status", "hold")) == {
        "flow.total",
        "published.late",
        "sections.empty",
    }
    assert set(listed(home, "--source", "identity")) == {ROWSUM}
    assert set(listed(home, "--status", "all", "--rule", "chain.*")) == {
        "chain.carried_over_in.total",
        "chain.valid.regulations",
        "chain.valid.normative_docs",
    }
    assert listed(home, "--year", "2023") == {}
    assert len(listed(home, "--status", "all", "--limit", "2")) == 2
    assert rows["sections.missing"]["culprit"] == "reading"
    shown = run(home, "checks").output
    assert ROWSUM in shown
    assert "2 ≠ 1" in shown


def test_a_verdict_is_kept_shown_and_replaced_by_a_newer_one(home: Path) -> None:
    report = report_of(home)
    assert run(home, "verdict", report, ROWSUM, "confirmed").exit_code == 0
    done = run(home, "verdict", report, ROWSUM, "dismissed", "--note", "表中如此", "--by", "王")
    assert done.output == f"{report} {ROWSUM} (fail): dismissed\n"

    lines = [json.loads(line) for line in (home / FILE).read_text("utf-8").splitlines()]
    assert [line["verdict"] for line in lines] == ["confirmed", "dismissed"]
    row = listed(home, "--verdict", "dismissed")[ROWSUM]
    assert (row["note"], row["reviewer"], row["outdated"]) == ("表中如此", "王", 0)
    assert (lines[1]["status"], lines[1]["left"], lines[1]["right"]) == ("fail", 2, 1)
    assert set(listed(home, "--verdict", "open")) == {"sections.missing"}
    assert listed(home, "--verdict", "confirmed") == {}


def test_a_verdict_on_other_values_is_outdated(home: Path) -> None:
    report = report_of(home)
    run(home, "verdict", report, ROWSUM, "confirmed")
    with Catalog(home / "catalog.db") as catalog:
        other = (Check(ROWSUM, "fail", 3, 1, message="3 ≠ 1"),)
        catalog.apply(report_reading(capture("c1"), checks=other))
    row = listed(home, "--verdict", "open")[ROWSUM]
    assert (row["verdict"], row["outdated"], row["left"]) == ("confirmed", 1, 3)
    assert listed(home, "--verdict", "confirmed") == {}
    assert "confirmed (outdated)" in run(home, "checks").output

    run(home, "verdict", report, ROWSUM, "confirmed")
    assert listed(home, "--verdict", "confirmed")[ROWSUM]["outdated"] == 0


def test_a_verdict_needs_a_check_that_is_there(home: Path) -> None:
    done = run(home, "verdict", report_of(home), "flow.nobody", "confirmed")
    assert done.exit_code == 1
    assert f"what fails there: {ROWSUM}" in done.output
    assert "no report '530111'" in run(home, "verdict", "530111", ROWSUM, "confirmed").output
    assert run(home, "verdict", report_of(home), ROWSUM, "perhaps").exit_code == 2
    assert not (home / FILE).exists()


def test_there_must_be_a_catalog(tmp_path: Path) -> None:
    done = run(tmp_path, "verdict", "a", ROWSUM, "confirmed")
    assert "there is no catalog" in done.output
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("way", ["rebuild", "delete"])
def test_verdicts_outlive_a_catalog_made_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    # Most of the time would go into divisions, which nothing here is about.
    monkeypatch.setattr("archive.index.load_divisions", lambda catalog: None)
    writer = WarcWriter(tmp_path / "warc", RUN)
    body = answer(REPORT, "200 OK", "Content-Type: text/html")
    writer.write(
        Exchange(
            "http://www.kmgd.gov.cn/a.html",
            datetime(2026, 11, 22, tzinfo=UTC),
            b"GET /a.html HTTP/1.1\r\nHost: www.kmgd.gov.cn\r\n\r\n",
            body,
            page_class="article",
        )
    )
    writer.close()
    path = tmp_path / "catalog.db"
    with Catalog(path) as catalog:
        index_archive(tmp_path, catalog, jobs=0)
    assert run(tmp_path, "verdict", report_of(tmp_path), "text.reuse", "confirmed").exit_code == 0
    with Catalog(path) as catalog:
        before = list(catalog.dump())
    if way == "delete":
        for file in tmp_path.glob("catalog.db*"):
            file.unlink()
    with Catalog(path) as catalog:
        index_archive(tmp_path, catalog, rebuild=way == "rebuild", jobs=0)
        assert list(catalog.dump()) == before
    assert any('["verdicts"' in line for line in before)
    assert any('["evaluations"' in line for line in before)


def verdict(**fields: Any) -> Verdict:
    given = {"report_id": "r", "check_id": "c", "verdict": "confirmed", "at": AT, "status": "fail"}
    return Verdict(**given | {"left": 1, "right": None} | fields)


def test_reviewers_do_not_write_into_one_anothers_lines(tmp_path: Path) -> None:
    said = [verdict(check_id=f"c{n}", note="长" * 3_000) for n in range(40)]
    with ThreadPoolExecutor(8) as reviewers:
        list(reviewers.map(lambda one: keep(tmp_path / FILE, one), said))
    kept = read_verdicts(tmp_path / FILE)
    assert sorted(kept, key=lambda one: int(one.check_id[1:])) == said


def changed(**fields: Any) -> str:
    """Return the line of a verdict with other values of some fields."""
    return json.dumps(asdict(verdict()) | fields)


def test_what_a_killed_writer_left_is_cut_off(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / FILE
    keep(path, verdict())
    whole = path.read_bytes()
    for n in (1, 20, len(whole) - 2):
        path.write_bytes(whole + whole[:n])
        with caplog.at_level(logging.ERROR):
            assert read_verdicts(path) == [verdict()]
        keep(path, verdict(left=2))
        assert read_verdicts(path) == [verdict(), verdict(left=2)]
    # A line that lacks nothing but its end was written by somebody's editor.
    path.write_bytes(whole + whole[:-1])
    keep(path, verdict(left=2))
    assert len(read_verdicts(path)) == 3


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("王说对", "expected a JSON object"),
        ("[]", "expected an object with report_id"),
        ('{"report_id": "r"}', "expected an object with report_id"),
        (changed(verdict="maybe"), "expected confirmed or dismissed"),
        (changed(at=3), "at: expected text, not 3"),
        (changed(note=[]), "note: expected text or null"),
        (changed(left="1"), "left: expected a number or null"),
        (changed(left=10**400), "left: expected a number or null"),
        (changed(left=1e308).replace("1e+308", "1e999"), "left: expected a number or null"),
        (changed(left=True), "left: expected a number or null"),
        (changed(left=float("nan")), "NaN is no number"),
        (changed(note="\ud800"), "surrogates not allowed"),
        ("[" * 100_000, "expected a JSON object"),
    ],
)
def test_a_line_that_is_no_verdict_is_told_and_the_others_count(
    home: Path, caplog: pytest.LogCaptureFixture, line: str, expected: str
) -> None:
    path = home / FILE
    keep(path, verdict())
    with path.open("a", encoding="utf-8") as file:
        file.write(f"{line}\n\n")
    keep(path, verdict(check_id="d"))
    with Catalog(home / "catalog.db") as catalog:
        (count,) = catalog.db.execute("select count(*) from verdicts").fetchone()
    assert count == 2
    assert f"{FILE}, line 2: " in caplog.text
    assert expected in caplog.text


@lru_cache(maxsize=1)
def empty_catalog() -> Database:
    """Return a catalog in memory; making one takes longer than all that is asked of it."""
    db = Database(memory=True)
    create_schema(db)
    return db


_VERDICTS = st.lists(
    st.builds(
        Verdict,
        st.sampled_from(("r1", "r2")),
        st.sampled_from(("c1", "c2")),
        st.sampled_from(("confirmed", "dismissed")),
        st.sampled_from((AT, AT.replace("10:", "11:"), AT.replace("10:", "12:"))),
        st.just("fail"),
        st.none() | st.integers() | st.floats(-1e299, 1e299),
        st.none() | st.integers(-5, 5),
        st.none() | st.text(st.characters(codec="utf-8")),
    ),
    max_size=8,
)


@settings(deadline=None, max_examples=30)
@given(_VERDICTS)
def test_the_file_gives_back_what_was_kept_and_the_newest_counts(
    tmp_path_factory: pytest.TempPathFactory, said: list[Verdict]
) -> None:
    home = tmp_path_factory.mktemp("verdicts")
    for one in said:
        keep(home / FILE, one)
    assert read_verdicts(home / FILE) == said
    db = empty_catalog()
    for known in (said[:3], said):
        enter_verdicts(db.conn, known)
    changes = db.conn.total_changes
    enter_verdicts(db.conn, read_verdicts(home / FILE))
    assert db.conn.total_changes == changes
    assert judgements(db.conn) == []
    sql = "select report_id || check_id, coalesce(note, '') from verdicts"
    shown = dict(db.execute(sql).fetchall())
    newest = {one.report_id + one.check_id: one for one in sorted(said, key=lambda one: one.at)}
    assert shown == {key: one.note or "" for key, one in newest.items()}


def test_one_report_and_open_failures_are_found_by_index(home: Path) -> None:
    questions = (
        "select * from judgements where report_id = 'r'",
        "select * from judgements where status in ('fail', 'conflict') and verdict is null",
    )
    with Catalog(home / "catalog.db", readonly=True) as catalog:
        for question in questions:
            plan = [row[3] for row in catalog.db.execute(f"explain query plan {question}")]
            assert not [step for step in plan if step.startswith("SCAN") and step != "SCAN told"]


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("--status", "bogus"), 2, "'bogus' is not one of"),
        (("--rule", "nosuch"), 1, "no report was held against a check 'nosuch'"),
        (("--rule", "nosuch.*"), 1, "no report was held against a check 'nosuch.*'"),
        (("--rule", "[f]low.total"), 1, "no report was held"),
        (("--report", "nope"), 1, "the catalog has no report 'nope'"),
        (("--year", "2023"), 0, "nothing fails"),
        (("--status", "conflict"), 0, "nothing found with the status conflict"),
        (("--status", "conflict", "--rule", "flow.*"), 0, "nothing found with the status conflict"),
    ],
)
def test_a_mistyped_filter_is_no_empty_list(
    home: Path, arguments: tuple[str, ...], code: int, told: str
) -> None:
    done = run(home, "checks", *arguments)
    assert done.exit_code == code
    assert told in done.stderr
    assert done.stdout == ""
