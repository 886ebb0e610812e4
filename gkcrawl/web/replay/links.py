"""The links of one archived page, led into replay."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from gkcrawl.web.replay.addresses import RESOURCE, STYLE, absolute, replay_path

# Inline data that a browser only draws with.
_DRAWN = re.compile(
    r"data:(?:image/[\w.+-]+|(?:application/(?:x-)?)?font[\w./-]*)[;,]", re.IGNORECASE
)
_CANDIDATE = re.compile(r"[\s,]*([^\s,]\S*[^\s,]|[^\s,])(\s+[0-9.]+[wxh])?\s*(?:,|$)")


@dataclass(frozen=True, slots=True)
class Links:
    """Leads the addresses in a page to their replay at the time of the page."""

    base: str
    """What relative addresses are relative to."""
    timestamp: str
    path: Callable[[str], str]
    """Puts the site's prefix before a path."""
    encoding: str = "utf-8"
    """Of the page."""

    def page(self, href: str) -> str | None:
        """Return where a link leads; a fragment stays one; None: nowhere in the web."""
        return href.strip() if href.strip()[:1] == "#" else self._led(href, "")

    def resource(self, src: str) -> str | None:
        """Return from where something is loaded; None: it is not."""
        plain = src.strip()
        if plain[:1] == "#" or _DRAWN.match(plain):
            return plain
        return self._led(src, RESOURCE)

    def style(self, href: str) -> str | None:
        """Return from where a style sheet is loaded; None: it is not."""
        return self._led(href, STYLE)

    def choices(self, srcset: str) -> str:
        """Return the candidates of a ``srcset``, each led; those of inline data are left out."""
        led = (
            (self._led(match[1], RESOURCE), (match[2] or "").strip())
            for match in _CANDIDATE.finditer(srcset)
        )
        made = ((found.replace(",", "%2C"), size) for found, size in led if found)
        return ", ".join(f"{found} {size}".strip() for found, size in made)

    def _led(self, href: str, modifier: str) -> str | None:
        if not href.strip():
            return None
        url = absolute(self.base, href, self.encoding)
        return None if url is None else self.path(replay_path(url, self.timestamp, modifier))
