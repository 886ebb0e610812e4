"""Columns are found once, kept with their evidence, and looked for again when they are gone."""

import json
import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner
from small_web import SmallWeb, crawl, html, report, row, small_web

from archive.catalog import Catalog
from archive.index import index_archive
from gkcrawl.cli import main
from gkcrawl.harvest import NOTICES
from gkcrawl.portals import all_portal_rows, read_portals

HOST = "http://www.kmgd.gov.cn"
OLD, NEW = f"{HOST}/zfxxgk/zfxxgknb/", f"{HOST}/zfxxgk/gknb/"
CZJ = f"{HOST}/bm/czj/nb/"
YML = f"""# A comment that stays.
province: "530000"
name: 云南省
portals:
  - code: "530111"
    name: 昆明市官渡区
    url: {HOST}/   # as it was in 2026
"""


def listed(organ: str, *years: int) -> str:
    return "".join(
        row(f"./{y + 1}01/t{y + 1}0120_{y}.html", f"{organ}{y}年政府信息公开工作年度报告")
        for y in years
    )


def pages(column: str) -> dict[str, bytes]:
    reports = {
        f"{column}{y + 1}01/t{y + 1}0120_{y}.html": ("官渡区人民政府", y) for y in (2022, 2023)
    }
    reports |= {f"{CZJ}202401/t20240120_2023.html": ("官渡区财政局", 2023)}
    return {
        f"{HOST}/": html('<a href="/zfxxgk/">政府信息公开</a>'),
        f"{HOST}/zfxxgk/": html(
            f'<a href="{column}">政府信息公开年报</a><a href="/bm/">部门信息公开</a>'
        ),
        column: html(listed("官渡区人民政府", 2022, 2023)),
        f"{HOST}/bm/": html('<a href="/bm/czj/">财政局</a>'),
        f"{HOST}/bm/czj/": html('<a href="nb/">信息公开年报</a>'),
        CZJ: html(listed("官渡区财政局", 2023)),
        **{url: report(*told) for url, told in reports.items()},
    }


@dataclass
class Story:
    """One crawl after the other on the same archive: what each asked, and where it is kept."""

    home: Path
    file: Path
    first: list[str]
    second: list[str]
    third: list[str]


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Story:
    folder = tmp_path_factory.mktemp("columns")
    file = folder / "yunnan.yml"
    file.write_text(YML, "utf-8")
    asked = []
    with small_web(pages(OLD)) as web:
        for change in (lambda web: None, stays_but_lists_less, moves):
            change(web)
            web.asked.clear()
            crawl(web, folder / "home", "yunnan", file)
            asked.append([url.removeprefix(HOST) for url in web.documents()])
    return Story(folder / "home", file, *asked)


def stays_but_lists_less(web: SmallWeb) -> None:
    web.pages[OLD] = html(listed("官渡区人民政府", 2023))


def moves(web: SmallWeb) -> None:
    web.pages = dict(pages(NEW)) | {OLD: 404}


def notices(story: Story, kind: str) -> list[str]:
    with Catalog(story.home / "catalog.db", readonly=True) as catalog:
        return [n["url"] for n in catalog.notices_since("") if n["kind"] == kind]


def columns(story: Story, *options: str) -> str:
    command = ["columns", "yunnan", "--portals", str(story.file), *options]
    done = CliRunner().invoke(main, command, env={"GKCRAWL_HOME": str(story.home)})
    assert done.exit_code == 0, done.output
    return done.stdout


def test_the_first_crawl_looks_for_columns(story: Story) -> None:
    assert [url for url in story.first if not url.endswith(".html")] == [
        *("/", "/zfxxgk/", "/zfxxgk/zfxxgknb/", "/bm/", "/bm/czj/", "/bm/czj/nb/"),
    ]


def test_the_second_crawl_asks_for_the_columns_alone(story: Story) -> None:
    assert sorted(story.second) == ["/bm/czj/nb/", "/zfxxgk/zfxxgknb/"]


def test_a_report_that_is_not_listed_any_more_is_noticed(story: Story) -> None:
    assert notices(story, "unlisted") == [f"{OLD}202301/t20230120_2022.html"]


def test_a_column_that_is_gone_is_found_again_near_its_old_place(story: Story) -> None:
    assert [url for url in story.third if not url.endswith(".html")] == [
        *("/zfxxgk/zfxxgknb/", "/bm/czj/nb/", "/zfxxgk/", "/zfxxgk/gknb/"),
    ]
    assert notices(story, "column_gone") == [OLD]
    assert notices(story, "column_found") == [NEW]


def test_the_columns_are_shown_with_the_way_to_them(story: Story) -> None:
    shown = {one["url"]: one for one in json.loads(columns(story, "--json"))}
    assert shown[CZJ]["path"] == ["政府信息公开", "部门信息公开", "财政局", "信息公开年报"]
    assert shown[CZJ]["entries"] == 1
    assert shown[OLD]["gone"]
    assert not shown[NEW]["gone"]
    assert "政府信息公开 › 政府信息公开年报" in columns(story)


def test_the_columns_are_written_into_the_file(story: Story, tmp_path: Path) -> None:
    copy = Story(story.home, tmp_path / "yunnan.yml", [], [], [])
    copy.file.write_text(YML, "utf-8")
    columns(copy, "--write")
    assert set(read_portals(copy.file).portals[0].columns) == {CZJ, NEW}
    text = copy.file.read_text("utf-8")
    assert "# A comment that stays." in text
    assert "# as it was in 2026" in text


def test_the_catalog_made_anew_knows_the_same(story: Story) -> None:
    with Catalog(story.home / "catalog.db") as catalog:
        before = list(catalog.dump())
        index_archive(story.home, catalog, rebuild=True, jobs=0, portals=all_portal_rows())
        assert list(catalog.dump()) == before


def test_a_crawl_that_was_stopped_asks_nothing_twice(tmp_path: Path) -> None:
    file = tmp_path / "yunnan.yml"
    file.write_text(YML, "utf-8")
    with small_web(pages(OLD)) as web:
        crawl(web, tmp_path / "home", "yunnan", file, "-sCLOSESPIDER_PAGECOUNT=4")
        assert len(web.asked) < len(pages(OLD))
        crawl(web, tmp_path / "home", "yunnan", file)
        assert sorted(set(web.asked)) == sorted(web.asked)
        assert set(web.documents()) == pages(OLD).keys()
        # What the stopped run saw counts as seen by the one that went on.
        web.asked.clear()
        crawl(web, tmp_path / "home", "yunnan", file)
        assert sorted(web.documents()) == sorted([OLD, CZJ])
    with Catalog(tmp_path / "home" / "catalog.db", readonly=True) as catalog:
        assert catalog.status()["reports"]["total"] == 3


def test_a_report_to_which_a_listed_page_leads_on_is_listed(tmp_path: Path) -> None:
    file = tmp_path / "yunnan.yml"
    file.write_text(YML, "utf-8")
    web = pages(OLD)
    listed_as = f"{OLD}202401/t20240120_2023.html"
    web[f"{HOST}/art/2023.html"] = web[listed_as]
    web[listed_as] = html("<script>location.replace('/art/2023.html')</script>")
    with small_web(web) as served:
        for _ in range(2):
            crawl(served, tmp_path / "home", "yunnan", file)
    with Catalog(tmp_path / "home" / "catalog.db", readonly=True) as catalog:
        assert [n for n in catalog.notices_since("") if n["kind"] == "unlisted"] == []
        assert catalog.status()["reports"]["total"] == 3


def test_every_kind_of_notice_is_explained() -> None:
    page = Path(__file__).parent.parent / "docs" / "finding.md"
    assert set(re.findall(r"^\| `(\w+)` \|", page.read_text("utf-8"), re.M)) == set(NOTICES)
