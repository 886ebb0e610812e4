"""Hand-made readings for the tests of the catalog."""

from dataclasses import replace
from typing import Any

from archive.records import Capture, Check, Issuer, Reading, Report, StoredExchange, Tables

ISSUER = Issuer(
    name="昆明市官渡区人民政府六甲街道办事处",
    kind="subdistrict_office",
    scope="own",
    division_code="530111",
    township_code="530111008",
    path=("云南省", "昆明市", "官渡区", "六甲街道"),
    source="title",
    confidence=0.98,
)
READ = {"active_disclosure": "read", "requests": "read", "review_litigation": "read"}
TABLES = Tables(
    active_disclosure={
        "regulations": {"issued": 0, "repealed": 0, "valid": 0},
        "admin_coercion": {"decisions": None},
        "admin_fees": {"amount_10k_cny": 25.1},
    },
    requests={"new_requests": {"natural_person": 1, "other_org": None, "total": 1}},
    review_litigation={"review": {"upheld": 0, "total": 0}},
    raw={"active_disclosure": {"admin_coercion": {"decisions": "/"}}},
    status=READ,
)
REPORT = Report(
    title="昆明市官渡区人民政府六甲街道办事处2024年政府信息公开工作年度报告",
    year=2024,
    form="2021",
    form_source="tables",
    trust="official",
    issuer=ISSUER,
    published="2025-01-20",
    published_source="meta:PubDate",
    text="本年度收到申请1件，不予公开0件，没有行政诉讼。",
    sections={"overview": "本年度收到申请1件。", "other_matters": "无。"},
    tables=TABLES,
    checks=(
        Check("flow.total", "hold", 1, 1),
        Check("rowsum.new_requests", "fail", 2, 1, message="2 ≠ 1"),
    ),
    attachments=("https://www.example.gov.cn/a.docx",),
    warnings=("日期有两个",),
)


def capture(name: str, url: str = "https://www.example.gov.cn/1.html", **changes: Any) -> Capture:
    """Return a capture whose id is ``name``."""
    made = Capture(
        id=name,
        url=url,
        captured_at="2026-11-22T00:20:34.123456Z",
        status=200,
        media_type="text/html",
        payload_digest="sha256:00",
        warc="a.warc.gz",
        offset=0,
        length=100,
        kind="article",
        run_id="r1",
    )
    return replace(made, **changes)


def stored(of: Capture, content: bytes = b"", **changes: Any) -> StoredExchange:
    """Return the stored exchange of a capture, whole and without hints."""
    made = StoredExchange(of, (), content, truncated=None, via=None, hints={})
    return replace(made, **changes)


def report_reading(of: Capture, **changes: Any) -> Reading:
    """Return a reading of a capture that is ``REPORT`` with changes."""
    return Reading(stored(of), "report", replace(REPORT, url=of.url, **changes))
