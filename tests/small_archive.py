"""A small archive for the tests of the pages: five reports, kept and catalogued by the real parts.

The figures are invented; they are chosen so that every state a page can show occurs once.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from archive.catalog import Catalog
from archive.records import Capture, Exchange, Issuer, Reading, Report, Run, Table, Tables
from archive.report.tables.checks import check_tables
from archive.report.tables.forms import forms
from archive.warc import WarcWriter, locate, read_exchange

RUN = Run("0" * 32, "yunnan", "2026-01-20T00:00:00.000000Z", software="gkcrawl")
DIVISIONS = [
    {"code": "530000", "name": "云南省", "level": "province"},
    {"code": "530100", "name": "昆明市", "level": "city"},
    {"code": "530111", "name": "官渡区", "level": "county"},
    {"code": "530800", "name": "普洱市", "level": "city"},
]
STREET = Issuer(
    name="昆明市官渡区人民政府六甲街道办事处",
    kind="subdistrict_office",
    scope="own",
    division_code="530111",
    township_code="530111008",
    path=("云南省", "昆明市", "官渡区", "六甲街道"),
    source="title",
    confidence=0.98,
)
OFFICE = Issuer(
    name="普洱市人民政府办公室",
    kind="government_office",
    scope="own",
    division_code="530800",
    path=("云南省", "普洱市"),
    source="title",
    confidence=0.9,
)
SECTIONS = {
    "overview": "本年度主动公开政府信息。\n依申请公开按时办结。",
    "active_disclosure": "主动公开见下表。",
    "requests": "收到申请见下表，决定不予公开的均说明理由。",
    "review_litigation": "行政复议、行政诉讼见下表。",
    "problems_improvements": "公开内容还不够丰富，今后改进。",
    "other_matters": "无其他需要报告的事项。",
}
PAGE = """<!DOCTYPE html><html><head><meta charset="gb2312"><title>{title}</title>
<script>document.title = "改过"; fetch("/catalog.json")</script>
<link rel="stylesheet" href="http://www.example.com/a.css"><base target="_top">
<meta http-equiv="refresh" content="0;url=http://www.example.com/"></head>
<body onload="alert(1)" background="http://www.example.com/b.png"><h1>{title}</h1>
<a href="javascript:alert(1)">坏链接</a> <a href="../b.htm">好链接</a>
<img src="http://www.example.com/chart.png" alt="图表"><iframe src="http://www.example.com/"></iframe>
<form action="http://www.example.com/"><input name="a"></form><p style="color:red">正文第一段。</p>
</body></html>"""


def requests_table(**changed: int | None) -> Table:
    """Return a Table III of the form of 2021 whose identities hold, but for ``row__column``."""
    known = forms()
    rows: Table = {
        row: dict.fromkeys(known.applicant_ids, 0) for row in known.request_rows_of("2021")
    }
    for row, person, company in (
        ("new_requests", 12, 3),
        ("carried_over_in", 1, 0),
        ("granted", 8, 2),
        ("partially_granted", 1, 0),
        ("denied_process_info", 2, 0),
        ("unavailable_not_held", 1, 1),
        ("handled_total", 12, 3),
        ("carried_over_out", 1, 0),
    ):
        rows[row] |= {"natural_person": person, "business_enterprise": company}
        rows[row]["total"] = person + company
    for name, value in changed.items():
        row, _, column = name.partition("__")
        rows[row][column] = value
    return rows


def full_tables(**changed: int | None) -> Tables:
    """Return the three tables of the form of 2021, with a blank and amounts as found."""
    known = forms()
    outcomes: Table = {route: dict.fromkeys(known.outcome_ids, 0) for route in known.route_ids}
    outcomes["review"] |= {"upheld": 1, "total": 1}
    return Tables(
        active_disclosure={
            "regulations": {"issued": 0, "repealed": 0, "valid": 0},
            "normative_docs": {"issued": 2, "repealed": 1, "valid": 14},
            "admin_licensing": {"decisions": 1203},
            "admin_penalty": {"decisions": 57},
            "admin_coercion": {"decisions": None},
            "admin_fees": {"amount_10k_cny": 13.5},
        },
        requests=requests_table(**changed),
        review_litigation=outcomes,
        raw={
            "active_disclosure": {
                "admin_fees": {"amount_10k_cny": "135000元"},
                "regulations": {"issued": "0"},
            },
            "requests": {"rejected_duplicate": {"other_org": "/"}},
        },
        status=dict.fromkeys(("active_disclosure", "requests", "review_litigation"), "read"),
    )


def report(url: str, issuer: Issuer, year: int | None, tables: Tables, **fields: object) -> Report:
    """Return a report of the form of 2021 with its checks."""
    sections = SECTIONS
    made = Report(
        title=f"{issuer.name}{year}年政府信息公开工作年度报告" if issuer.name else None,
        year=year,
        form="2021",
        form_source="tables",
        trust="official",
        issuer=issuer,
        published=f"{year + 1}-01-20" if year else None,
        published_source="meta:PubDate" if year else None,
        text="\n".join(sections.values()),
        sections=sections,
        tables=tables,
        checks=check_tables(tables, "2021"),
        url=url,
    )
    return replace(made, **fields)  # type: ignore[arg-type]


def reports() -> list[Report]:
    """Return the reports of the archive."""
    host = "http://www.kmgd.gov.cn/zfxxgk"
    failing = full_tables(denied_process_info__natural_person=3)
    nothing = Tables(
        status={
            "active_disclosure": "absent",
            "requests": "ambiguous",
            "review_litigation": "absent",
        },
        readings={"requests": 3},
    )
    return [
        report(
            f"{host}/2023.html",
            STREET,
            2023,
            full_tables(rejected_duplicate__other_org=None),
        ),
        report(
            f"{host}/2024.html",
            STREET,
            2024,
            replace(failing, status={**failing.status, "requests": "inconsistent"}),
            warnings=("正文说收到申请 16 件，表中为 15 件",),
            attachments=(f"{host}/P0.docx",),
        ),
        report("https://www.puershi.gov.cn/info/1/2.htm", OFFICE, 2024, nothing),
        report(
            "http://www.example.org/<b>&\"'",
            Issuer(name="某<script>alert(1)</script>局", path=("云南省",)),
            2022,
            Tables(status=nothing.status),
            trust="untrusted",
            title="<script>alert(1)</script>年报",
        ),
        report(
            "http://www.example.gov.cn/unknown.html",
            Issuer(),
            None,
            Tables(),
            form=None,
            form_source=None,
            checks=(),
            sections={},
            trust=None,
            text="只有一段文字。\n没有机关，也没有年份。",
        ),
    ]


def make_home(home: Path) -> Path:
    """Write the archive and its catalog into ``home`` and return it."""
    found = reports()
    changed = replace(found[0], text=found[0].text + "\n更正：另有说明。")
    home.mkdir(exist_ok=True)
    with Catalog(home / "catalog.db") as catalog:
        catalog.load_divisions(DIVISIONS)
    moments = (datetime(2026, 1, 20, 8, minute, tzinfo=UTC) for minute in range(60))
    return add_to_home(home, RUN, dict(zip(moments, [*found, changed], strict=False)))


def add_to_home(home: Path, run: Run, found: Mapping[datetime, Report]) -> Path:
    """Add a run that captured reports, each at its moment, to the archive and return it."""
    writer = WarcWriter(home / "warc", run)
    with Catalog(home / "catalog.db") as catalog:
        catalog.add_run(run)
        for moment, one in found.items():
            capture = _write(writer, one, moment)
            stored = read_exchange(locate(home / "warc", capture.warc), capture.offset)
            catalog.add_capture(capture)
            catalog.apply(Reading(stored, "report", one))
        catalog.watch()
    writer.close()
    return home


def _write(writer: WarcWriter, one: Report, moment: datetime) -> Capture:
    body = PAGE.format(title=one.title or "无题").encode("gb18030")
    head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {len(body)}\r\n\r\n"
    written = writer.write(
        Exchange(
            url=one.url or "",
            started_at=moment,
            request=b"GET / HTTP/1.1\r\nHost: www.example.gov.cn\r\n\r\n",
            response=head.encode() + body,
            page_class="article",
        )
    )
    assert isinstance(written, Capture)
    return written
