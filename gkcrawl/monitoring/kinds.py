"""The rules by name, and the few ways in which numbers are judged. Pure.

A rule says what may be expected; which numbers that means stands in ``config/monitors.yml``.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import ceil
from statistics import median

from archive.records import Number

Numbers = Mapping[str, Number]


@dataclass(frozen=True, slots=True)
class Measured:
    """One number of a run that a rule is about."""

    rule: str
    value: Number
    portal: str = ""
    """Code; empty: of the run as a whole."""
    of: int | None = None
    """What the value is a share of; None: it is none."""
    before: tuple[float, ...] = ()
    """The same in earlier runs, the last first."""
    limit: Number | None = None
    """What the rule asks for, where that is not in monitors.yml."""
    said: str = ""
    """What was seen, for a person."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What became of a number: whether it is as it should be, and what it should have been."""

    value: Number
    failed: bool
    expected: str


@dataclass(frozen=True, slots=True)
class Kind:
    """A way of judging: the numbers that it needs, and the judgement (None: too little is known to
    judge)."""

    numbers: tuple[str, ...]
    judge: Callable[[Measured, Numbers], Judged | None]


def _most(one: Measured, numbers: Numbers) -> Judged:
    return Judged(one.value, one.value > numbers["most"], f"<= {_told(numbers['most'])}")


def _least(one: Measured, numbers: Numbers) -> Judged:
    least = numbers["least"]
    return Judged(one.value, one.value < least, f">= {_told(least)}")


def _demanded(one: Measured, numbers: Numbers) -> Judged | None:
    if not one.limit:
        return None
    return Judged(one.value, one.value < one.limit, f">= {_told(one.limit)}")


def _room(one: Measured, numbers: Numbers) -> Judged:
    """Room for so many runs, ``before`` being what the last ones took."""
    least = max(one.limit or 0, ceil(numbers["runs"] * max(one.before, default=0)))
    return Judged(one.value, one.value < least, f">= {least}")


def _share_at_most(one: Measured, numbers: Numbers) -> Judged | None:
    if (share := _share(one, numbers)) is None:
        return None
    most = numbers["most"]
    if one.before:
        most = min(most, median(one.before) + numbers["above_usual"])
    return Judged(share, share > most, f"<= {_told(most)}")


def _share_at_least(one: Measured, numbers: Numbers) -> Judged | None:
    if (share := _share(one, numbers)) is None:
        return None
    least = numbers["least"]
    if one.before:
        least = max(least, median(one.before) - numbers["below_usual"])
    return Judged(share, share < least, f">= {_told(least)}")


def _refused(one: Measured, numbers: Numbers) -> Judged | None:
    if (share := _share(one, numbers)) is None:
        return None
    return Judged(share, share > numbers["most"], f"<= {_told(numbers['most'])}")


def _fewer(one: Measured, numbers: Numbers) -> Judged | None:
    usual = max(one.before[:3], default=0)
    if usual < numbers["of"]:
        return None
    least = ceil(usual * numbers["share"])
    return Judged(one.value, one.value < least, f">= {least}")


def _share(one: Measured, numbers: Numbers) -> float | None:
    """Return the share; None: of too few."""
    if not one.of or one.of < numbers["of"]:
        return None
    return round(one.value / one.of, 4)


def _told(number: Number) -> str:
    return f"{number:.2f}".rstrip("0").rstrip(".") if isinstance(number, float) else str(number)


KINDS: Mapping[str, Kind] = {
    "most": Kind(("most",), _most),
    "least": Kind(("least",), _least),
    "demanded": Kind((), _demanded),
    "room": Kind(("runs",), _room),
    "share_at_most": Kind(("most", "above_usual", "of"), _share_at_most),
    "share_at_least": Kind(("least", "below_usual", "of"), _share_at_least),
    "share": Kind(("most", "of"), _refused),
    "fewer": Kind(("share", "of"), _fewer),
}


@dataclass(frozen=True, slots=True)
class Rule:
    """What is expected, and what a person does where it is not so."""

    kind: str
    remedy: str
    of_portal: bool = False


_COLUMNS = "look at the portal, then give its columns in config/portals (gkcrawl probe CODE helps)"
_READER = "look at some of the reports (gkcrawl serve); what is read wrong is a bug: report it"
_NETWORK = "look at this machine's network and proxy (gkcrawl doctor); what failed stays due"
RULES: Mapping[str, Rule] = {
    "unwritable": Rule(
        "most", "make room or mend the disk, then start the crawl again: it goes on"
    ),
    "unfinished": Rule(
        "most", "nothing is lost, what was not fetched stays due; find out what killed the run"
    ),
    "torn_files": Rule(
        "most", "repaired; the torn bytes are in quarantine/. Find out what killed the run"
    ),
    "catalog_behind": Rule("most", "run gkcrawl index: these WARC files are not in the catalog"),
    "unread": Rule("most", "run gkcrawl index: it reads what the crawl could not; look at the log"),
    "clock_step": Rule("most", "dates of the run are right; keep the clock right (NTP)"),
    "clock_behind": Rule("most", "set the clock (NTP); or an earlier run's clock was ahead"),
    "disk_left": Rule("room", "make room on the archive's disk, or move the archive to a larger"),
    "nothing_answered": Rule("least", _NETWORK),
    "error_rate": Rule("share_at_most", _NETWORK),
    "refusals": Rule(
        "share_at_most",
        "go slower (DOWNLOAD_DELAY), set GKCRAWL_CONTACT, ask the sites, or use a proxy in China",
    ),
    "hosts_resting": Rule("share_at_most", _NETWORK),
    "portals_failed": Rule("share_at_most", _NETWORK),
    "parse_rate": Rule("share_at_least", _READER),
    "filled_year": Rule("share_at_least", _READER),
    "filled_issuer": Rule("share_at_least", _READER),
    "filled_published": Rule("share_at_least", _READER),
    "least_reports": Rule("demanded", _COLUMNS, of_portal=True),
    "fewer_reports": Rule("fewer", _COLUMNS, of_portal=True),
    "portal_silent": Rule(
        "most", "open the portal in a browser: it may have moved, or refuse this machine", True
    ),
    "portal_refuses": Rule("share", "ask the site, or use a proxy in China", of_portal=True),
    "family_drift": Rule("most", "mend the portal's family in config/portals", of_portal=True),
    "column_gone": Rule("most", _COLUMNS, of_portal=True),
    "portal_moved": Rule("most", "mend the portal's url in config/portals", of_portal=True),
    "hijacked": Rule("most", "take the portal out of config/portals, or give its new url", True),
    "needs_browser": Rule(
        "most", "install the extra gkcrawl[browser] and Chromium (gkcrawl doctor)", True
    ),
}
"""Rule -> how it is judged. What is measured for each is told in ``measuring``."""
