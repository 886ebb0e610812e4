"""A newcomer's commands on a small portal: what they say, and what they write."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import forked
import pytest
from click.testing import CliRunner
from small_web import SmallWeb, html, report, row, small_web

from gkcrawl.cli import main
from gkcrawl.families import Page, family
from gkcrawl.portals import Portal, read_portals
from gkcrawl.probing import portal_at
from gkcrawl.savedpages import described

ROOT = Path(__file__).parent.parent
HOME = "http://www.kmgd.gov.cn/"
COLUMN = f"{HOME}zfxxgk/zfxxgknb/"
ORGAN = "官渡区人民政府办公室"


def title(year: int) -> str:
    return f"{ORGAN}{year}年政府信息公开工作年度报告"


@pytest.fixture(scope="module")
def web() -> Iterator[SmallWeb]:
    articles = {
        f"{COLUMN}{y + 1}01/t{y + 1}0120_{y}.html": report(ORGAN, y) for y in range(2018, 2025)
    }
    rows = [row(url, title(int(url[-9:-5]))) for url in reversed(articles)]
    pager = '<script>createPageHTML(2, 0, "index", "html");</script>'
    pages = {
        HOME: html('<a href="/zfxxgk/">政府信息公开</a><a href="/news/">新闻</a>'),
        f"{HOME}robots.txt": b"User-agent: *\nDisallow: /admin/\n",
        f"{HOME}zfxxgk/": html('<a href="zfxxgknb/">政府信息公开年报</a>'),
        COLUMN: html(*rows[:4], pager),
        f"{COLUMN}index_1.html": html(*rows[4:], pager),
        **articles,
        "http://www.refusing.gov.cn/": 412,
    }
    with small_web(pages) as web:
        yield web


def gkcrawl(web: SmallWeb, *arguments: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """Run the command as a person would, through the web's proxy."""
    environment = {**os.environ, "GKCRAWL_PROXY": web.proxy, "PYTHONPATH": str(ROOT)}
    environment.pop("GKCRAWL_CONFIG", None)
    quick = ["-s", "DOWNLOAD_DELAY=0.001", "-s", "AUTOTHROTTLE_ENABLED=0", "-s", "RETRY_ENABLED=0"]
    return forked.run("gkcrawl.cli", *arguments, *quick, env=environment, cwd=cwd)


@pytest.fixture(scope="module")
def probed(web: SmallWeb) -> dict[str, Any]:
    web.asked.clear()
    done = gkcrawl(web, "probe", HOME, "--json")
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


def test_what_a_portal_runs_and_by_what_it_is_known(probed: dict[str, Any]) -> None:
    assert (probed["family"], probed["mark"]) == ("trs", "/t20250120_2024.html")
    assert probed["encoding"] == "utf-8"
    assert probed["robots"] == {"www.kmgd.gov.cn": "the home page is allowed"}


def test_the_column_and_how_it_was_found(probed: dict[str, Any]) -> None:
    [column] = probed["columns"]
    assert (column["url"], column["anchor"]) == (COLUMN, "政府信息公开年报")
    assert column["trail"] == ["政府信息公开", "政府信息公开年报"]
    # The second page may be asked before the third document is there.
    assert (column["entries"], column["more"]) in ((4, True), (7, False))


def test_the_first_three_documents_are_opened_and_no_more(
    web: SmallWeb, probed: dict[str, Any]
) -> None:
    found = sorted((one["year"], one["issuer"], one["outcome"]) for one in probed["opened"])
    assert found == [(year, ORGAN, "report") for year in (2022, 2023, 2024)]
    assert len([url for url in web.asked if "/t20" in url]) == 3


def test_it_is_said_in_plain_words(web: SmallWeb) -> None:
    said = gkcrawl(web, "probe", HOME).stdout
    assert "Family: trs, by '/t20250120_2024.html'" in said
    assert "found by 政府信息公开 › 政府信息公开年报" in said
    assert f"Opened: {title(2024)}: {ORGAN}, 2024" in said


@pytest.mark.parametrize(
    ("url", "home", "columns"),
    [
        (HOME, HOME, ()),
        ("https://www.a.gov.cn/index.html", "https://www.a.gov.cn/index.html", ()),
        (COLUMN, HOME, (COLUMN,)),
        (f"{HOME}?a=1", HOME, (f"{HOME}?a=1",)),
    ],
)
def test_a_home_page_or_a_column(url: str, home: str, columns: tuple[str, ...]) -> None:
    portal = portal_at(url, "530111", "官渡区")
    assert (portal.url, portal.columns) == (home, columns)


def test_a_refusal_is_told_and_no_report_is_exit_status_1(web: SmallWeb) -> None:
    done = gkcrawl(web, "probe", "http://www.refusing.gov.cn/")
    assert done.returncode == 1
    assert "Trouble: http://www.refusing.gov.cn/: blocked (HTTP 412)" in done.stdout
    assert "Column: none was found" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("probe", "www.kmgd.gov.cn"), "expected an http or https URL"),
        (("new-portal", HOME, "--code", "5301"), "expected six digits"),
        (("new-portal", HOME, "--code", "999999"), "no spider visits the portals of 990000"),
        (("new-portal", HOME, "--code", "539999"), "no division has the code 539999"),
        (("new-province", "Yunnan", "--code", "530000"), "expected a name such as yunnan"),
        (("new-province", "yunnan", "--code", "530000"), "there is a spider yunnan already"),
    ],
)
def test_a_slip_is_answered_with_what_was_expected(arguments: tuple[str, ...], said: str) -> None:
    done = CliRunner().invoke(main, arguments)
    assert done.exit_code in (1, 2)
    assert said in done.output


@pytest.fixture(scope="module")
def checkout(web: SmallWeb, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkout in which a spider was made and a portal added."""
    root = tmp_path_factory.mktemp("checkout")
    shutil.copy(ROOT / "scrapy.cfg", root)
    shutil.copytree(ROOT / "config" / "portals", root / "config" / "portals")
    (root / "spiders").mkdir()
    options = ("--code", "530000", "--title", "试验")
    made = gkcrawl(web, "new-province", "trial_land", *options, cwd=root)
    assert made.returncode == 0, made.stderr
    added = gkcrawl(web, "new-portal", HOME, "--code", "530111", "--spider", "trial_land", cwd=root)
    assert added.returncode == 0, added.stderr
    return root


def test_a_new_spider_says_what_it_is(checkout: Path) -> None:
    module = (checkout / "spiders" / "trial_land.py").read_text("utf-8")
    assert 'class TrialLandSpider(ProvinceSpider):\n    name = "trial_land"\n' in module
    assert module.startswith('"""试验: ')


def test_a_new_portal_stands_in_its_file(checkout: Path) -> None:
    file = read_portals(checkout / "config" / "portals" / "trial_land.yml")
    [portal] = file.portals
    assert portal == Portal("530111", "官渡区", HOME, family="trs", notes=portal.notes)
    assert list(portal.notes.values()) == [f"年报 at {COLUMN}"]
    assert (file.province, file.name) == ("530000", "试验")


@pytest.mark.parametrize(("what", "inside"), [("column", "column"), ("article", None)])
def test_its_pages_are_saved_with_what_is_read_in_them(
    checkout: Path, what: str, inside: str | None
) -> None:
    folder = checkout / "tests" / "pages" / "trial_land" / f"kmgd-{what}"
    about = json.loads((folder / "page.json").read_text("utf-8"))
    assert (about["family"], about.get("inside")) == ("trs", inside)
    page = Page(about["url"], (folder / "page.html").read_bytes(), about["headers"])
    expected = json.loads((folder / "expected.json").read_text("utf-8"))
    assert expected == described(page, "trs", inside)  # type: ignore[arg-type]
    read = len(family("trs").listing(page).entries) if inside else expected["title"]
    assert read == (4 if inside else title(2024))


def test_a_portal_is_not_added_twice(web: SmallWeb, checkout: Path) -> None:
    again = gkcrawl(
        web, "new-portal", HOME, "--code", "530111", "--spider", "trial_land", cwd=checkout
    )
    assert again.returncode == 1
    assert "is in the file already" in again.stderr
