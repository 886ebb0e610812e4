"""Addresses: which two are the same page, whose host it is, what may be asked at all.

Portals write one page in many ways: by http and https, with and without ``www``, with the number of
the visit in it, in an edition for telephones. Query strings count otherwise: ``?number=RCA07``
chooses what a column lists.
"""

import re
from functools import lru_cache
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from w3lib.url import canonicalize_url

# Numbers of a visit, in the path and in the query string.
_SESSION_PATH = re.compile(r";(?:j?sessionid|phpsessid|sid)=[^/?#]*", re.I)
_SESSION_NAMES = re.compile(
    r"^(?:j?session_?id|phpsessid|aspsessionid\w*|asp\.net_sessionid|cfid|cftoken|zenid)$", re.I
)
# Names that say nothing else as often: they count as a visit's where the value is a random one.
_RANDOM_NAMES = re.compile(
    r"^(?:_|_?t|_?ts|_?time(?:stamp)?|_?r|_?rnd|rand(?:om)?|sid|s|nonce)$", re.I
)
_RANDOM_VALUE = re.compile(
    r"^(?:1[5-9]\d{8}(?:\d{3})?|0?\.\d{6,}|(?=[\da-f-]*\d)(?=[\da-f-]*[a-f])[\da-f-]{16,}"
    r"|(?=\w*\d)(?=\w*[a-z])\w{16,})$",
    re.I,
)
_INDEX = re.compile(r"/(?:index|default)\.(?:s?html?|jsp|aspx?|php)$", re.I)
# The edition for telephones: a host, a folder or an ending of its own.
_MOBILE_HOST = re.compile(r"^(?:m|wap|3g|mobile)\.")
_MOBILE_PATH = re.compile(
    r"/(?:m|wap|mobile|3g)(?=/)|[_-](?:wap|mobile)(?=\.\w+$)|(?<=/)m(?=post_)"
)
_GOVERNMENT = re.compile(r"(?:^|\.)gov\.cn$")
_SECOND_LEVEL = frozenset({"gov.cn", "com.cn", "org.cn", "net.cn", "edu.cn", "ac.cn"})


def clean(url: str) -> str:
    """Return an address without the number of the visit; it is the same page without it."""
    if ";" in url:
        url = _SESSION_PATH.sub("", url)
    if "?" not in url:
        return url
    parts = urlsplit(url)
    kept = [piece for piece in parts.query.split("&") if not _is_of_visit(piece)]
    if len(kept) == parts.query.count("&") + 1:
        return url
    return urlunsplit(parts._replace(query="&".join(kept)))


@lru_cache(maxsize=4096)
def key(url: str) -> str:
    """Return what all ways to write the address of one navigation page have in common."""
    parts = urlsplit(canonicalize_url(clean(url), keep_fragments=True))
    path = _INDEX.sub("/", parts.path) or "/"
    if not parts.query:
        path = path.rstrip("/") or "/"
    host = parts.netloc.removeprefix("www.").removesuffix(":80").removesuffix(":443")
    return urlunsplit(("", host, path, parts.query, parts.fragment))


def desktop(url: str) -> str:
    """Return what an address and that of its twin for telephones have in common."""
    parts = urlsplit(canonicalize_url(clean(url)))
    host = _MOBILE_HOST.sub("", parts.netloc.removeprefix("www."))
    return urlunsplit(("", host, _MOBILE_PATH.sub("", parts.path), parts.query, ""))


def is_for_telephones(url: str) -> bool:
    """Tell whether an address is in the edition for telephones, by its host, folder or ending."""
    parts = urlsplit(url)
    return bool(_MOBILE_HOST.search(parts.netloc) or _MOBILE_PATH.search(parts.path))


def host_of(url: str) -> str:
    """Return the host of an address without ``www.``; empty for none."""
    return (urlsplit(url).hostname or "").removeprefix("www.")


def registrable(host: str) -> str:
    """Return the part of a host's name that somebody registered: ``km.gov.cn`` of what is below."""
    labels = host.split(".")
    if host.replace(".", "").isdigit():
        return host
    return ".".join(labels[-3:] if ".".join(labels[-2:]) in _SECOND_LEVEL else labels[-2:])


def same_site(url: str, portal: str) -> bool:
    """Tell whether a host is the portal's or below it (``zwgk.x.gov.cn``, ``www.x.gov.cn``)."""
    host, own = host_of(url), host_of(portal)
    return host == own or host.endswith("." + own)


def is_government(url: str) -> bool:
    """Tell whether a host is one of the government's by its name."""
    return _GOVERNMENT.search(host_of(url)) is not None


def is_home(url: str) -> bool:
    """Tell whether an address is the first page of its host."""
    parts = urlsplit(url)
    return _INDEX.sub("/", parts.path or "/") == "/" and not parts.query


def as_on(page: str, url: str) -> str:
    """Return an address by https where it is on the host of a page that came by https: rows of old
    lists say http, which costs a redirect each."""
    own, parts = urlsplit(page), urlsplit(url)
    if own.scheme == "https" and parts.scheme == "http" and own.netloc == parts.netloc:
        return parts._replace(scheme="https").geturl()
    return url


def folder(url: str) -> str:
    """Return host and folder of an address, with a slash at its end; a page is in its folder."""
    parts = urlsplit(url)
    return host_of(url) + (parts.path.rpartition("/")[0] or "") + "/"


def with_query(url: str, **values: str) -> str:
    """Return an address with these parameters added to its query string."""
    parts = urlsplit(url)
    pairs = [*parse_qsl(parts.query, keep_blank_values=True), *values.items()]
    return urlunsplit(parts._replace(query=urlencode(pairs)))


def _is_of_visit(piece: str) -> bool:
    name, _, value = piece.partition("=")
    if _SESSION_NAMES.match(name):
        return True
    return bool(_RANDOM_NAMES.match(name) and _RANDOM_VALUE.match(value))
