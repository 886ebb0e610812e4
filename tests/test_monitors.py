"""What a run is held against: each rule on made-up facts, and the file of rules."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from conftest import ROOT
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client.parser import text_string_to_metric_families

from archive.catalog.monitors import Earlier, Yield
from archive.config import config_path
from archive.records import Monitor, Notice, RunEnd
from archive.warc.fields import decode_fields
from archive.warc.group import Place
from archive.warc.runs import run_end, run_end_of
from gkcrawl.monitoring.facts import Facts, Visited
from gkcrawl.monitoring.judging import judge
from gkcrawl.monitoring.kinds import KINDS, RULES, Measured
from gkcrawl.monitoring.metrics import Metric, exposition
from gkcrawl.monitoring.rules import Expected, MonitorsError, load_expected, read_expected

NOW = datetime(2026, 5, 2, 22, tzinfo=UTC)
NOTHING = Yield(0, 0, 0, 0, 0, 0)
GIB = 2**30
PUER = Visited("530800", "普洱市", "https://www.puershi.gov.cn/", listed=12, least=12)


def facts(**told: Any) -> Facts:
    """Return a run without any fault, but for what is told."""
    plain = Facts(NOW, "finished", {}, {}, NOTHING, free=100 * GIB, room=GIB)
    return replace(plain, **told)


def pages(**outcomes: int) -> dict[str, str]:
    """Return so many pages of each outcome."""
    return {
        f"https://www.puershi.gov.cn/{outcome}/{n}": outcome
        for outcome, count in outcomes.items()
        for n in range(count)
    }


def failed(told: Facts, expected: Expected | None = None) -> dict[str, Monitor]:
    judged = judge(told, expected or load_expected())
    return {one.name: one for one in judged if one.status == "failed"}


def earlier(counts: Mapping[str, int] | None = None, **measured: float) -> Earlier:
    return Earlier("0", dict(counts or {}), {(name, ""): value for name, value in measured.items()})


def visits(code: str, *listed: int) -> tuple[Earlier, ...]:
    counts = (
        {f"gk/portal/{code}/requests": 3, f"gk/portal/{code}/articles": count} for count in listed
    )
    return tuple(earlier(one) for one in counts)


def test_a_first_run_without_fault_fails_nothing() -> None:
    told = facts(
        pages=pages(navigation=5, report=30, not_found=4, soft_404=1, blocked=1, http_error=2),
        read=Yield(30, 28, 27, 30, 30, 29),
        visited=(PUER,),
        counts={"gk/portal/530800/requests": 9, "gk/portal/530800/articles": 12},
    )
    assert failed(told) == {}
    names = {one.name for one in judge(told, load_expected())}
    assert {"error_rate", "refusals", "parse_rate", "disk_left", "filled_year"} <= names
    assert not any(RULES[name].of_portal for name in names)


def test_a_run_that_asked_nothing_is_judged_by_the_archive_alone() -> None:
    judged = list(judge(facts(), load_expected()))
    assert {one.status for one in judged} == {"ok"}
    assert "error_rate" not in {one.name for one in judged}


# Rule, what makes it fail, what is measured, what was expected.
CASES: dict[str, tuple[dict[str, Any], float, str]] = {
    "unwritable": ({"counts": {"gk/unwritable": 3}}, 3, "<= 0"),
    "unfinished": ({"killed": ("2026-05-01T22:00:00.000000Z",)}, 1, "<= 0"),
    "torn_files": ({"torn": {"a.warc.gz.torn-at-9": 77}}, 1, "<= 0"),
    "catalog_behind": ({"strangers": ("a.warc.gz", "b.warc.gz")}, 2, "<= 0"),
    "unread": ({"pages": pages(report=1, pending=2)}, 2, "<= 0"),
    "clock_step": ({"counts": {"gk/clock_stepped": 1}}, 1, "<= 0"),
    "clock_behind": ({"newest": NOW + timedelta(hours=5)}, 5, "<= 0.1"),
    "disk_left": ({"free": GIB // 2}, 512, ">= 1024"),
    "nothing_answered": ({"pages": pages(failed=2)}, 0, ">= 1"),
    "error_rate": ({"pages": pages(report=8, failed=5, http_error=5, truncated=2)}, 0.6, "<= 0.5"),
    "refusals": ({"pages": pages(report=5, blocked=15)}, 0.75, "<= 0.5"),
    "hosts_resting": (
        {"pages": {f"http://{n}.gov.cn/": "report" for n in "abcde"}}
        | {"rested": {"a.gov.cn": 1, "b.gov.cn": 1, "c.gov.cn": 2}},
        0.6,
        "<= 0.5",
    ),
    "portals_failed": (
        {"pages": pages(report=1), "counts": {"gk/portal/5/failed": 1}}
        | {"visited": (Visited("5", "五", "http://5.gov.cn/", 0),) * 5},
        1,
        "<= 0.5",
    ),
    "parse_rate": ({"pages": pages(report=1), "read": Yield(20, 20, 4, 20, 20, 20)}, 0.2, ">= 0.5"),
    "filled_year": ({"read": Yield(20, 0, 0, 15, 20, 20)}, 0.75, ">= 0.8"),
    "filled_issuer": ({"read": Yield(20, 0, 0, 20, 10, 20)}, 0.5, ">= 0.8"),
    "filled_published": ({"read": Yield(20, 0, 0, 20, 20, 9)}, 0.45, ">= 0.5"),
    "least_reports": ({"visited": (replace(PUER, listed=11),)}, 11, ">= 12"),
    "fewer_reports": (
        {"visited": (PUER,), "earlier": visits("530800", 5, 20, 9)}
        | {"counts": {"gk/portal/530800/articles": 15}},
        15,
        ">= 16",
    ),
    "portal_silent": (
        {"visited": (PUER,), "counts": {"gk/portal/530800/failed": 1}}
        | {
            "earlier": tuple(
                earlier({"gk/portal/530800/requests": 1, "gk/portal/530800/failed": 1})
                for _ in range(2)
            )
        },
        3,
        "<= 2",
    ),
    "portal_refuses": (
        {"visited": (PUER,), "pages": pages(navigation=1, blocked=3)},
        0.75,
        "<= 0.5",
    ),
    "family_drift": ({"notices": (Notice("family_drift", "1", "u", "m"),)}, 1, "<= 0"),
    "column_gone": ({"notices": (Notice("column_gone", "1", "u", "m"),) * 2}, 2, "<= 0"),
    "portal_moved": ({"notices": (Notice("portal_moved", "1", "u", "m"),)}, 1, "<= 0"),
    "hijacked": ({"notices": (Notice("hijacked", "1", "u", "m"),)}, 1, "<= 0"),
    "needs_browser": ({"notices": (Notice("needs_browser", "1", "u", "m"),)}, 1, "<= 0"),
}


def test_there_is_a_case_for_every_rule() -> None:
    assert CASES.keys() == RULES.keys()


@pytest.mark.parametrize("name", CASES)
def test_each_rule_fails_where_it_is_broken(name: str) -> None:
    told, measured, expected = CASES[name]
    found = failed(facts(**told))
    assert (found[name].measured, found[name].expected) == (measured, expected)


@pytest.mark.parametrize("name", CASES)
def test_each_rule_can_be_switched_off(name: str) -> None:
    expected = load_expected()
    off = replace(expected, rules={**expected.rules, name: None})
    assert name not in failed(facts(**CASES[name][0]), off)


def test_a_share_fails_where_it_is_much_more_than_usual() -> None:
    told = facts(pages=pages(report=14, failed=6))
    assert failed(told) == {}
    usual = tuple(earlier(error_rate=rate) for rate in (0.05, 0.0, 0.9, 0.02, 0.04))
    found = failed(replace(told, earlier=usual))
    assert found["error_rate"].expected == "<= 0.24"
    lately = tuple(earlier(error_rate=0.3) for _ in range(5))
    assert failed(replace(told, earlier=lately)) == {}


def test_a_share_of_few_pages_is_not_judged() -> None:
    assert "error_rate" not in failed(facts(pages=pages(report=1, failed=18)))


def test_a_portal_that_was_not_visited_to_its_end_is_not_judged() -> None:
    told = facts(**CASES["least_reports"][0])
    assert failed(replace(told, reason="closespider_pagecount")) == {}


def test_a_column_that_was_found_again_is_not_gone() -> None:
    gone, found = (Notice(f"column_{what}", "1", "u", "m") for what in ("gone", "found"))
    assert failed(facts(notices=(gone, found))) == {}


def test_the_disk_must_hold_some_runs_more() -> None:
    large = {"gk/bytes": 20 * GIB}
    found = failed(facts(earlier=(earlier(large),)))
    assert found["disk_left"].expected == f">= {7 * 20 * 1024}"


def test_a_portal_may_have_its_own_numbers(tmp_path: Path) -> None:
    own = {"530800": {"fewer_reports": {"share": 0.5}, "portal_refuses": False}}
    expected = read_expected(written(tmp_path, portals=own))
    for name in ("fewer_reports", "portal_refuses"):
        assert name not in failed(facts(**CASES[name][0]), expected)
    assert "least_reports" in failed(facts(**CASES["least_reports"][0]), expected)


@given(
    st.sampled_from(sorted(KINDS)),
    st.integers(0, 10**6),
    st.integers(0, 10**6),
    st.lists(st.floats(0, 1), max_size=5).map(tuple),
    st.integers(0, 10**6),
)
def test_whatever_is_measured_can_be_judged(
    kind: str, value: int, of: int, before: tuple[float, ...], limit: int
) -> None:
    """And what failed is on the wrong side of what was expected."""
    numbers = dict.fromkeys(KINDS[kind].numbers, 0.5)
    judged = KINDS[kind].judge(Measured("r", value, of=of, before=before, limit=limit), numbers)
    if judged is not None:
        side, _, bound = judged.expected.partition(" ")
        rounded = 0.005 * (side == "<=") - 0.005 * (side == ">=")
        kept = (
            judged.value <= float(bound) + rounded
            if side == "<="
            else (judged.value >= float(bound) + rounded)
        )
        assert kept or judged.failed


OUTCOMES = st.sampled_from(["report", "failed", "blocked", "pending", "http_error", "navigation"])
COUNTS = st.dictionaries(
    st.sampled_from(
        [
            *("gk/portal/1/requests", "gk/portal/1/articles", "gk/portal/1/failed"),
            *("gk/unwritable", "gk/bytes", "gk/clock_stepped", "gk/torn_files"),
        ]
    ),
    st.integers(0, 2**40),
)
RUNS = st.builds(Earlier, st.just("0"), COUNTS, st.just({("error_rate", ""): 0.1}))


@given(
    st.builds(
        Facts,
        now=st.just(NOW),
        reason=st.sampled_from(["finished", "shutdown", ""]),
        counts=COUNTS,
        pages=st.dictionaries(st.text() | st.just("http://[::1"), OUTCOMES, max_size=40),
        read=st.builds(Yield, *[st.integers(0, 50)] * 6),
        visited=st.lists(
            st.builds(Visited, st.just("1"), st.text(), st.just("http://a/"), st.integers(0, 9))
        ).map(tuple),
        notices=st.lists(
            st.builds(
                Notice,
                st.sampled_from(["column_gone", "column_found", "hijacked", "off_site", "?"]),
                st.sampled_from(["1", ""]),
                st.text(),
                st.text(),
            )
        ).map(tuple),
        earlier=st.lists(RUNS, max_size=4).map(tuple),
        rested=st.dictionaries(st.text(), st.integers(1, 3), max_size=3),
        free=st.integers(0, 2**50),
    )
)
def test_whatever_became_of_a_run_it_is_judged_and_the_archive_keeps_it(made: Facts) -> None:
    judged = tuple(judge(made, load_expected()))
    assert {one.name for one in judged} <= RULES.keys()
    assert all(one.portal == "" or RULES[one.name].of_portal for one in judged)
    end = RunEnd("0" * 32, "2026-05-02T23:00:00.000000Z", made.reason, made.counts, (), judged)
    place = Place("2026-05-02T23:00:00.000000Z", "0" * 32, "0" * 32)
    (record,) = run_end(end, place)
    assert run_end_of(decode_fields(record.block)) == end


@given(st.dictionaries(st.just("spider"), st.text()), st.text(), st.floats(allow_nan=False))
def test_any_text_can_be_a_label(labels: dict[str, str], told: str, value: float) -> None:
    text = exposition([Metric("gkcrawl_x", told, ((labels, value),)), Metric("gkcrawl_y", "", ())])
    (family,) = text_string_to_metric_families(text)
    (sample,) = family.samples
    assert sample.labels == labels
    assert sample.value == value


def written(folder: Path, **changed: Any) -> Path:
    """Write the shipped rules with changes into a file and return it."""
    raw = yaml.safe_load(config_path("monitors.yml").read_text("utf-8"))
    path = folder / "monitors.yml"
    path.write_text(yaml.safe_dump(raw | changed, allow_unicode=True), "utf-8")
    return path


MISTAKES: dict[str, tuple[dict[str, Any], str]] = {
    "rule unknown": ({"rules": {"eror_rate": {}}}, "rule 'eror_rate' is unknown (known: unwri"),
    "rule missing": ({"rules": {}}, "rules: 'parse_rate' is missing"),
    "number missing": ({"portals": {"1": {"fewer_reports": {"shares": 1}}}}, "'shares' is unknown"),
    "no number": ({"portals": {"1": {"fewer_reports": {"share": "x"}}}}, "expected a number from"),
    "not of a portal": ({"portals": {"1": {"error_rate": False}}}, "of the whole run, not of a"),
    "no mapping": ({"portals": {"1": 3}}, "portals, 1: expected a mapping of rules, found 3"),
    "numbers for none": ({"portals": {"1": {"least_reports": {"a": 1}}}}, "expected no numbers"),
    "when": ({"notify": {"when": "often"}}, "expected one of failed, new, always"),
    "command": ({"notify": {"command": "mail me"}}, "expected a list of texts"),
    "webhook": ({"notify": {"webhook": "example.org"}}, "an http or https address"),
    "server": (
        {"notify": {"mail": {"to": ["a@b"], "from": "c@d", "server": "smtp"}}},
        "host and port such as",
    ),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_mistakes_are_named(name: str, tmp_path: Path) -> None:
    changed, told = MISTAKES[name]
    with pytest.raises(MonitorsError, match="monitors") as caught:
        read_expected(written(tmp_path, **changed))
    assert told in str(caught.value)


def test_a_key_that_is_written_twice_is_a_mistake(tmp_path: Path) -> None:
    path = tmp_path / "monitors.yml"
    path.write_text("rules: {}\nrules: {}\n", "utf-8")
    with pytest.raises(MonitorsError, match="written twice"):
        read_expected(path)


def test_every_rule_is_explained() -> None:
    page = (ROOT / "docs" / "monitoring.md").read_text("utf-8")
    rows = re.findall(r"^\| (`.*?) \|", page, re.M)
    assert RULES.keys() <= {word for row in rows for word in re.findall(r"`(\w+)`", row)}
