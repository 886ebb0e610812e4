"""When a host is left in peace: a circuit breaker (断路器) for each. Pure; the time is given.

A host that answers nothing, or refuses everything, gains nothing by being asked again and again.
After a few different pages that all came to grief it rests; then one request is let through, and
what comes of it decides.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from archive.records import REFUSALS

ENOUGH = 6
"""Points of trouble, of different pages in a row, after which a host rests."""
FIRST_REST = 600.0
"""Seconds of the first rest; each further one is twice as long."""
LONGEST_REST = 86400.0

# Status -> points of trouble; any status that is not here shows that the host is well. Of the
# refusals 403, and 405 which some firewalls answer with, may mean a single page.
BAD_STATUS: Mapping[int, int] = (
    dict.fromkeys(REFUSALS, 2)
    | dict.fromkeys((403, 405, 500, 502, 504, 520, 522, 523, 524), 1)
    | {503: 2}
)


@dataclass(slots=True)
class _Host:
    troubles: dict[str, int] = field(default_factory=dict)
    """URL -> points, since the last good answer."""
    rest: float = 0.0
    """Seconds of the present rest; 0: it is not resting."""
    until: float = 0.0


class Breaker:
    """What is known of all hosts; times are seconds of any clock that never steps back."""

    def __init__(self) -> None:
        self._hosts: dict[str, _Host] = {}

    def resting(self, host: str, now: float) -> float:
        """Return the seconds for which a host is still left in peace; 0: it may be asked.

        When its rest is over, one caller is told so, and the others to wait for what comes of it.
        """
        one = self._hosts.get(host)
        if one is None or not one.rest:
            return 0.0
        if now < one.until:
            return one.until - now
        one.until = now + one.rest
        return 0.0

    def left(self, host: str, now: float) -> float:
        """Return the seconds of a host's rest that are left; asking for them changes nothing."""
        one = self._hosts.get(host)
        return max(0.0, one.until - now) if one is not None and one.rest else 0.0

    def good(self, host: str) -> None:
        """Note that a host answered as a healthy one does."""
        self._hosts.pop(host, None)

    def bad(self, host: str, url: str, points: int, now: float) -> bool:
        """Note trouble with a page; return whether the host rests from now on, and did not yet."""
        one = self._hosts.setdefault(host, _Host())
        # A page that is tried again and again is still one page.
        one.troubles[url] = points
        if one.rest:
            one.rest = min(2 * one.rest, LONGEST_REST)
            one.until = max(one.until, now + one.rest)
            return False
        if sum(one.troubles.values()) < ENOUGH:
            return False
        one.rest, one.until = FIRST_REST, now + FIRST_REST
        return True

    def rest(self, host: str, seconds: float, now: float) -> None:
        """Leave a host in peace for as long as it asked to be."""
        one = self._hosts.setdefault(host, _Host())
        one.rest = max(one.rest, FIRST_REST)
        one.until = max(one.until, now + seconds)
