"""No page asks the catalog without a limit of time."""

import asyncio
import re
import sqlite3
from pathlib import Path

import pytest
from small_archive import make_home

from gkcrawl.web import asking, views
from gkcrawl.web.serve import build_datasette

OWN_LIMIT = {"search.py"}
"""It answers with what it has found within a limit of its own."""


def test_every_view_asks_within_a_limit() -> None:
    folder = Path(str(views.__file__)).parent
    direct = {f.name for f in folder.glob("*.py") if re.search(r"\.execute_fn\(", f.read_text())}
    assert direct <= OWN_LIMIT
    assert "sqlite_timelimit" in (folder / "search.py").read_text()


def test_a_question_that_takes_too_long_is_answered_503(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = build_datasette(make_home(tmp_path / "home"))

    def endless(connection: sqlite3.Connection) -> object:
        sql = "with recursive n(x) as (select 1 union all select x + 1 from n) select sum(x) from n"
        return connection.execute(sql).fetchone()

    async def slowly(datasette: object, _: object) -> object:
        return await asking_asked(datasette, endless)  # type: ignore[arg-type]

    asking_asked = asking.asked
    monkeypatch.setattr(asking, "_MOST_MS", 20)
    monkeypatch.setattr(asking, "asked", slowly)
    answer = asyncio.run(site.client.get("/coverage"))
    assert answer.status_code == 503
    assert "查询用时过长" in answer.text
    site.databases["catalog"].close()
