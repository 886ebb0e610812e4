"""By when a report has to be published (公布期限). Pure: rules of law, no clock.

Regulations on government information disclosure (政府信息公开条例), State Council order 711, in
force since 2019-05-15, article 49: departments by January 31 of the next year, the report of a
place as a whole by March 31. Article 31 of the Regulations of 2007 (order 492): all by March 31.
Townships and subdistricts are named in neither: local notices set their day. Nor are public
institutions (公共企事业单位), whose disclosure article 55 leaves to their ministries.
"""

from datetime import date, timedelta, timezone

CHINA = timezone(timedelta(hours=8))
"""China has one time, without summer time since 1991."""
_NEW_REGULATIONS = 2019
"""First year of report that article 49 applies to: it was published in 2020."""
_NOT_NAMED = frozenset({"town_government", "subdistrict_office", "public_institution"})


def due(kind: str | None, scope: str | None, year: int) -> date | None:
    """Return the last day on which an organ's report for ``year`` is in time.

    ``kind`` and ``scope`` are those of ``archive.records.Issuer``. None: the law names no day for
    organs of this kind, or the kind is not known.
    """
    if kind is None or kind in _NOT_NAMED:
        return None
    if year < _NEW_REGULATIONS or kind == "government" or scope == "aggregate":
        return last_due(year)
    return date(_next(year), 1, 31)


def last_due(year: int) -> date:
    """Return the day by which every report for ``year`` that the law sets a day for is due."""
    return date(_next(year), 3, 31)


def _next(year: int) -> int:
    """Return the year after; a slip of the pen such as 9999 is bound to what a date may hold."""
    return min(max(year + 1, date.min.year), date.max.year)


def complete_year(today: date) -> int:
    """Return the newest year whose reports are all due before ``today``."""
    return today.year - 1 if today > last_due(today.year - 1) else today.year - 2
