"""What the page of all captures of an address shows. Pure."""

from collections.abc import Callable, Sequence
from typing import Any

from gkcrawl.web.replay.addresses import TIMEMAP, written
from gkcrawl.web.replay.captures import Capture
from gkcrawl.web.replay.memento import addresses

FullReplay = Callable[[Capture], str | None]


def listed(
    url: str, captures: Sequence[Capture], message: str, full_replay: FullReplay | None
) -> dict[str, Any]:
    """Return the context of ``gk_replay.html``; ``captures`` the newest first.

    ``message``: what is to be said above them; ``full_replay``: gives the address of a capture's
    full replay, None where there is none.
    """
    before = [*captures[1:], None][: len(captures)]
    paths = addresses(captures)
    return {
        "url": url,
        "link": url if url.startswith(("http://", "https://")) else None,
        "message": message,
        "captures": [
            {**row, "path": path, "repeated": _is_same(row, older)}
            for row, path, older in zip(captures, paths, before, strict=True)
        ],
        "full_replay": full_replay,
        "years": _years(captures),
        "timemaps": [(name, f"{TIMEMAP}{name}/{written(url)}") for name in ("json", "csv", "link")],
    }


def _is_same(one: Capture, other: Capture | None) -> bool:
    digest = one["payload_digest"]
    return other is not None and digest is not None and digest == other["payload_digest"]


def _years(captures: Sequence[Capture]) -> list[tuple[str, list[int]]]:
    """Return the number of captures in each month of each year, the newest year first."""
    counts: dict[str, list[int]] = {}
    for row in captures:
        year, month = row["captured_at"][:4], row["captured_at"][5:7]
        if month.isdigit() and 1 <= int(month) <= 12:
            counts.setdefault(year, [0] * 12)[int(month) - 1] += 1
    return list(counts.items())
