"""The key under which an index sorts a URL (SURT, sort-friendly URI reordering transform).

``https://www.puershi.gov.cn/a/B.htm?y=1&x=2`` becomes ``cn,gov,puershi)/a/b.htm?x=2&y=1``: the
host reversed, and everything left out by which addresses of one page usually differ. The rules
are those that the Internet Archive's indexes use, so that pywb, ReplayWeb.page and cdxj-indexer
find our pages: https://github.com/internetarchive/surt describes them, and the tests hold this
module against cdxj-indexer.
"""

import ipaddress
import re
import socket
from contextlib import suppress
from urllib.parse import SplitResultBytes, quote_from_bytes, unquote_to_bytes

# RFC 3986, appendix B: scheme, authority, path, query, fragment.
_PARTS = re.compile(rb"(?:([^:/?#]+):)?(?://([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#(.*))?", re.DOTALL)
_REPEATED_SCHEME = re.compile(rb"\A(?:https?://)*(?=https?://)")
_WWW = re.compile(rb"www\d*\.")
_WWW_TEXT = re.compile(r"\Awww\d*\.")
# An address with nothing in it that has to be undone, as most pages of portals have: its key is
# found ten times as fast.
_PLAIN = re.compile(
    r"https?://((?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]+)((?:/[A-Za-z0-9_-][A-Za-z0-9._-]*)*/?)"
    r"(?:\?([A-Za-z0-9=&._-]*))?"
)
_NUMERIC_HOST = re.compile(rb"(?:0[0-7]*|[1-9][0-9]*)(?:\.[0-9]+){0,3}")
# Everything that may stand in a key as it is: printable ASCII but blank, % and #.
_SAFE = bytes(c for c in range(0x21, 0x7F) if c not in b"%#")
_DEFAULT_PORTS = {b"http": 80, b"https": 443}

# Marks of a visit, not of a page. In paths (ASP.NET): /(S(24 characters))/x.aspx, /(24)/x.aspx.
_PATH_SESSIONS = tuple(
    re.compile(rb"(.*/)\(" + mark + rb"\)/([^?]+\.aspx.*)", re.IGNORECASE | re.DOTALL)
    for mark in (rb"(?:[a-z]\([0-9a-z]{24}\))+", rb"[0-9a-z]{24}")
)
_MAY_HOLD_SESSION = re.compile(rb"(?i)sid=|sess|cfid=")
_QUERY_SESSIONS = tuple(
    re.compile(rb"(.*)" + mark + rb"(?:&|$)", re.IGNORECASE | re.DOTALL)
    for mark in (
        rb"jsessionid=[0-9a-z]{32}",
        rb"phpsessid=[0-9a-z]{32}",
        rb"sid=[0-9a-z]{32}",
        rb"aspsessionid[a-z]{8}=[a-z]{24}",
        rb"cfid=[^&]+&cftoken=[^&]+",
    )
)


def url_key(url: str) -> str:
    """Return the sort key of ``url``; a URL that has none (a port that is no number) as it is."""
    if plain := _PLAIN.fullmatch(url):
        host, path, query = plain.groups("")
        host = ",".join(reversed(_WWW_TEXT.sub("", host, count=1).split(".")))
        key = f"{host}){path.rstrip('/').lower() or '/'}"
        query = _query(query.encode()).decode()
        return f"{key}?{query}" if query else key
    try:
        return _key(url.encode()).decode()
    except ValueError:
        return url


def _key(url: bytes) -> bytes:
    url = re.sub(rb"[\r\n\t]", b"", url.strip())
    match = _PARTS.fullmatch(_REPEATED_SCHEME.sub(b"", url, count=1))
    scheme, authority, path, query, _ = match.groups(b"") if match else (b"", b"", url, b"", b"")
    place = SplitResultBytes(scheme, authority.rstrip(b":"), path, query, b"")
    host, port = place.hostname or b"", place.port
    if not host and scheme.startswith(b"http"):  # http:////host/path
        host, _, path = path.lstrip(b"/").partition(b"/")
        path = b"/" + path
    if not host:
        start, path = scheme + b":", _escaped(_unescaped(path)) or b"/"
    else:
        start = b",".join(reversed(_host(host).split(b".")))
        start += b":%d)" % port if port and port != _DEFAULT_PORTS.get(scheme.lower(), 0) else b")"
        path = _escaped(_resolved(_unescaped(path)))
    key = start + _path(path)
    query = _query(_escaped(_unescaped(query)))
    return key + b"?" + query if query else key


def _host(host: bytes) -> bytes:
    host = _unescaped(host)
    if not host.isascii():
        with suppress(ValueError):  # no name that IDNA knows: kept, percent-encoded
            host = host.decode("utf-8", "ignore").encode("idna")
    host = host.replace(b"..", b".").strip(b".")
    host = _dotted(host) or _escaped(host.lower()).lower()
    return _WWW.sub(b"", host, count=1) if _WWW.match(host) else host


def _dotted(host: bytes) -> bytes | None:
    """Return an IPv4 address in any of its numeric notations as four decimals, else None."""
    if host.isdigit():
        return str(ipaddress.IPv4Address(int(host) & 0xFFFFFFFF)).encode()
    if not _NUMERIC_HOST.fullmatch(host):
        return None
    try:
        return socket.inet_ntoa(socket.inet_aton(host.decode())).encode()
    except OSError:
        return None


def _resolved(path: bytes) -> bytes:
    """Return ``path`` without ``.``, ``..`` and empty segments; a slash at its end stays."""
    kept: list[bytes] = []
    for segment in path.split(b"/")[1:]:
        if segment == b".." and kept:
            kept.pop()
        elif segment != b".":
            kept.append(segment)
    if not kept:
        return b"/"
    return b"/" + b"".join(segment + b"/" for segment in kept[:-1] if segment) + kept[-1]


def _path(path: bytes) -> bytes:
    path = path.lower()
    for session in _PATH_SESSIONS:
        path = session.sub(rb"\1\2", path, count=1)
    return path[:-1] if path.endswith(b"/") and len(path) > 1 else path


def _query(query: bytes) -> bytes:
    if _MAY_HOLD_SESSION.search(query):
        for session in _QUERY_SESSIONS:
            query = session.sub(rb"\1", query, count=1)
    pairs = [pair.split(b"=", 1) for pair in query.lower().split(b"&")]
    return b"&".join(b"=".join(pair) for pair in sorted(pairs))


def _unescaped(text: bytes) -> bytes:
    while (plain := unquote_to_bytes(text)) != text:
        text = plain
    return text


def _escaped(text: bytes) -> bytes:
    return quote_from_bytes(text, safe=_SAFE).encode()
