"""``gkcrawl crawl --due``: the portals that have anything due, the longest waiting first."""

import os
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import click
import yaml

from archive.config import config_path
from gkcrawl.crawl.runner import INTERRUPTED, Summary
from gkcrawl.crawl.runner import crawl as run_spiders
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

    A line for each spider says why or why not, on stderr where ``quiet``. ``wait``: for another
    scheduled crawl in this home, and for each spider that runs; else the former raises RunningError
    and the latter fails. Raises ScheduleError, PortalError and CatalogError.
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
        parts: list[Summary] = []
        requests = rules.requests
        for spider, own in by_spider(taken).items():
            if wait:
                with _alone(home / "locks" / f"{spider}.lock", f"spider {spider}", home, wait):
                    pass
            limits = {"CLOSESPIDER_PAGECOUNT": str(requests), **(settings or {})}
            with _portals_file(own, turns) as portals:
                only = {**(arguments or {}), **portals}
                parts.append(run_spiders([spider], home, arguments=only, settings=limits))
            requests -= parts[-1].new["captures"]
            if requests <= 0 or INTERRUPTED in parts[-1].spiders.values():
                break
    return together(parts)


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


def together(parts: Sequence[Summary]) -> Summary:
    """Return what several crawls changed as one summary."""
    new: Counter[str] = Counter()
    outcomes: Counter[str] = Counter()
    for part in parts:
        new.update(part.new)
        outcomes.update(part.outcomes)
    return Summary(
        spiders={name: code for part in parts for name, code in part.spiders.items()},
        new=dict(new),
        outcomes=dict(outcomes),
        monitors_failed=sum(part.monitors_failed for part in parts),
        status=parts[-1].status if parts else {},
    )


@contextmanager
def _portals_file(own: Sequence[Turn], turns: Sequence[Turn]) -> Iterator[dict[str, str]]:
    """Give the argument that keeps a spider to the portals that are due; none where all are."""
    spider = own[0].unit.spider
    if len(own) == sum(one.unit.spider == spider for one in turns):
        yield {}
        return
    wanted = {(portal.code, portal.url) for one in own for portal in one.unit.portals}
    raw = yaml.safe_load(config_path(f"portals/{spider}.yml").read_text("utf-8"))
    raw["portals"] = [one for one in raw["portals"] if (one["code"], one["url"]) in wanted]
    with tempfile.TemporaryDirectory(prefix="gkcrawl-") as folder:
        path = Path(folder) / f"{spider}.yml"
        path.write_text(yaml.safe_dump(raw, allow_unicode=True, sort_keys=False), "utf-8")
        yield {"portals": str(path)}


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
