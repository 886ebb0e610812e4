"""The whole country on one machine: a night, a season and a year, the first visit to everything.

Played on a clock that only counts, with the product's own schedule and breaker (see
``national_calendar``, ``national_queues``), over hosts that are partly real and partly drawn
(``national_world``), with costs that were measured (``national_inputs``). docs/scale.md has the
plan that follows.
"""

import statistics
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import date, timedelta
from typing import Any

from bench.scale.national_calendar import Country
from bench.scale.national_inputs import KEPT, Inputs, on_this_machine, told
from bench.scale.national_records import NIGHT, Costs, Night, Plan
from bench.scale.national_world import ASSUMED, REPORTS_A_YEAR, Host, hosts
from gkcrawl.schedule.rules import Rules, load_rules

YEARS = 17
"""Of reports that stand on the sites: 2008 to 2024."""
NEW_YEAR = date(2026, 1, 1)
SEASON = 120
"""Days, January 1 to April 30."""
BEGIN_ALL = date(2026, 5, 11)
"""When the first visit to everything begins: outside the season."""
ADVISED = Plan(requests=1_000_000, at_once=8)
"""What docs/scale.md tells who wants the whole country to write into config/schedule.yml."""
SIDE_BY_SIDE = (1, 4, 8, 16)
WORKERS = (4,)
CHANGED_LISTS = 0.3
"""Of the lists that are read again, those whose bytes differ (counters, dates); not measured."""
_GRAIN = 20
_SAMPLED = 16


def measure(*, sample: bool, seed: int) -> dict[str, Any]:
    """Return requests, hours, bytes and CPU of nights, season, year and first visit.

    ``sample``: of each 16th host, with the costs that docs/scale.md reckons with.
    """
    inputs = KEPT if sample else on_this_machine()
    return figures(inputs, seed, every=_SAMPLED if sample else 1)


def figures(inputs: Inputs, seed: int, *, every: int = 1) -> dict[str, Any]:
    """Return what the country costs; ``every``: each so many-th host alone."""
    rules = load_rules()
    found = hosts(seed, every=every)
    game = Game(found, inputs, rules, seed)
    advised = replace(ADVISED, requests=ADVISED.requests // every)
    season, rest = game.year(advised)
    first = game.first_visit(advised)
    last = season[-7:]
    return {
        "inputs": told(inputs),
        "assumed": {**ASSUMED, "changed_lists": f"not measured: {CHANGED_LISTS:.0%} of lists"},
        "advised": asdict(advised),
        "shipped": {"requests": rules.requests, "at_once": rules.spiders},
        "country": _country(found),
        "season_night": {
            "median": game.told([sorted(season, key=lambda one: one.requests)[len(season) // 2]]),
            "largest": game.told([max(season, key=lambda one: one.requests)]),
        },
        "season": game.told(season),
        "rest_of_the_year": game.told(rest),
        "year": game.told([*season, *rest]),
        "first_visit": game.told(first),
        "large_night_by_spiders_at_a_time": game.side_by_side(advised),
        "large_night_by_workers_of_a_spider": game.by_workers(advised),
        "large_night_without_crawl_delay": game.without_crawl_delay(advised),
        "kept": {
            "every portal has its turn in each night of the season": all(
                one.left <= len(found) / 100 for one in season
            ),
            "no backlog grows over a week": last[-1].left <= last[0].left + len(found) / 100,
            "the first visit ends": first[-1].new == 0,
        },
    }


class Game:
    """One country, played in several ways."""

    def __init__(self, found: Sequence[Host], inputs: Inputs, rules: Rules, seed: int) -> None:
        self.hosts, self.inputs, self.rules, self.seed = found, inputs, rules, seed
        self.costs = Costs(
            inputs.lists_per_organ, inputs.finding_per_organ, inputs.pages_per_report
        )

    def year(self, how: Plan) -> tuple[list[Night], list[Night]]:
        """Return the nights of the season and those of the rest of the year."""
        country = self._country(settled=NEW_YEAR)
        days = [NEW_YEAR + timedelta(days=n) for n in range(365)]
        nights = _play(country, days, how)
        end = NEW_YEAR + timedelta(days=SEASON)
        return [n for n in nights if n.day < end], [n for n in nights if n.day >= end]

    def first_visit(self, how: Plan) -> list[Night]:
        """Return the nights until a country of which nothing is known is known."""
        country = self._country()
        nights: list[Night] = []
        while not nights or nights[-1].new or nights[-1].left > len(self.hosts) / 100:
            day = BEGIN_ALL + timedelta(days=len(nights))
            nights += _play(country, [day], how)
        return nights

    def side_by_side(self, how: Plan) -> dict[str, Any]:
        """Return hours of a large night by how many spiders run at a time."""
        return {
            str(number): self._large_night(replace(how, at_once=number)) for number in SIDE_BY_SIDE
        }

    def by_workers(self, how: Plan) -> dict[str, Any]:
        """Return the same by how many processes share the frontier of a spider, one at a time."""
        alone = replace(how, at_once=1)
        return {
            str(number): self._large_night(replace(alone, workers=number)) for number in WORKERS
        }

    def without_crawl_delay(self, how: Plan) -> dict[str, Any]:
        """Return the same where no robots.txt asks for more than our own pause."""
        quick = [replace(host, crawl_delay=0.0) for host in self.hosts]
        return Game(quick, self.inputs, self.rules, self.seed)._large_night(how)

    def told(self, nights: Sequence[Night]) -> dict[str, Any]:
        """Return what nights came to, and what they cost."""
        inputs = self.inputs
        requests = sum(night.requests for night in nights)
        new, again = (sum(getattr(night, name) for night in nights) for name in ("new", "again"))
        lists = max(requests - round((new + again) * inputs.pages_per_report), 0)
        changed = round(lists * CHANGED_LISTS)
        spiders = sum(night.spiders for night in nights)
        cpu = spiders * inputs.spider_seconds + requests * inputs.exchange_seconds
        archive = (new + changed) * inputs.document_bytes
        archive += (requests - new - changed) * inputs.revisit_bytes
        hours = [night.seconds / 3600 for night in nights]
        slowest = max(nights, key=lambda night: night.machine_seconds)
        return {
            "nights": len(nights),
            "requests": requests,
            "reports": new,
            "documents_again": again,
            "hours": _rounded(sum(hours)),
            "longest_hours": _rounded(max(hours)),
            "nights_past_the_morning": sum(night.overran for night in nights),
            "hosts_due": max(night.due for night in nights),
            "hosts_left": max(night.left for night in nights),
            "hosts_done_by_morning": min(night.in_time for night in nights),
            "busiest_machine": slowest.machine,
            "busiest_machine_hours": _rounded(slowest.machine_seconds / 3600),
            "cpu_hours_crawling": _rounded(cpu / 3600),
            "cpu_hours_reading": _rounded((new + again) * inputs.read_seconds / 3600),
            "archive_gigabytes": _rounded(archive / 1e9),
            "catalog_gigabytes": _rounded(
                (new * inputs.report_bytes + (requests - new) * inputs.capture_bytes) / 1e9
            ),
        }

    def _country(self, settled: date | None = None) -> Country:
        country = Country(self.hosts, self.costs, self.rules, self.seed)
        country.grain = _GRAIN
        country.past_years = YEARS
        if settled:
            country.settle(settled, YEARS)
        return country

    def _large_night(self, how: Plan) -> dict[str, Any]:
        """Return the night after the deadline of January 31, whose predecessor was like it."""
        country = self._country(settled=date(2026, 1, 30))
        night = _play(country, [date(2026, 1, 30), date(2026, 1, 31)], how)[0]
        return {
            "requests": night.requests,
            "hours": _rounded(night.seconds / 3600),
            "slowest_spider_hours": _rounded(night.spider_seconds / 3600),
            "busiest_machine_hours": _rounded(night.machine_seconds / 3600),
            "hosts_done_by_morning": night.in_time,
            "hosts_due": night.due,
            "cpus_busy": _rounded(
                night.requests * self.inputs.exchange_seconds / max(night.seconds, 1)
            ),
        }


def _play(country: Country, days: Sequence[date], how: Plan) -> list[Night]:
    """Play the nights; one in which the run of an earlier one still goes on has none."""
    nights = []
    for day in days:
        if country.is_free(day):
            nights.append(country.night(day, how))
    return nights


def _country(found: Sequence[Host]) -> dict[str, Any]:
    machines = Counter(host.machine for host in found)
    return {
        "hosts": len(found),
        "machines": len(machines),
        "most_hosts_of_a_machine": max(machines.values()),
        "reports_a_year": sum(host.organs for host in found),
        "of_the_country": round(sum(host.organs for host in found) / REPORTS_A_YEAR, 3),
        "median_organs": statistics.median(host.organs for host in found),
        "not_well": dict(Counter(host.health for host in found if host.health != "well")),
        "night_hours": NIGHT.total_seconds() / 3600,
    }


def _rounded(value: float) -> float:
    return round(value, 2 if value < 10 else 1)
