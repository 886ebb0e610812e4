"""How hosts want to be called: by https, with ``www.``. Asked so, they need not redirect. Pure."""

from urllib.parse import urlsplit

from gkcrawl.families.addresses import host_of


class Spellings:
    """The spellings of hosts, as their redirects tell them."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], tuple[str, str]] = {}

    def learn(self, asked: str, got: str) -> None:
        """Note that a host sends its visitors to another spelling of itself."""
        old, new = urlsplit(asked), urlsplit(got)
        if old[2:] == new[2:] and old[:2] != new[:2] and host_of(asked) == host_of(got):
            self._known[old.scheme, old.netloc] = (new.scheme, new.netloc)

    def of(self, url: str) -> str:
        """Return an address as its host wants to be asked."""
        parts = urlsplit(url)
        scheme, netloc = self._known.get((parts.scheme, parts.netloc), parts[:2])
        return parts._replace(scheme=scheme, netloc=netloc).geturl()
