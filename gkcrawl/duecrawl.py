"""``gkcrawl crawl --due``: the portals that have anything due, the longest waiting first."""

import os
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import click
import yaml

from archive.config import config_path
from gkcrawl.crawl.runner import Job, Summary, crawl_jobs
from gkcrawl.schedule.agenda import Turn, agenda, by_spider, plan
from gkcrawl.schedule.rules import load_rules
from gkcrawl.scheduling import connected, in_china, known


def _pause() -> None:
    """Wait until the next look at a lock."""
    time.sleep(1)


def crawl_due(
    spiders: Sequence[str],
    home: Path,
    *,
    arguments: Mapping[str, str] | None = None,
    settings: Mapping[str, str] | None = None,
    wait: bool = False,
    quiet: bool = False,
) -> Summary:
    """Crawl what is due of the spiders (of all, where none is named) within the run's budget.

    Up to ``Rules.spiders`` of them run side by side: one alone waits for its slowest portal. A line
    for each says why or why not, on stderr where ``quiet``. ``wait``: for another scheduled crawl
    in this home, and for each spider that runs; else the former raises RunningError and the latter
    fails. Raises ScheduleError, PortalError and CatalogError.
    """
    rules = load_rules()
    names = known(spiders)
    with _alone(home / "locks" / "due.lock", "the scheduled crawl", home, wait):
        now = datetime.now(UTC)
        with connected(home) as connection:
            turns = agenda(connection, names, now + rules.ahead, rules)
        taken, left = plan(turns, rules.requests)
        for line in told(turns, taken, left):
            click.echo(line, err=quiet)
        jobs = _jobs(by_spider(taken), rules.requests)
        if wait:
            for spider in jobs:
                with _alone(home / "locks" / f"{spider}.lock", f"spider {spider}", home, wait):
                    pass
        with tempfile.TemporaryDirectory(prefix="gkcrawl-") as folder:
            return crawl_jobs(
                [
                    Job(
                        spider,
                        {**(arguments or {}), **_portals_file(Path(folder), own, turns)},
                        {"CLOSESPIDER_PAGECOUNT": str(limit), **(settings or {})},
                    )
                    for spider, (own, limit) in jobs.items()
                ],
                home,
                at_once=rules.spiders,
            )


def _jobs(
    due: Mapping[str, Sequence[Turn]], requests: int
) -> dict[str, tuple[Sequence[Turn], int]]:
    """Return each spider's turns with its share of the requests: by how many it should need.

    The longest first, so that it is not what the others' end waits for; those last that ask
    elsewhere for what no portal gave.
    """
    planned = {spider: sum(one.requests for one in own) for spider, own in due.items()}
    in_all = sum(planned.values()) or 1
    order = sorted(due, key=lambda name: (not due[name][0].unit.host, -_longest(due[name])))
    return {name: (due[name], max(1, requests * planned[name] // in_all)) for name in order}


def _longest(turns: Sequence[Turn]) -> int:
    return max(one.requests for one in turns)


def told(turns: Sequence[Turn], taken: Sequence[Turn], left: Sequence[Turn]) -> Iterator[str]:
    """Yield a line for each spider: what of it is due and why, or when it will be."""
    now, later = by_spider(taken), by_spider(left)
    for spider, all_turns in by_spider(turns).items():
        first = (now.get(spider) or later.get(spider) or all_turns)[0]
        why = f"{first.unit.host}: {first.due.why}".removeprefix(": ")
        if own := now.get(spider):
            about = sum(one.requests for one in own)
            rest = f", {len(later[spider])} left for the next run" if spider in later else ""
            share = f"{len(own)} of {len(all_turns)} hosts due"
            yield f"{spider}: {share}, about {about} requests{rest} ({why})"
        elif spider in later:
            yield f"{spider}: {len(later[spider])} hosts due, left for the next run ({why})"
        else:
            first = min(all_turns, key=lambda one: one.due.next)
            why = f"{first.unit.host}: {first.due.why}".removeprefix(": ")
            yield f"{spider}: not due until {in_china(first.due.next)} ({why})"


def _portals_file(folder: Path, own: Sequence[Turn], turns: Sequence[Turn]) -> dict[str, str]:
    """Return the argument that keeps a spider to the portals that are due; none where all are."""
    spider = own[0].unit.spider
    if len(own) == sum(one.unit.spider == spider for one in turns):
        return {}
    wanted = {(portal.code, portal.url) for one in own for portal in one.unit.portals}
    raw = yaml.safe_load(config_path(f"portals/{spider}.yml").read_text("utf-8"))
    raw["portals"] = [one for one in raw["portals"] if (one["code"], one["url"]) in wanted]
    path = folder / f"{spider}.yml"
    path.write_text(yaml.safe_dump(raw, allow_unicode=True, sort_keys=False), "utf-8")
    return {"portals": str(path)}


@contextmanager
def _alone(path: Path, what: str, home: Path, wait: bool) -> Iterator[None]:
    """Hold a lock; raises RunningError where another has it and it is not to be waited for."""
    # Scrapy comes with it, which takes a second that other commands need not wait.
    from gkcrawl.crawl.sole import RunningError, hold

    waiting = False
    while True:
        try:
            handle = hold(path, what, home)
            break
        except RunningError as error:
            if not wait:
                raise
            if not waiting:
                click.echo(f"waiting: {error}", err=True)
            waiting = True
        _pause()
    try:
        yield
    finally:
        os.close(handle)
