"""``/checks``: how often each check fails, worst first; ``/checks/<check>``: where it does."""

import sqlite3

from datasette.app import Datasette
from datasette.utils.asgi import Request, Response

from gkcrawl.web.answering import Route, Table, answer, formats, not_found, number
from gkcrawl.web.asking import asked
from gkcrawl.web.checks import cells_of, formula, order
from gkcrawl.web.language import say
from gkcrawl.web.rules import FAILED, Tally, basis, source_of, tallies
from gkcrawl.web.views import checks_rows
from gkcrawl.web.views.checks_rows import PAGE, Row, Wanted

_SOURCES = ("identity", "finding", "evaluation")
_BY_RULE = (
    "check_id",
    "source",
    "rule",
    "basis",
    "assessed",
    "held",
    "failed",
    "share",
    "not_assessable",
)
_BY_REPORT = (
    *("report_id", "issuer", "year", "province", "issuer_kind", "check_id", "status"),
    *("left", "right", "difference", "cells", "message", "culprit"),
    *("verdict", "note", "reviewer", "at", "outdated", "url"),
)


async def checks(request: Request, datasette: Datasette) -> Response:
    """Answer ``/checks?year=&province=&kind=``."""
    wanted = _wanted(request)

    def ask(connection: sqlite3.Connection) -> tuple[list[Tally], Row]:
        counted = tallies(checks_rows.counts(connection, wanted))
        return counted, checks_rows.filters(connection)

    found, filters = await asked(datasette, ask)
    rows = [_rule(tally) for tally in found]
    groups = [(source, *_parted(rows, source)) for source in _SOURCES]
    return await answer(
        datasette,
        request,
        "gk_checks.html",
        Table(_BY_RULE, rows, about=wanted.given()),
        wanted=wanted,
        groups=groups,
        **filters,
    )


async def check(request: Request, datasette: Datasette) -> Response:
    """Answer ``/checks/<check>?year=&province=&kind=&status=&page=``."""
    wanted, check_id = _wanted(request), request.url_vars["check"]
    page = max(number(request.args.get("page")) or 1, 1)
    status = request.args.get("status") or None

    def ask(
        connection: sqlite3.Connection,
    ) -> tuple[dict[str, int], dict[str, int], list[Row], Row]:
        return (
            checks_rows.statuses(connection, check_id, Wanted()),
            checks_rows.statuses(connection, check_id, wanted),
            checks_rows.reports(connection, check_id, wanted, status, page),
            checks_rows.filters(connection),
        )

    known, statuses, found, filters = await asked(datasette, ask)
    if not known:
        return await not_found(datasette, request, say("没有哪份报告核对过这一项。"))
    # Those of an identity are the same in every report.
    named = " ".join(map(".".join, cells_of(check_id)[0]))
    rows = [row | {"cells": row["cells"] or named or None} for row in found[:PAGE]]
    chosen = [status] if status else FAILED
    return await answer(
        datasette,
        request,
        "gk_check.html",
        Table(_BY_REPORT, rows, about=wanted.given() | {"statuses": statuses, "page": page}),
        wanted=wanted,
        check_id=check_id,
        title=formula(check_id),
        basis=say(basis(check_id)),
        source=source_of(check_id),
        outcome=status,
        statuses=statuses,
        total=sum(statuses.get(one, 0) for one in chosen),
        rows=rows,
        page=page,
        more=len(found) > PAGE,
        **filters,
    )


ROUTES: tuple[Route, ...] = (
    (formats("/checks"), checks),
    (formats(r"/checks/(?P<check>[\w.-]+?)"), check),
)


def _wanted(request: Request) -> Wanted:
    return Wanted(
        year=number(request.args.get("year")),
        province=request.args.get("province") or None,
        kind=request.args.get("kind") or None,
    )


def _parted(rows: list[Row], source: str) -> tuple[list[Row], list[Row]]:
    """Return the checks of a source: those that fail somewhere, and the others in order."""
    own = [row for row in rows if row["source"] == source]
    others = [row for row in own if not row["failed"]]
    return (
        [row for row in own if row["failed"]],
        sorted(others, key=lambda row: order(row["check_id"])),
    )


def _rule(tally: Tally) -> Row:
    return {
        "check_id": tally.check_id,
        "source": source_of(tally.check_id),
        "rule": formula(tally.check_id),
        "basis": say(basis(tally.check_id)),
        "assessed": tally.assessed,
        "held": tally.held,
        "failed": tally.failed,
        "share": None if tally.share is None else round(tally.share, 6),
        "not_assessable": tally.open,
    }
