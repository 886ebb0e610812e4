"""The templates of the embedded world, with the filters they use."""

import posixpath
import re
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from gkcrawl.demo.documents import Article
from gkcrawl.demo.flattened import flattened
from gkcrawl.demo.layout import broken, grids, word_runs

# How wide the layout table of style `inline` is: real ones have hundreds of columns.
_LAYOUT_WIDTH = 342
_LISTED_LETTERS = 24


@cache
def environment() -> Environment:
    """Return the Jinja environment of the templates; a name that is missing is an error."""
    jinja = Environment(
        loader=PackageLoader(__package__),
        autoescape=select_autoescape(("html", "xml")),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    jinja.filters.update(
        broken=broken,
        post_id=_post_id,
        relative=_relative,
        shortened=_shortened,
        word_runs=word_runs,
    )
    return jinja


def render(template: str, **context: Any) -> Markup:
    """Return the template filled in, as markup that another template takes unescaped."""
    return Markup(environment().get_template(template).render(**context))


def body_context(article: Article, pictures: dict[str, str]) -> dict[str, Any]:
    """Return what ``report/body.html`` needs to print the document.

    ``pictures``: section key -> address, for reports whose tables are images.
    """
    report = article.report
    printed = report is not None and article.lines is None
    context: dict[str, Any] = {
        "article": article,
        "source": report.issuer if report else None,
        "pictures": pictures if printed else {},
        "grids": {},
        "flat": "",
        "width": _LAYOUT_WIDTH,
    }
    if report is None or not printed:
        return context
    if article.style == "flat":
        context["flat"] = flattened(report, article.title, environment())
    elif report.figures:
        context["grids"] = grids(report.form, report.figures, report.shown)
    return context


def _post_id(path: str) -> str:
    """Return the number of a gkmlpt article: ``/gkmlpt/content/1/1294/post_1294117.html``."""
    return path.rsplit("_", 1)[1].removesuffix(".html")


def _relative(path: str, folder: str) -> str:
    """Return ``path`` as TRS writes links, relative to the folder of the column."""
    relative = posixpath.relpath(path, folder)
    return relative if relative.startswith("../") else f"./{relative}"


def _shortened(title: str) -> str:
    """Return a title as lists show it: cut, the full one being in the attribute ``title``."""
    return title if len(title) <= _LISTED_LETTERS else re.sub(r".$", "…", title[:_LISTED_LETTERS])
