"""What evaluators look for beside the sums inside a table: days, sections, last year, the place.

Pure functions: a report, last year's of the same organ, the reports of its place go in, judgements
come out. Nothing here knows of the catalog, which calls it with what it holds.
"""

from collections.abc import Iterator

from archive.evaluation.aggregates import ID as AGGREGATE
from archive.evaluation.aggregates import Part, aggregated
from archive.evaluation.chains import chained
from archive.evaluation.deadlines import in_time
from archive.evaluation.material import Evaluation, Known, is_mark
from archive.evaluation.presence import present
from archive.evaluation.reuse import reused

__all__ = ["AGGREGATE", "Evaluation", "Known", "Part", "aggregated", "evaluate", "is_mark"]


def evaluate(report: Known, before: Known | None) -> Iterator[Evaluation]:
    """Yield what is told by a report and by last year's of the same organ (None: not known).

    A report whose year is not known has no last year: only its day and sections are looked at.
    """
    yield from in_time(report)
    yield from present(report)
    if report.year is not None:
        yield from reused(report, before)
        yield from chained(report, before)
