"""``/``: what this is, a search box, how much there is, where, and what is new."""

import sqlite3
from datetime import date

from datasette.app import Datasette
from datasette.utils.asgi import Request, Response

from archive.catalog import changes
from archive.catalog.coverage import Asked, Row, matrix, rows
from gkcrawl.web import queries
from gkcrawl.web.answering import Route, Table, answer, database
from gkcrawl.web.asking import asked
from gkcrawl.web.tiles import SIDE, percent, tiles
from gkcrawl.web.views.coverage import default_year

NEWEST = 8
_CHANGED = "select count(distinct report_id) from events where kind in ('numbers', 'text')"
# Name, words, how it is counted, the page that has more.
FIGURES: tuple[tuple[str, str, str, str], ...] = (
    ("reports", "收录报告", "select count(*) from reports", "/catalog/reports"),
    ("agencies", "已知机关", "select count(*) from agencies", "/coverage"),
    (
        "failing",
        "勾稽不成立",
        "select count(distinct report_id) from checks where status = 'fail'",
        "/checks",
    ),
    ("changed", "发布后改动", _CHANGED, "/changes?kind=changed"),
    ("captures", "存档网页", "select count(*) from captures", "/catalog/captures"),
)
PAGES: tuple[tuple[str, str, str], ...] = (
    ("/search", "检索", "全文、标题、机关，任意字词，可按年度、省份、层级筛选。"),
    ("/coverage", "覆盖", "哪些机关公布了哪一年的报告，哪些没有收到，原因是什么。"),
    ("/division", "地方", "从省到乡镇逐级浏览：机关、报告、网站与栏目。"),
    ("/checks", "勾稽", "表内勾稽、文表一致、逾期与雷同：哪些报告的数字对不上。"),
    ("/changes", "变动", "新收录的报告，和发布之后改动、撤下、搬走的报告；可用 Atom 订阅。"),
    ("/stats", "统计", "申请、办理结果、复议诉讼的历年总量与分布。"),
    ("/data", "下载", "整库与面板数据：CSV、Parquet、JSONL，附校验值。"),
    ("/about", "说明", "如何收集、保存、读取与核对；局限、引用方式与许可。"),
)


async def home(request: Request, datasette: Datasette) -> Response:
    """Answer ``/``; ``/home.json`` and ``/home.csv`` have its counts."""
    db = database(datasette)
    counts = [
        {"name": name, "words": words, "path": path, "count": await queries.count(db, sql)}
        for name, words, sql, path in FIGURES
    ]
    table = Table(("name", "count"), counts)
    if request.url_vars.get("format"):
        return await answer(datasette, request, "", table)
    return await answer(
        datasette,
        request,
        "gk_home.html",
        table,
        figures=counts,
        pages=PAGES,
        side=SIDE,
        percent=percent,
        **await _map(datasette),
        latest=await asked(datasette, _latest),
        changed=await asked(datasette, _changed),
    )


async def _map(datasette: Datasette) -> Row:
    """Return the year that the map shows (None: no reports yet), its tiles, and the corps' cell."""
    years, provinces = await asked(datasette, lambda c: matrix(c, Asked()))
    year = default_year(years, date.today())
    if year is None:
        return {"year": None, "tiles": (), "total": None, "corps": None}
    cells = {row["code"]: row["cells"][year] for row in provinces}
    corps = await asked(datasette, lambda c: matrix(c, Asked(place=_CORPS), years))
    return {
        "year": year,
        "tiles": tiles({code: cell for code, cell in cells.items() if code}),
        "total": cells[None],
        "corps": corps[1][-1]["cells"].get(year) if corps[1] else None,
        "central": cells.get("central"),
    }


# The cities of the corps (新疆生产建设兵团) stand in one group of GB/T 2260 codes.
_CORPS = "659000"


def _latest(connection: sqlite3.Connection) -> list[Row]:
    return rows(connection, _LATEST, {"limit": NEWEST})


def _changed(connection: sqlite3.Connection) -> list[Row]:
    return changes.entries(connection, changes.Wanted(kind="changed"), NEWEST)


_LATEST = """
    select id, title, issuer, year, province, published, captured_at, trust, status
    from reports order by captured_at desc limit :limit"""

ROUTES: tuple[Route, ...] = ((r"^/$", home), (r"^/home\.(?P<format>json|csv)$", home))
