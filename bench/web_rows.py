"""The rows that a made-up report has in every table of the catalog, and those of the runs."""

import hashlib
import json
import random
import uuid
import zlib
from collections import Counter
from collections.abc import Iterator
from typing import Any

from archive.catalog.fulltext import first_address
from archive.catalog.ids import agency_id, level, report_id
from archive.catalog.rows import part_rows, report_row, table_states
from bench.web_organs import Organ, organs
from bench.web_reports import fields
from gkcrawl.portals import all_portal_rows

Row = dict[str, Any]
RUNS = 40
_EVALUATED = {
    "published.late": 0.2,
    "sections.empty": 0.1,
    "text.reuse": 0.3,
    "chain.carried_over_in.total": 0.05,
    "chain.valid.normative_docs": 0.1,
}
"""Checks of evaluators -> share of the reports that fail."""


def report_rows(
    reports: int, seed: int, length: int, cells: bool
) -> Iterator[list[tuple[str, Row]]]:
    """Yield the rows of one report after the other, those of its organ before its first."""
    number = 0
    taken: Counter[int] = Counter()
    for organ in organs(reports, seed):
        agency = agency_id(organ.issuer)
        head = [("agencies", _agency(agency, organ))] if agency else []
        for year in organ.years:
            if number == reports:
                return
            number += 1
            url = _url(organ, agency or "", year)
            told = fields(organ, year, url, seed, length)
            told["issuer"]["path"] = list(told["issuer"]["path"])
            rows = list(_report(number, agency, told, cells or number % 4 == 0, taken))
            yield head + rows
            head = []


def _report(
    number: int, agency: str | None, told: Row, full: bool, taken: Counter[int]
) -> Iterator[tuple[str, Row]]:
    """Yield all that the catalog holds of one report; ``full``: with its parts. ``taken``: how many
    addresses of each year and place are."""
    rng = random.Random(f"{told['url']}")
    report = report_id(agency, told["year"], told["url"])
    seen = f"{told['year'] + 1}-04-{rng.randint(1, 28):02}T0{rng.randint(0, 9)}:{number % 60:02}"
    chosen = _reading(report, agency, told, f"{seen}:30.000000Z")
    readings = [chosen]
    if rng.random() < 0.05:
        before = told | {"text": told["text"].replace("。", "；", 2)}
        readings.insert(0, _reading(report, agency, before, f"{seen}:01.000000Z"))
    sources = [chosen | {"chosen": 1}]
    if rng.random() < 0.04:
        copy = {"url": f"https://www.example.com/doc/{number}.html", "trust": "document_site"}
        copy |= {"captured_at": f"{seen}:05.000000Z"}
        copy["capture_id"] = _id(copy["url"], copy["captured_at"])
        readings.append(chosen | copy)
        sources.append(chosen | copy | {"chosen": 0})
    row = report_row(chosen, told)
    first = first_address(row)
    taken[first] += 1
    yield "reports", row | {"docid": first + taken[first] - 1}
    for n, reading in enumerate(reading for reading in readings if reading["url"] == told["url"]):
        yield "versions", reading | {"n": n + 1, "seen_at": reading["captured_at"]}
    for reading in readings:
        yield "readings", reading
        yield "captures", _capture(reading["url"], reading["captured_at"], number, "report")
    for source in sources:
        yield "sources", source
    if rng.random() < 0.15:
        url = told["url"].replace("/t", "/gone-t")
        at = f"{seen}:50.000000Z"
        outcome = rng.choice(("blocked", "soft_404", "notice", "http_error", "unreadable"))
        yield "captures", _capture(url, at, number, outcome)
    if full:
        for table, rows in part_rows(report, told).items():
            for row in rows:
                yield table, row
        for row in _evaluations(rng):
            yield "evaluations", row | {"report_id": report}


def _evaluations(rng: random.Random) -> Iterator[Row]:
    """Yield what an evaluator might have found; to compare real texts takes too long here."""
    for check, failing in _EVALUATED.items():
        status = "fail" if rng.random() < failing else "hold"
        made = {"left": rng.randint(0, 99), "right": rng.randint(0, 99), "culprit": "unclear"}
        made |= {"formula": "甲 = 乙", "message": "made up"}
        yield {"check_id": check, "status": status} | (made if status == "fail" else {})


def _reading(report: str, agency: str | None, told: Row, at: str) -> Row:
    content = json.dumps(told, ensure_ascii=False).encode()
    states = list(table_states(told).values())
    cells = json.dumps(told["tables"], sort_keys=True)
    return {
        "capture_id": _id(told["url"], at),
        "report_id": report,
        "agency_id": agency,
        "url": told["url"],
        "captured_at": at,
        "kind": "article",
        "trust": told["trust"],
        "tables_read": states.count("read"),
        "tables_inconsistent": states.count("inconsistent"),
        "text_digest": _digest(told["text"]),
        "cells_digest": _digest(cells),
        "digest": _digest(content.decode()),
        "document": zlib.compress(content, 1),
    }


def _capture(url: str, at: str, number: int, outcome: str) -> Row:
    return {
        "id": _id(url, at),
        "url": url,
        "captured_at": at,
        "status": {"blocked": 403, "http_error": 502}.get(outcome, 200),
        "media_type": "text/html",
        "payload_digest": _digest(url + at),
        "warc": f"province-{at[:10]}-{number // 5000:05}.warc.gz",
        "offset": number % 5000 * 12_000,
        "length": 9_000 + number % 3_000,
        "kind": "article",
        "outcome": outcome,
        "run_id": _run(number % RUNS),
    }


def run_rows(seed: int) -> Iterator[tuple[str, Row]]:
    """Yield runs with what failed in them and what they noticed."""
    rng = random.Random(f"runs {seed}")
    kinds = ("family_drift", "column_gone", "column_found", "portal_moved", "monitor")
    portals = rng.sample(all_portal_rows(), 40)
    for number in range(RUNS):
        day = f"20{10 + number // 3:02}-04-{number % 28 + 1:02}"
        run = {"id": _run(number), "spider": portals[number]["spider"], "settings": "{}"}
        run |= {"started_at": f"{day}T00:00:00.000000Z", "ended_at": f"{day}T09:00:00.000000Z"}
        run |= {"reason": "finished", "counts": "{}", "software": "gkcrawl", "contact": ""}
        yield "runs", run
        for n, portal in enumerate(rng.sample(portals, 5), 1):
            notice = {"run_id": run["id"], "n": n, "kind": rng.choice(kinds)}
            notice |= {"portal": portal["code"] or "", "url": portal["url"], "message": "made up"}
            yield "notices", notice
        for _ in range(50):
            url = f"{rng.choice(portals)['url']}zfxxgk/{rng.randrange(10**6)}.html"
            failure = {"id": _id(url, day), "run_id": run["id"], "url": url, "message": "made up"}
            failure |= {"failed_at": f"{day}T05:00:00.000000Z", "error": "DownloadTimeoutError"}
            yield "failures", failure


def _agency(agency: str, organ: Organ) -> Row:
    issuer = organ.issuer
    row = {name: getattr(issuer, name) for name in ("name", "kind", "scope", "division_code")}
    place = issuer.path[0] if issuer.path else None
    rank = level(issuer.kind, issuer.division_code, issuer.township_code)
    row |= {"township_code": issuer.township_code, "province": place, "level": rank}
    return row | {"id": agency}


def _url(organ: Organ, agency: str, year: int) -> str:
    code = organ.issuer.division_code or "100000"
    name = _digest(f"{agency} {year}")[-10:]
    return f"http://www.g{code}.gov.cn/zfxxgknb/{year + 1}/t{year + 1}0120_{name}.html"


def _id(*parts: str) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_URL, " ".join(parts)))


def _run(number: int) -> str:
    return f"{number:032x}"


def _digest(text: str) -> str:
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"
