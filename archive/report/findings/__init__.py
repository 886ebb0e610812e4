"""What a report says about itself beside the identities of its tables: ``find``.

Text against table, plausibility, what the form asks for and is not there. Each check is a function
of the report alone, in ``CHECKS``; to add one is to write such a function and name it there. Checks
that need another year's report (上年结转 against 结转下年度, 有效件数, text taken over from last
year) have the same shape with two reports, the earlier first, and stand in ``ACROSS_YEARS``; who
has both reports, the catalog, calls ``compare``.
"""

from collections.abc import Callable, Iterable, Mapping

from archive.records import Finding, Form, Issuer, Tables
from archive.report.findings.material import Material
from archive.report.findings.plausible import plausible
from archive.report.findings.presence import fees, present_sections
from archive.report.findings.told import told

__all__ = ["ACROSS_YEARS", "CHECKS", "Material", "compare", "find", "warnings"]

CHECKS: tuple[Callable[[Material], Iterable[Finding]], ...] = (
    told,
    plausible,
    present_sections,
    fees,
)
ACROSS_YEARS: tuple[Callable[[Material, Material], Iterable[Finding]], ...] = ()


def find(
    *,
    sections: Mapping[str, str],
    tables: Tables,
    form: Form | None,
    year: int | None,
    issuer: Issuer,
    title: str | None = None,
) -> tuple[Finding, ...]:
    """Return what was found in one report, agreements too, in the order of ``CHECKS``.

    ``sections`` is prose without tables (``archive.report.article.sections``). What a sentence
    means that no rule understands is left out: nothing is found rather than something wrong.
    """
    material = Material(sections, tables, form, year, issuer, title)
    return tuple(finding for check in CHECKS for finding in check(material))


def compare(earlier: Material, later: Material) -> tuple[Finding, ...]:
    """Return what two reports of one issuer for successive years say against each other."""
    return tuple(finding for check in ACROSS_YEARS for finding in check(earlier, later))


def warnings(findings: Iterable[Finding]) -> tuple[str, ...]:
    """Return one readable line for each finding that is neither an agreement nor a mere hint."""
    return tuple(f"{f.id}: {f.message}" for f in findings if f.status not in ("agrees", "hint"))
