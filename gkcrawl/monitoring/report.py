"""What people are told after a crawl: one report, as JSON for programs and as text. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from gkcrawl.exits import FAILED
from gkcrawl.monitoring.kinds import RULES
from gkcrawl.monitoring.rules import When

Row = Mapping[str, Any]

MOST_TOLD = 10
"""Failed monitors of one rule in a summary."""
_RUN = ("id", "spider", "started_at", "ended_at", "reason")
_MONITOR = ("spider", "run_id", "name", "portal", "measured", "expected", "message")


@dataclass(frozen=True, slots=True)
class Report:
    """What came of a crawl; its fields are those of the JSON."""

    machine: str
    home: str
    exit_code: int
    spiders: Mapping[str, int]
    """Spider -> exit status."""
    new: Mapping[str, int]
    """How many captures, reports, versions and failures were added."""
    runs: Sequence[Row]
    monitors: Sequence[Row]
    """What failed, each with its ``remedy``, and ``new`` where it did not fail the time before."""
    error: str | None = None
    """Why there was no crawl; None: there was one."""

    def is_wanted(self, when: When) -> bool:
        """Return whether somebody who asked to be told ``when`` is to be told of this."""
        if when == "always":
            return True
        if self.error is not None or self.exit_code == FAILED:
            return True
        return any(one["new"] or when == "failed" for one in self.monitors)

    def as_dict(self) -> dict[str, Any]:
        """Return the report as JSON has it."""
        return asdict(self)

    @property
    def subject(self) -> str:
        """Return the report in a line."""
        if self.error is not None:
            return "gkcrawl: no crawl"
        if broken := [name for name, code in self.spiders.items() if code]:
            return f"gkcrawl: {', '.join(broken)} failed"
        if self.monitors:
            about = sorted({one["spider"] for one in self.monitors})
            return f"gkcrawl: {len(self.monitors)} monitors failed ({', '.join(about)})"
        return "gkcrawl: all is well"

    @property
    def text(self) -> str:
        """Return the report for a person who reads it as a letter."""
        lines = [f"Archive {self.home} on {self.machine}, exit status {self.exit_code}"]
        lines += [self.error] if self.error else []
        lines += [f"{count} new {name}" for name, count in self.new.items()]
        for run in self.runs:
            ended = run["ended_at"] or "not ended"
            lines.append(f"{run['spider']}: {run['started_at']} to {ended} ({run['reason']})")
        for one in self.monitors:
            again = "" if one["new"] else ", as before"
            lines += [
                "",
                f"{one['spider']}: {one['name']} {one['portal']}".rstrip() + again,
                f"  {one['message'] or one['name']}: {one['measured']}, expected {one['expected']}",
                f"  What to do: {one['remedy']}",
            ]
        return "\n".join(lines) + "\n"


def make_report(
    machine: str,
    home: str,
    exit_code: int,
    summary: Mapping[str, Any],
    before: Mapping[str, frozenset[tuple[str, str]]],
    error: str | None = None,
) -> Report:
    """Return the report of a crawl.

    ``summary`` has spiders, new, runs and monitors of ``crawl.runner.Summary``; ``before`` what
    failed the time before: run -> (name, portal) of the run before it.
    """
    monitors = [
        {name: one[name] for name in _MONITOR}
        | {"remedy": remedy(one["name"])}
        | {"new": (one["name"], one["portal"]) not in before.get(one["run_id"], frozenset())}
        for one in summary.get("monitors", ())
    ]
    return Report(
        machine=machine,
        home=home,
        exit_code=exit_code,
        spiders=dict(summary.get("spiders", {})),
        new=dict(summary.get("new", {})),
        runs=[{name: run[name] for name in _RUN} for run in summary.get("runs", ())],
        monitors=monitors,
        error=error,
    )


def lines_of(monitors: Sequence[Row]) -> Iterator[str]:
    """Yield failed monitors as lines: rule by rule, of each the first, with what to do."""
    rules: dict[str, list[Row]] = {}
    for one in monitors:
        rules.setdefault(one["name"], []).append(one)
    for name, failed in rules.items():
        yield f"monitor failed: {name} ({len(failed)})"
        for one in failed[:MOST_TOLD]:
            about = f"{one['spider']} {one['portal']}".rstrip()
            seen = f" ({one['message']})" if one["message"] else ""
            yield f"  {about}: {one['measured']}, expected {one['expected']}{seen}"
        if len(failed) > MOST_TOLD:
            yield f"  … and {len(failed) - MOST_TOLD} more: table monitors of the catalog"
        yield f"  what to do: {remedy(name)}"


def remedy(name: str) -> str:
    """Return what a person does about a failed monitor; "" for one that other versions had."""
    rule = RULES.get(name)
    return rule.remedy if rule else ""
