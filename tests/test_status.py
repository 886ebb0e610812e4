"""``gkcrawl status``: one screen, the same as JSON and for Prometheus."""

import json
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from monitored_runs import FAILED, GONE, WELL, add_run
from prometheus_client.parser import text_string_to_metric_families
from rich.cells import cell_len
from small_archive import make_home

from archive.catalog import Catalog, overview
from gkcrawl import progress, status
from gkcrawl.cli import main
from gkcrawl.monitoring import verified

COUNTS = {"gk/exchanges": 1200, "gk/outcome/report": 30}
PORTALS = [
    {"spider": "yunnan", "kind": "portal", "province": "530000", "code": code, "name": name}
    | {"url": f"http://{code}.gov.cn/"}
    for code, name in (("530800", "普洱市"), ("530900", "临沧市"))
]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = make_home(tmp_path_factory.mktemp("status"))
    add_run(home, "guizhou", 2, [WELL, FAILED], counts=COUNTS)
    add_run(home, "yunnan", 3, [GONE], counts=COUNTS)
    add_run(home, "yunnan", 4, [WELL], counts=COUNTS)
    add_run(home, "yunnan", 5, ended=False)
    with Catalog(home / "catalog.db") as catalog:
        catalog.load_portals(PORTALS)
    return home


def asked(home: Path, *options: str) -> Result:
    env = {"GKCRAWL_HOME": str(home), "COLUMNS": "80"}
    done = CliRunner(env=env).invoke(main, ["status", *options])
    assert done.exit_code == 0, done.output
    return done


def test_one_screen_says_what_ran_what_is_missing_what_is_broken_and_what_to_do(
    home: Path,
) -> None:
    said = asked(home, "--year", "2023").stdout.splitlines()
    assert len(said) <= 24
    assert [line for line in said if line.endswith(":") and not line.startswith(" ")] == [
        "What ran:",
        "What is missing of 2023:",
        "What is broken:",
        "What to do next:",
    ]
    text = "\n".join(said)
    assert "2026-05-05 22:00Z  yunnan       not ended" in text
    assert "1 monitors failed" in text
    assert "1 of 2 known organs have a report (50%)" in text
    assert "1 of 2 portals gave none: 临沧市" in text
    assert "guizhou refusals: www.example.gov.cn, expected <= 0.5" in text
    assert "column_gone" not in text, "the last run of that spider was well"
    assert "refusals: go slower" in text
    assert "gkcrawl missing --year 2023" in text


def test_the_screen_is_cut_to_the_terminal(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = StringIO()
    terminal.isatty = lambda: True  # type: ignore[method-assign]
    monkeypatch.setattr("sys.stdout", terminal)
    monkeypatch.setenv("COLUMNS", "40")
    monkeypatch.setenv("TERM", "xterm")
    status._print(iter(["What ran:", "  临沧市" * 20]))
    head, line = terminal.getvalue().splitlines()
    assert "What ran:" in head
    assert line.endswith("…")
    assert cell_len(line) <= 40


def test_json_keeps_its_keys_and_has_what_the_screen_has(home: Path) -> None:
    found = json.loads(asked(home, "--json").stdout)
    assert found["year"] == datetime.now(UTC).year - 1
    assert {"captures", "failures", "runs", "reports", "checks", "last_run"} <= found.keys()
    assert [run["spider"] for run in found["recent"]][:3] == ["yunnan"] * 3
    assert [one["name"] for one in found["monitors"]] == ["refusals"]
    assert found["coverage"]["provinces"][0]["province"] == "云南省"
    assert found["portals"]["silent"][0]["code"] == "530900"
    assert found["next"][-1] == "gkcrawl verify"


@pytest.mark.parametrize("province", ["云南省", "530000", "yunnan"])
def test_of_one_province(home: Path, province: str) -> None:
    found = json.loads(asked(home, "--province", province, "--json").stdout)
    assert {run["spider"] for run in found["recent"]} == {"yunnan"}
    assert found["monitors"] == []


def test_wrong_usage_is_told(home: Path) -> None:
    env = {"GKCRAWL_HOME": str(home)}
    for options, told in (
        (["--province", "nowhere"], "'nowhere' is no province that the catalog knows"),
        (["-o", "x"], "--output goes with --prometheus"),
    ):
        done = CliRunner(env=env).invoke(main, ["status", *options])
        assert done.exit_code
        assert told in done.stderr


def test_prometheus_into_a_file_at_once(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "gkcrawl.prom"
    asked(home, "--prometheus", "-o", str(file))
    text = file.read_text("utf-8")
    names = {one.name for one in text_string_to_metric_families(text)}
    assert {"gkcrawl_info", "gkcrawl_monitor_failed", "gkcrawl_disk_free_bytes"} <= names
    assert [path.name for path in tmp_path.iterdir()] == ["gkcrawl.prom"]
    assert "gkcrawl_info" in asked(home, "--prometheus").stdout


def test_counts(home: Path) -> None:
    said = asked(home, "--counts").stdout
    assert "reports by year\n" in said
    assert "      2  2024" in said


def state(**told: Any) -> dict[str, Any]:
    plain: dict[str, Any] = {"recent": [{}], "captures": {}, "verified": None, "monitors": []}
    return plain | {"coverage": {"known": 0, "organs": 0}, "year": 2025} | told


def test_what_to_do_begins_with_what_is_broken() -> None:
    now = datetime(2026, 5, 2, tzinfo=UTC)
    assert next(status.next_steps(state(recent=[]), now)).startswith("gkcrawl crawl SPIDER")
    bad = {"at": "2026-05-01T00:00:00.000000Z", "problems": 3}
    steps = list(status.next_steps(state(verified=bad, captures={"pending": 4}), now))
    assert steps == ["gkcrawl index", "gkcrawl verify --repair", "gkcrawl schedule"]
    many = [{"name": name} for name in ("unread", "error_rate", "unread", "refusals", "hijacked")]
    steps = list(status.next_steps(state(monitors=many), now))
    assert len(steps) == 5
    assert sum(step.startswith("unread") for step in steps) == 1


def test_hosts_that_do_not_answer_are_told(tmp_path: Path) -> None:
    event = "insert into events (id, kind, host, first_seen, ended_at) values (?, ?, ?, ?, ?)"
    with Catalog(tmp_path / "catalog.db") as catalog, catalog.batch():
        for name, ended in (("a.gov.cn", None), ("b.gov.cn", "2026-05-03T00:00:00.000000Z")):
            began = "2026-05-02T00:00:00.000000Z"
            catalog.db.execute(event, [name, "outage", name, began, ended])
        found = overview.outages(catalog.db)
    assert [one["host"] for one in found] == ["a.gov.cn"]
    (said,) = status._broken(state(outages=found))
    assert said == "  1 hosts do not answer: a.gov.cn since 2026-05-02"


def test_what_verify_found_is_noted(tmp_path: Path) -> None:
    assert verified.last(tmp_path) is None
    verified.note(tmp_path, 4, whole=False)
    found = verified.last(tmp_path)
    assert found is not None
    assert (found.problems, found.whole) == (4, False)
    (tmp_path / verified.FILE).write_text("{}", "utf-8")
    assert verified.last(tmp_path) is None


def test_a_bar_is_shown_on_a_terminal_and_nowhere_else() -> None:
    elsewhere, terminal = StringIO(), StringIO()
    terminal.isatty = lambda: True  # type: ignore[method-assign]
    for stream in (elsewhere, terminal):
        with progress.progress("verify", 10, size=True, stream=stream) as advance:
            advance(5)
    assert elsewhere.getvalue() == ""
    assert "verify" in terminal.getvalue()
