"""How far a document is to be trusted, by where it was found."""

from urllib.parse import urlsplit

from archive.records import Trust

_GOVERNMENT = "gov.cn"
# Document-sharing sites (文库) by registered name; a document there was put up by a user.
DOCUMENT_SITES = frozenset(
    {
        "360docs.net",
        "book118.com",
        "renrendoc.com",
        "docin.com",
        "doc88.com",
        "wenku.baidu.com",
        "wenku.so.com",
        "taodocs.com",
        "jinchutou.com",
        "mayiwenku.com",
        "deliwenku.com",
        "mbalib.com",
        "wenkub.com",
        "iask.sina.com.cn",
        "ishare.iask.com",
        "wnwk.com",
        "wk.baidu.com",
    }
)


def trust_of(url: str | None, *, looks_shared: bool = False) -> Trust | None:
    """Return ``official`` for hosts under gov.cn, ``document_site`` for known document-sharing
    sites, else ``untrusted``; for a file without a web address None, or ``document_site`` where
    its text carries the marks of one (``looks_shared``).

    Only gov.cn counts as official: converted copies of portals stand on many other hosts.
    """
    host = _host(url)
    if host is None:
        return "document_site" if looks_shared else None
    if _under(host, _GOVERNMENT):
        return "official"
    if any(_under(host, site) for site in DOCUMENT_SITES):
        return "document_site"
    return "untrusted"


def _host(url: str | None) -> str | None:
    """Return the host of a web address in lower case; None: no web address."""
    try:
        parts = urlsplit((url or "").strip())
        host = parts.hostname
    except ValueError:
        return None
    if parts.scheme.lower() not in {"http", "https"} or not host:
        return None
    return host.rstrip(".").lower()


def _under(host: str, domain: str) -> bool:
    return host == domain or host.endswith("." + domain)
