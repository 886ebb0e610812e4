"""河北: rows in fragments whose address, or its three numbers, stand in the column's page."""

from collections.abc import Sequence

import pytest
from family_walk import FEW, walk
from hypothesis import given
from hypothesis import strategies as st

from gkcrawl.families import Page, family, recognise

UUIDS = family("uuidcolumns")
HOST = "https://www.hebei.gov.cn"
ID = "b1b59c8c-81a3-4cf2-b876-8618919c0049"
TEMPLATE = "2e3e81cf-d53a-40f0-9d7f-060e77400269"
BLOCK_ID = "c0704ccb-1df3-4edd-9391-3f0e6d7db920"
COLUMN = f"{HOST}/columns/{ID}/index.html"
BLOCK = f"/columns/{ID}/templates/{TEMPLATE}/blocks/{BLOCK_ID}"
SIZE = 10


def article(number: int) -> str:
    return f"/columns/{ID}/202401/20/{number:08x}-0000-4000-8000-000000000000.html"


def rows(numbers: Sequence[int]) -> str:
    items = (
        f'<li class="xxgk_gfxwjk-list-li"><a href="{article(n)}">第{n}局2023年年度报告</a>'
        "<span>2024-01-20</span></li>"
        for n in numbers
    )
    return f"<ul>{''.join(items)}</ul>"


NAMED = {
    "address": f"<script>$('#list').load('{BLOCK}?page=1&fix=0');</script>",
    "built": f"<script>var u='{BLOCK}';"
    "function go(page){$.get(u+'?page='+page+'&fix=0',show)}</script>",
    "parts": f'<div data-template-id="{TEMPLATE}" data-block-id="{BLOCK_ID}"></div>',
    "variables": f"<script>var templateId='{TEMPLATE}';var blockId='{BLOCK_ID}';</script>",
}


@pytest.mark.parametrize("named", NAMED)
@FEW
@given(
    total=st.integers(0, 60),
    pager=st.sampled_from(["count", "link", "none"]),
    shows_first=st.booleans(),
)
def test_fragments(named: str, total: int, pager: str, shows_first: bool) -> None:
    pages = max(-(-total // SIZE), 1)

    def said(number: int) -> str:
        if pager == "count":
            return f"<span>共{pages}页</span>"
        if pager == "link":
            target = f"{BLOCK}?page={number + 1}&fix=0" if number < pages else "javascript:;"
            return f'<a href="{target}">下一页</a>'
        return ""

    def serve(path: str, query: dict[str, str], form: dict[str, str]) -> str | None:
        if path != BLOCK:
            first = rows(range(total)[:SIZE]) + said(1) if shows_first else ""
            return f"<html><body>{first}{NAMED[named]}</body></html>"
        assert query["fix"] == "0"
        number = int(query["page"])
        return rows(range(total)[(number - 1) * SIZE : number * SIZE]) + said(number)

    found = walk(UUIDS, serve, COLUMN)
    assert found.urls == [HOST + article(number) for number in range(total)]
    # Where nothing says how many there are, an empty page does.
    assert len(found.asked) <= 1 + pages + (pager == "none" or not total)


def test_a_portal_of_hebei_is_recognised_by_its_addresses() -> None:
    page = Page(f"{HOST}/", f'<a href="/columns/{ID}/index.html">政务公开</a>'.encode())
    assert recognise(page) == "uuidcolumns"
