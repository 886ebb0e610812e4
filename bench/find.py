"""How much of the land the spiders find, with how many requests, as one JSON object.

The land of ``gkcrawl.demo`` is served by a proxy on this machine and crawled by the real spider
into fresh archives, once for each way of knowing it; other tools get as many requests.
"""

import json
import os
import platform
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from bench import find_cost, find_endless
from bench.find_again import again
from bench.find_crawl import crawl_land
from bench.find_killed import killed, part_of
from bench.find_peers import compare
from bench.find_scoring import Outcome, score
from gkcrawl.demo.land import Land

WAYS: Mapping[str, tuple[bool, bool]] = {
    "given": (True, True),
    "unknown": (False, False),
    "unknown_with_family": (False, True),
}
"""What the portals file tells: columns, family."""
KILLED = ("given", "unknown")
"""Ways of which crawls are killed."""
MUST = {
    "recall_given": 0.995,
    "recall_unknown": 0.98,
    "precision": 0.995,
    "requests_given": 1.3,
    "requests_unknown": 3.0,
    "next_day": 0.3,
    "killed_twice": 0.02,
    "endless_growth": 5.0,
    "endless_megabytes": 500,
    "cost": 1.5,
}
SAMPLE = (
    *("zunyi", "sanming", "dingxi", "zhaoqing", "suixi", "hegang", "honghe", "dali", "huainan"),
    *("xuzhou", "sjz", "daxing", "tongling", "yuxi", "fuxin", "pudong", "yueyang", "weinan"),
)
"""A portal of every family."""


def run(land: Land, home: Path, *, columns: bool, family: bool) -> tuple[Outcome, dict[str, Any]]:
    """Crawl the land into ``home``; return what came of it, and what the crawl said of itself."""
    traffic, said = crawl_land(land, home, land.portals_file(given=columns, family=family))
    return score(land, home, traffic), said


def told(outcome: Outcome, cases: int) -> dict[str, Any]:
    """Return an outcome as JSON; ``cases``: at most so many missed and false reports by name."""
    scores = {name: one.told() for name, one in outcome.scores.items() if name}
    return {
        **outcome.scores[""].told(),
        "violations": {kind: len(found) for kind, found in outcome.violations.items()},
        "families": {name: one.told() for name, one in sorted(outcome.families.items())},
        "portals": scores,
        "elsewhere": dict(outcome.elsewhere),
        "missed": [
            {name: one[name] for name in ("portal", "title", "urls", "columns", "why")}
            for one in outcome.missed[:cases]
        ],
        "false": [
            {name: one[name] for name in ("url", "title", "issuer", "year", "why")}
            for one in outcome.false[:cases]
        ],
        "wrong_requests": {kind: found[:20] for kind, found in outcome.violations.items()},
    }


def measure(
    keys: Sequence[str],
    ways: Sequence[str],
    cases: int,
    folder: Path,
    portals: int | None = None,
    *,
    peers: bool = True,
    next_day: bool = True,
    kill: bool = True,
    endless: bool = True,
    cost: bool = True,
) -> dict[str, Any]:
    """Return the whole measurement; the archives stay in ``folder``.

    ``next_day``: crawl again a day later; ``kill``: kill crawls of a part of the land, and go on;
    ``endless``: crawl portals without an end, too; ``cost``: CPU time beside bare Scrapy.
    The peers know no columns, so they get as many requests as our spider without columns needed.
    """
    land = Land(keys)
    if portals is not None:
        land = Land(list(land.portals)[:portals])
    later = Land(land.portals, later=True)
    found: dict[str, Any] = {}
    for way in ways:
        columns, family = WAYS[way]
        outcome, run_told = run(land, folder / way, columns=columns, family=family)
        found[way] = {**told(outcome, cases), "run": run_told}
        if next_day:
            first = found[way]["requests"]
            file = land.portals_file(given=columns, family=family)
            found[way]["next_day"] = again(land, later, folder / way, file, first=first)
        if kill and way in KILLED:
            part = part_of(land)
            file = part.portals_file(given=columns, family=family)
            found[way]["killed"] = killed(part, folder / f"{way}-killed", file)
    spent = [result["requests"] for way, result in found.items() if way != "given"]
    unending = find_endless.measure(folder / "endless") if endless else None
    costs = find_cost.measure(list(land.portals), folder / "cost") if cost else None
    return {
        "bar": bar(found, unending, costs),
        "ways": found,
        "endless": unending,
        "cost": costs,
        "peers": compare(land, spent[0], folder / "peers") if peers and spent else None,
        "machine": {"python": platform.python_version(), "cores": os.cpu_count()},
    }


def bar(
    found: Mapping[str, Any],
    endless: Mapping[str, Any] | None = None,
    costs: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Return what must be reached beside what was."""
    reached: dict[str, tuple[float | None, float, bool]] = {}
    for way, result in found.items():
        kind = "given" if way == "given" else "unknown"
        must = MUST[f"recall_{kind}"]
        reached[f"recall_{way}"] = (result["recall"], must, (result["recall"] or 0) >= must)
        must = MUST["precision"]
        value = result["precision"]
        reached[f"precision_{way}"] = (value, must, (value or 0) >= must)
        must = MUST[f"requests_{kind}"]
        value = result["requests_per_report"]
        reached[f"requests_{way}"] = (value, must, value is not None and value <= must)
        wrong = sum(result["violations"].values())
        reached[f"violations_{way}"] = (wrong, 0, wrong == 0)
        if day := result.get("next_day"):
            share, most = day["share_of_first"], MUST["next_day"]
            reached[f"next_day_{way}"] = (share, most, share is not None and share <= most)
            names = ("added_missed", "gone_unnoticed", "false_new")
            wrong = sum(len(day[name]) for name in names) + sum(day["violations"].values())
            reached[f"next_day_wrong_{way}"] = (wrong, 0, wrong == 0)
        if kills := result.get("killed"):
            share, most = kills["most_twice"], MUST["killed_twice"]
            reached[f"killed_twice_{way}"] = (share, most, share <= most)
            reached[f"killed_wrong_{way}"] = (kills["wrong"], 0, kills["wrong"] == 0)
    if endless:
        recall, least = endless["budgets"]["recall"], MUST["recall_unknown"]
        reached["endless_recall"] = (recall, least, (recall or 0) >= least)
        memory = endless["memory"]
        pages, least = memory["pages"], find_endless.PAGES
        reached["endless_pages"] = (pages, least, pages >= least)
        peak, most = memory["peak"]["all"], MUST["endless_megabytes"]
        reached["endless_megabytes"] = (peak, most, peak < most)
        growth, most = memory["per_10000_pages"]["all"], MUST["endless_growth"]
        reached["endless_growth"] = (growth, most, growth is not None and growth <= most)
    for name, one in (costs or {}).items():
        reached[f"cost_{name}"] = (one["ratio"], MUST["cost"], one["ratio"] <= MUST["cost"])
    return {
        name: {"found": value, "must": must, "met": met}
        for name, (value, must, met) in reached.items()
    }


@click.command()
@click.option("--only", default="", help="Portals or systems of the land, comma separated.")
@click.option("--portals", type=int, help="Only the first so many portals.")
@click.option("--ways", default=",".join(WAYS), show_default=True, help="Which of the ways.")
@click.option("--cases", default=200, show_default=True, help="Missed and false reports by name.")
@click.option("--peers/--no-peers", default=True, help="Measure other tools too.")
@click.option("--next-day/--no-next-day", default=True, help="Crawl again a day later.")
@click.option("--kill/--no-kill", default=True, help="Kill crawls and start them again.")
@click.option("--endless/--no-endless", default=True, help="Crawl portals without an end too.")
@click.option("--cost/--no-cost", default=True, help="Measure CPU time beside bare Scrapy.")
@click.option("--keep", type=click.Path(path_type=Path), help="Keep archives and logs here.")
@click.option("--output", type=click.Path(path_type=Path), help="Write to this file instead.")
def main(
    only: str,
    portals: int | None,
    ways: str,
    cases: int,
    peers: bool,
    next_day: bool,
    kill: bool,
    endless: bool,
    cost: bool,
    keep: Path | None,
    output: Path | None,
) -> None:
    """Print the bar and what was found and missed as one JSON object."""
    keys = [key for key in only.split(",") if key]
    with tempfile.TemporaryDirectory(prefix="gkcrawl-bench-") as name:
        folder = keep or Path(name)
        result = measure(
            keys,
            ways.split(","),
            cases,
            folder,
            portals,
            peers=peers,
            next_day=next_day,
            kill=kill,
            endless=endless,
            cost=cost,
        )
    text = json.dumps(result, indent=1, ensure_ascii=False, default=str)
    if output is None:
        click.echo(text)
        return
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
