"""The addresses of replay: ``/-/replay/<timestamp><modifier>/<url>``, as web archives have them.

The form is that of the Wayback Machine and pywb. The archived address stands in ours as it is, with
its query string; timestamps are digits of UTC, cut short at will. Pure.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import quote, urljoin, urlsplit

REPLAY, TIMEMAP = "/-/replay/", "/-/timemap/"
PAGE, RESOURCE, STYLE, BYTES = "mp_", "rs_", "cs_", "id_"
"""What is asked for: a page, something that a page loads, a style sheet, the bytes as received."""

# Printable ASCII that may stand in an address; "#" is left out: it would begin a fragment of ours.
_PATH_SAFE = "%/:?&=+$,;@!*'()~-._[]|"
_WHITE = re.compile(r"[\t\r\n]+|^[\x00-\x20]+|[\x00-\x20]+$")
_WEB = re.compile(r"https?:/*", re.IGNORECASE)
_ONE_DOT = frozenset({".", "%2e"})
_TWO_DOTS = frozenset({"..", ".%2e", "%2e.", "%2e%2e"})
_DEFAULT_PORTS = {"http": ":80", "https": ":443"}
_FIRST = "00010101000000"
_LONGEST = 8000
"""Characters of an address; servers refuse longer ones."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """The moments that a timestamp stands for: one second, or less where it says more."""

    first: datetime
    last: datetime

    def distance(self, moment: datetime) -> timedelta:
        """Return how far a moment lies outside; zero within."""
        return max(self.first - moment, moment - self.last, timedelta())


def wanted(timestamp: str) -> Wanted | None:
    """Return what 4 to 20 digits stand for (``2026`` is its first second, as web archives have it,
    and digits behind the seconds are parts of one); None: they are no date."""
    if not re.fullmatch(r"[0-9]{4,20}", timestamp):
        return None
    pairs = timestamp[: min(len(timestamp), 14) // 2 * 2]
    try:
        first = datetime.strptime(pairs + _FIRST[len(pairs) :], "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return None
    if part := timestamp[14:]:
        first += timedelta(microseconds=int(part.ljust(6, "0")))
        return Wanted(first, first + timedelta(microseconds=10 ** (6 - len(part)) - 1))
    return Wanted(first, first + timedelta(microseconds=999_999))


def stamp(captured_at: str) -> str:
    """Return the 14 digits of a moment in the form of the catalog."""
    return re.sub(r"\D", "", captured_at)[:14]


def exact_stamp(captured_at: str) -> str:
    """Return the digits of a moment down to the microsecond: of captures of one second one."""
    return re.sub(r"\D", "", captured_at)[:20]


def replay_path(url: str, timestamp: str, modifier: str = "") -> str:
    """Return where ``url`` is replayed, its fragment kept; to be handed to ``urls.path``."""
    address, hash_mark, fragment = url.partition("#")
    said = f"{REPLAY}{timestamp}{modifier}/{written(address)}"
    return said + (hash_mark + quote(fragment, safe=_PATH_SAFE) if fragment else "")


def written(url: str) -> str:
    """Return an archived address as it stands in one of ours, in a header too."""
    return quote(url, safe=_PATH_SAFE)


def asked_url(path: str, query: str) -> str | None:
    """Return the archived address in one of ours: the rest of the path and the query string.

    A missing scheme is ``http``; slashes that a proxy merged are put back. None: it is no address.
    """
    match = _WEB.match(path)
    scheme = path[: match.end()].rstrip("/") if match else "http:"
    rest = path[match.end() :] if match else path
    url = f"{scheme.lower()}//{rest}" + (f"?{query}" if query else "")
    return url if rest and len(url) <= _LONGEST and _host(url) else None


def absolute(base: str, href: str, encoding: str = "utf-8") -> str | None:
    """Return where a link of a page leads, as a browser takes it; None: to no web address.

    ``encoding``: of the page, in which browsers write what is not ASCII in a query string.
    """
    href = _WHITE.sub("", href)
    head, query = re.match(r"([^?#]*)(.*)", href, re.DOTALL).groups()  # type: ignore[union-attr]
    try:
        joined = urljoin(base, head.replace("\\", "/") + query)
        parts = urlsplit(joined)
    except ValueError:  # such as an unfinished IPv6 address
        return None
    if parts.scheme not in _DEFAULT_PORTS or not parts.netloc or len(joined) > _LONGEST:
        return None
    path = _without_dots(quote(parts.path, safe=_PATH_SAFE))
    asked = quote(parts.query, safe=_PATH_SAFE, encoding=encoding, errors="xmlcharrefreplace")
    made = f"{parts.scheme}://{_ascii(parts.netloc)}{path or '/'}" + (f"?{asked}" if asked else "")
    return made + (f"#{parts.fragment}" if parts.fragment else "")


def variants(url: str) -> tuple[str, ...]:
    """Return the forms under which one address may have been captured, as given first.

    Query strings are significant, and paths are; letters of scheme and host, the usual port,
    escapes and a fragment are not, nor is whether it was had by TLS.
    """
    plain = url.partition("#")[0]
    usual = absolute(plain, plain) or plain
    scheme, _, rest = usual.partition("://")
    host, slash, path = rest.partition("/")
    host = host.lower().removesuffix(_DEFAULT_PORTS.get(scheme, " "))
    rest = host + slash + path
    escaped = re.sub("%[0-9a-f]{2}", lambda match: match[0].upper(), rest, flags=re.IGNORECASE)
    other = {"http": "https", "https": "http"}.get(scheme, scheme)
    found = [url, plain, usual, f"{scheme}://{rest}", f"{scheme}://{escaped}", f"{other}://{rest}"]
    if not path and slash:
        found.append(f"{scheme}://{host}")
    return tuple(dict.fromkeys(found))


def _host(url: str) -> str | None:
    try:
        return urlsplit(url).hostname
    except ValueError:
        return None


def _ascii(netloc: str) -> str:
    """Return host and port without a user's name, the host as it is asked for in DNS."""
    place = netloc.rpartition("@")[2].lower()
    if place.isascii():
        return quote(place, safe="%:[]-._")
    try:
        return place.encode("idna").decode()
    except UnicodeError:  # no name that IDNA knows
        return quote(place, safe="%:[]-._")


def _without_dots(path: str) -> str:
    """Return ``path`` without ``.`` and ``..``, which in our address would climb out of replay."""
    kept: list[str] = []
    segments = path.split("/")
    for segment in segments:
        if segment.lower() in _TWO_DOTS:
            kept = kept[:1] if len(kept) <= 1 else kept[:-1]
        elif segment.lower() not in _ONE_DOT:
            kept.append(segment)
    if segments[-1].lower() in _ONE_DOT | _TWO_DOTS:
        kept.append("")
    return "/".join(kept)
