"""The headers of Memento (RFC 7089) and its TimeMaps: how programs ask archives for the past."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from email.utils import format_datetime, parsedate_to_datetime

from gkcrawl.web.replay.addresses import (
    REPLAY,
    TIMEMAP,
    Wanted,
    exact_stamp,
    replay_path,
    stamp,
    written,
)
from gkcrawl.web.replay.captures import Capture

Absolute = Callable[[str], str]
"""Makes a path of ours an address with scheme and host."""

LINK_FORMAT = "application/link-format"


def headers(shown: Capture, around: Mapping[str, Capture], absolute: Absolute) -> dict[str, str]:
    """Return the headers that make an answer a memento: of when it is, and where the others are."""
    url = shown["url"]
    links = [_original(url), _timegate(url, absolute), _timemap(url, absolute)]
    named: dict[str, list[str]] = {}
    for name, capture in around.items():
        named.setdefault(capture["captured_at"], []).append(name)
    others = [{"url": url, "captured_at": at} for at in sorted(named)]
    for capture, path in zip(others, addresses(others), strict=True):
        at = capture["captured_at"]
        links.append(_link(absolute(path), [*named[at], "memento"], at))
    moment = http_date(shown["captured_at"])
    return {"Link": ", ".join(links)} | ({"Memento-Datetime": moment} if moment else {})


def timemap(url: str, captures: Sequence[Capture], absolute: Absolute) -> str:
    """Return the TimeMap of an address in link format; ``captures`` the newest first."""
    older = list(reversed(captures))
    lines = [_original(url), _timegate(url, absolute)]
    if older:
        ends = [http_date(older[n]["captured_at"]) for n in (0, -1)]
        span = f'; from="{ends[0]}"; until="{ends[1]}"' if all(ends) else ""
        lines.append(_timemap(url, absolute, "self") + span)
    lines += list(_mementos(older, absolute))
    return ",\n".join(lines) + "\n"


def addresses(captures: Sequence[Capture]) -> list[str]:
    """Return the path of each capture's replay: with digits below the second only where several
    captures of an address were made in one."""
    seen: dict[tuple[str, str], int] = {}
    for capture in captures:
        key = capture["url"], stamp(capture["captured_at"])
        seen[key] = seen.get(key, 0) + 1
    return [
        replay_path(
            capture["url"],
            stamp(capture["captured_at"])
            if seen[capture["url"], stamp(capture["captured_at"])] == 1
            else exact_stamp(capture["captured_at"]),
        )
        for capture in captures
    ]


def http_date(captured_at: str) -> str | None:
    """Return a moment of the catalog as HTTP writes it (RFC 9110 §5.6.7); None: it is no date."""
    try:
        return format_datetime(datetime.fromisoformat(captured_at), usegmt=True)
    except (TypeError, ValueError):
        return None


def accepted(header: str | None) -> Wanted | None:
    """Return the moment that ``Accept-Datetime`` asks for; None: none, or it is no date."""
    try:
        moment = parsedate_to_datetime(header or "")
    except (TypeError, ValueError):
        return None
    return Wanted(moment, moment) if moment.tzinfo else None


def _mementos(captures: Sequence[Capture], absolute: Absolute) -> Iterable[str]:
    last = len(captures) - 1
    for n, (capture, path) in enumerate(zip(captures, addresses(captures), strict=True)):
        names = [name for name, at in (("first", 0), ("last", last)) if n == at]
        yield _link(absolute(path), [*names, "memento"], capture["captured_at"])


def _link(address: str, relations: list[str], captured_at: str) -> str:
    moment = http_date(captured_at)
    dated = f'; datetime="{moment}"' if moment else ""
    return f'<{address}>; rel="{" ".join(relations)}"{dated}'


def _original(url: str) -> str:
    return f'<{written(url)}>; rel="original"'


def _timegate(url: str, absolute: Absolute) -> str:
    return f'<{absolute(REPLAY + written(url))}>; rel="timegate"'


def _timemap(url: str, absolute: Absolute, relation: str = "timemap") -> str:
    address = absolute(f"{TIMEMAP}link/{written(url)}")
    return f'<{address}>; rel="{relation}"; type="{LINK_FORMAT}"'
