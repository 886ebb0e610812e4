"""What the title of a listed document says of its organ and year. Pure.

Titles in lists tell less than the page itself: 2023年财政局信息公开年报 on the portal of a county
means that county's.
"""

import re
from collections.abc import Iterable
from typing import Any

from archive.catalog.ids import canonical_name
from archive.records import Issuer

Row = dict[str, Any]

_YEAR = r"(?:19|20)\d\d\s*年?度?"
_TITLE = re.compile(
    rf"(?:关于)?(?:{_YEAR})?(?P<who>.*?)(?:关于)?(?:{_YEAR})?(?:政府|政务)?信息公开"
)
_NAMED_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_AROUND = " \u3000《》“”（）()【】·-—、:：."


def named(title: str) -> str:
    """Return what a title says before 政府信息公开…年度报告 without the year: the organ's name as
    far as the title gives it; "" where it gives none."""
    found = _TITLE.match(title.strip(_AROUND))
    return found["who"].strip(_AROUND) if found else ""


def of_year(documents: Iterable[Row], year: int) -> list[Row]:
    """Return the documents whose ``anchor`` names the year before any other."""
    years = ((document, _NAMED_YEAR.search(document["anchor"])) for document in documents)
    return [document for document, found in years if found and int(found[0]) == year]


def same_name(code: str | None, name: str | None, path: str | None) -> tuple[str | None, str]:
    """Return what the names of one organ have in common: the code of its county or city, and the
    name without its place; ``path`` joins the names of the place with ``/``."""
    places = tuple((path or "").split("/"))
    short = canonical_name(Issuer(name=name, path=places))
    return code, short.removeprefix("人民政府") or short
