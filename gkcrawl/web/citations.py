"""How to cite a report: GB/T 7714-2015, BibTeX, RIS. Pure.

What is not known is left out, never made up: a report without a known day of publication has none
here. The day of citation (引用日期) is the day on which the page was kept, and the digest of the
kept bytes says which text was meant, wherever it lies later.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

Row = Mapping[str, Any]

NO_ISSUER = "发布机关不详"

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]+")
_TEX = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{letter: f"\\{letter}" for letter in "&%$#_"},
}
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def heading(found: Row) -> str:
    """Return a report's title; words in its place where the document has none, or
    a blank one."""
    if _line(found["title"]):
        return str(found["title"])
    year = f"{found['year']}年" if found["year"] else ""
    return f"{found['issuer'] or NO_ISSUER}{year}政府信息公开工作年度报告（原文无标题）"


def gbt7714(found: Row) -> str:
    """Return a reference after GB/T 7714-2015 8.8, report online: ``[R/OL]``, the day of
    publication in round, that of citation in square brackets, the address, the digest."""
    issuer, title = _line(found["issuer"]) or NO_ISSUER, _line(heading(found))
    days = [f"({day})" for day in [_day(found["published"])] if day]
    days += [f"[{day}]" for day in [_day(found["captured_at"])] if day]
    parts = [f"{issuer}. {title}[R/OL].", "".join(days), _address(found), _archived(found)]
    first, *rest = filter(None, parts)
    return " ".join([first, *(part if part.endswith(".") else f"{part}." for part in rest)])


def bibtex(found: Row) -> str:
    """Return an entry for BibTeX and biblatex; its key is made of the report's id and stays."""
    issuer, published = _line(found["issuer"]), _day(found["published"])
    fields = {
        "author": f"{{{_tex(issuer)}}}" if issuer else None,
        "title": f"{{{_tex(_line(heading(found)))}}}",
        "institution": f"{{{_tex(issuer)}}}" if issuer else None,
        "type": "政府信息公开工作年度报告",
        "date": published,
        "year": published and published[:4],
        "month": published and published[5:7],
        "url": _bib_url(_address(found)),
        "urldate": _day(found["captured_at"]),
        "note": _tex(_archived(found)),
        "language": "chinese",
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    return "\n".join([f"@techreport{{{bibtex_key(found['id'])},", *lines, "}", ""])


def bibtex_key(report_id: str) -> str:
    """Return the key of a report's entry: ``gk-530111008-75083bf5-2024``."""
    return "gk-" + re.sub(r"[^A-Za-z0-9.-]", "-", report_id)


def ris(found: Row) -> str:
    """Return a record in RIS (type RPRT), lines ended as its specification asks, by CR LF."""
    return "".join(f"{tag}  - {value}\r\n" for tag, value in _ris(found))


def _ris(found: Row) -> Iterator[tuple[str, str]]:
    issuer, published = _line(found["issuer"]), _day(found["published"])
    seen = _day(found["captured_at"])
    lines = (
        ("TY", "RPRT"),
        ("ID", bibtex_key(found["id"])),
        ("AU", issuer),
        ("TI", _line(heading(found))),
        ("PB", issuer),
        ("PY", published and published[:4]),
        ("DA", published and published.replace("-", "/")),
        ("UR", _address(found)),
        ("Y2", seen and seen.replace("-", "/")),
        ("LA", "zh"),
        ("N1", _archived(found)),
    )
    yield from ((tag, value) for tag, value in lines if value)
    yield "ER", ""


def _line(text: str | None) -> str:
    """Return a text in one line without control characters."""
    return " ".join(_CONTROL.sub(" ", text or "").split())


def _day(moment: str | None) -> str | None:
    """Return the day of a stored time or date; None where there is none."""
    match = _DAY.match(moment or "")
    return match[0] if match else None


def _address(found: Row) -> str:
    return _line(found["url"])


def _archived(found: Row) -> str:
    capture = found["capture"]
    return f"存档摘要 {capture['payload_digest']}" if capture and capture["payload_digest"] else ""


def _tex(text: str) -> str:
    return "".join(_TEX.get(letter, letter) for letter in text)


def _bib_url(url: str) -> str:
    """Return an address for a field that is read word for word, where a brace would end it."""
    coded = {letter: f"%{ord(letter):02X}" for letter in '{}\\" '}
    return "".join(coded.get(letter, letter) for letter in url)
