"""The way round the site: the main navigation and the switch of language."""

from typing import Any
from urllib.parse import parse_qsl, urlencode

from gkcrawl.web.language import CHINESE, current, say

_ENTRIES = (
    ("/search", "检索"),
    ("/coverage", "覆盖"),
    ("/division", "地方"),
    ("/checks", "勾稽"),
    ("/changes", "变动"),
    ("/stats", "统计"),
    ("/data", "下载"),
    ("/about", "说明"),
    ("/catalog", "数据表"),
)


def entries() -> list[tuple[str, str]]:
    """Return path and name of what every page links at its top."""
    return [(path, say(name)) for path, name in _ENTRIES]


def other_language(request: Any) -> str:
    """Return the query string that shows this page in the other language."""
    kept = [
        pair
        for pair in parse_qsl(request.query_string, keep_blank_values=True)
        if pair[0] != "lang"
    ]
    return "?" + urlencode([*kept, ("lang", "en" if current() == CHINESE else "zh")])
