"""What the feeds of all pages have in common beside their form (``atom``)."""

from collections.abc import Callable

from datasette.app import Datasette
from datasette.utils.asgi import Request

NOTHING_YET = "1970-01-01T00:00:00Z"
"""When a feed without entries changed last."""


def host_of(request: Request) -> str:
    """Return the host that was asked, without port; a name is all that a tag may hold."""
    return request.host.rsplit(":", 1)[0] if "]" not in request.host else "localhost"


def absolute(datasette: Datasette, request: Request) -> Callable[[str], str]:
    """Return what makes the path of a page an address for readers of feeds."""
    return lambda path: str(datasette.absolute_url(request, datasette.urls.path(path)))
