"""Home, coverage, organs and divisions over a small archive, as pages, JSON and CSV."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

import asked_pages
import lxml.html
import pytest
from catalog_readings import capture, report_reading, stored
from hypothesis import given
from hypothesis import strategies as st
from small_archive import DIVISIONS, OFFICE, STREET, make_home, report, reports, requests_table

from archive.catalog import Catalog
from archive.catalog.absence import DOCUMENT, FIELDS, REASONS
from archive.records import Issuer, Reading, Run, RunEnd, Tables
from archive.records import Notice as RunNotice
from gkcrawl.web import bars
from gkcrawl.web.labels import WORDS
from gkcrawl.web.language import english
from gkcrawl.web.reasons import PLACES, REASON_WORDS
from gkcrawl.web.tiles import heat, percent, tiles
from gkcrawl.web.views import agency, division, home
from gkcrawl.web.views.coverage import spans

STREET_ID, OFFICE_ID = "530111008-75083bf5", "530800-be9a3a78"
HOME = "http://www.kmgd.gov.cn/"
COLUMN = f"{HOME}zfxxgk/"
HAN = re.compile("[\u4e00-\u9fff]")
SPRING = Run("2" * 32, "yunnan", "2026-03-01T00:00:00.000000Z", software="gkcrawl")
MORE_DIVISIONS = [
    *DIVISIONS,
    {"code": "530111008", "name": "六甲街道"},
    {"code": "532300", "name": "楚雄彝族自治州"},
    {"code": "120000", "name": "天津市"},
    {"code": "120119", "name": "蓟州区", "start": "2016"},
    {"code": "120225", "name": "蓟县", "end": "2015", "successors": "120119"},
]
BUREAU = Issuer(
    name="昆明市官渡区<i>财政局</i>",
    kind="department",
    scope="own",
    division_code="530111",
    path=("云南省", "昆明市", "官渡区"),
)


def make_places(folder: Path) -> Path:
    """Return the small archive with portals, columns, a lost document and a quiet organ."""
    home = make_home(folder)
    with Catalog(home / "catalog.db") as catalog:
        catalog.load_divisions(MORE_DIVISIONS)
        catalog.load_portals(
            [
                {"spider": "yunnan", "code": "530111", "name": "官渡区", "url": HOME},
                {
                    "spider": "yunnan",
                    "code": "532300",
                    "name": "楚雄州",
                    "url": "javascript:alert(1)",
                    "family": "trs",
                },
            ]
        )
        catalog.add_run(SPRING)
        lost = f"{COLUMN}3.htm"
        notice = RunNotice("column_gone", "530111", COLUMN, "answers 404")
        catalog.end_run(RunEnd(SPRING.id, "2026-03-01T01:00:00.000000Z", "finished", {}, (notice,)))
        for url, outcome, hints in (
            (COLUMN, "navigation", {"column_kind": "column", "column": "年报"}),
            (lost, "blocked", {"anchor": "昆明市官渡区民政局2024年政府信息公开工作年度报告"}),
        ):
            kind: Any = "column" if url == COLUMN else "article"
            of = capture(url, url, kind=kind, run_id=SPRING.id)
            hints |= {"column_url": COLUMN, "portal_url": HOME, "portal": "530111"}
            catalog.apply(Reading(stored(of, hints=hints), outcome))
        quiet = report(f"{COLUMN}1.htm", BUREAU, 2021, Tables(requests=requests_table()))
        of = capture("quiet", f"{COLUMN}1.htm", run_id=SPRING.id)
        catalog.apply(
            Reading(
                stored(of, hints=hints | {"anchor": "财政局2021年年报"}),
                "report",
                quiet,
            )
        )
        # What the small archive has seen once is certain when it is seen again.
        first = reports()[0]
        edited = replace(first, text=f"{first.text}\n更正：另有说明。")
        moment = "2026-02-01T08:00:00.000000Z"
        of = capture("again", first.url or "", captured_at=moment, run_id=SPRING.id)
        catalog.apply(Reading(stored(of), "report", edited))
        catalog.watch()
    return home


class Site(asked_pages.Site):
    """The pages of one archive, which here have no script at all."""

    def page(self, path: str, status: int = 200) -> lxml.html.HtmlElement:
        """Return a page as a tree, having checked what holds for every page of places."""
        tree = super().page(path, status)
        assert not tree.xpath("//script | //main//i")
        assert not [link for link in tree.xpath("//a/@href") if link.startswith("javascript:")]
        return tree


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    site = Site(make_places(tmp_path_factory.mktemp("home")))
    yield site
    site.datasette.databases["catalog"].close()


def text(element: Any) -> str:
    return " ".join(element.text_content().split())


def line(tree: lxml.html.HtmlElement, label: str) -> list[str]:
    found = [tr for tr in tree.xpath("//tbody/tr") if label in text(tr.xpath("th")[0])]
    return [text(td) for td in found[0].xpath("td")]


def test_home_has_counts_a_map_and_what_is_new(site: Site) -> None:
    tree = site.page("/")
    figures = {text(dt): text(dt.getnext()) for dt in tree.xpath('//dl[@class="figures"]//dt')}
    assert figures == {
        "收录报告": "6",
        "已知机关": "3",
        "勾稽不成立": "1",
        "发布后改动": "1",
        "存档网页": "10",
    }
    drawn = {
        text(tile.xpath("text")[0]): tile
        for tile in tree.xpath("//*[starts-with(@class, 'tile ')]")
    }
    assert len(drawn) == 34
    assert text(drawn["云南"].xpath("text")[1]) == "67%"
    assert drawn["云南"].get("href") == "/division/530000"
    assert [text(t) for t in drawn["台湾"].xpath("text")] == ["台湾", "不适用"]
    assert drawn["台湾"].tag == "g"
    new, changed = tree.xpath('//div[@class="two"]//ul')
    assert "六甲街道办事处2023年" in text(changed.xpath("li")[0])
    assert changed.xpath("li//a/@href") == [f"/r/{STREET_ID}-2023/diff/1..2"]
    assert len(new.xpath("li")) == 6
    assert {row["name"]: row["count"] for row in site.rows("/home")}["reports"] == 6


def test_home_of_an_empty_catalog(tmp_path: Path) -> None:
    Catalog(tmp_path / "catalog.db").close()
    site = Site(tmp_path)
    for path in ("/", "/coverage", "/division"):
        assert "库中还没有报告" in text(site.page(path))
    assert site.rows("/coverage") == []
    assert site.rows("/coverage/missing") == []
    assert site.rows("/coverage/divisions") == []


def test_the_matrix_counts_known_organs_and_those_with_a_report(site: Site) -> None:
    tree = site.page("/coverage?province=云南省&year=2024".replace("云南省", quote("云南省")))
    assert [text(th) for th in tree.xpath('//table[contains(@class, "heat")]/thead//th')] == [
        "省份",
        *("2024", "2023", "2022", "2021"),
    ]
    assert line(tree, "云南省") == ["67%2/3", "33%1/3", "0%0/3", "33%1/3"]
    assert len(tree.xpath('//td[contains(@class, "here")]')) == 1
    cells = {(row["code"], row["year"]): row for row in site.rows("/coverage")}
    assert (cells["530000", 2024]["organs"], cells["530000", 2024]["known"]) == (2, 3)
    assert cells[None, 2022]["share"] == 0
    assert line(site.page("/coverage?kind=department"), "云南省")[-1] == "100%1/1"


def test_a_filter_keeps_the_years_of_all(site: Site) -> None:
    """A department that has none for the newest year shows just that."""
    tree = site.page("/coverage?kind=department")
    years = [text(th) for th in tree.xpath('//table[contains(@class, "heat")]/thead//th')]
    assert years[1:] == ["2024", "2023", "2022", "2021"]
    assert line(tree, "云南省")[0] == "0%0/1"
    nobody = site.page("/coverage?kind=central_body")
    assert not nobody.xpath('//table[contains(@class, "heat")]')


def test_the_corps_are_known_without_a_report_for_the_year(tmp_path: Path) -> None:
    corps = Issuer("阿拉尔市教育局", "department", "own", "659002", path=("新疆维吾尔自治区",))
    with Catalog(tmp_path / "catalog.db") as catalog:
        catalog.load_divisions(
            [
                *DIVISIONS,
                {"code": "650000", "name": "新疆维吾尔自治区"},
                {"code": "659002", "name": "阿拉尔市"},
            ]
        )
        for issuer, year in ((corps, 2021), (BUREAU, 2023), (BUREAU, 1), (BUREAU, 9998)):
            of = capture(f"{issuer.name}{year}", f"https://www.example.gov.cn/{issuer.kind}{year}")
            catalog.apply(report_reading(of, issuer=issuer, year=year))
    new = Site(tmp_path)
    items = [text(item) for item in new.page("/").xpath("//li[contains(., '兵团')]")]
    assert items == ["新疆生产建设兵团：0%（0/1）"]
    # Years that are slips are told, those between them and the others are not.
    years = [text(th) for th in new.page("/coverage").xpath("//thead//th")]
    assert years == ["省份", "9998", "2023", "2022", "2021", "1"]
    bureau = next(row for row in new.rows("/coverage/missing?year=2022") if row["agency_id"])
    assert len(new.rows(f"/agency/{bureau['agency_id']}")) < 30
    for year in (9999, 10_000, 20_260_201):
        assert {row["reason"] for row in new.rows(f"/coverage/missing?year={year}")} <= {"not_due"}


def test_who_is_missing_and_why(site: Site) -> None:
    tree = site.page("/coverage?province=530000&year=2024")
    assert line(tree, "官渡区")[:2] == ["1/2", "50%"]
    assert line(tree, "昆明市")[2] == "没有"
    assert line(tree, "楚雄彝族自治州")[0] == "没有已知机关"
    items = [text(item) for item in tree.xpath('//ol[contains(@class, "absent")]/li')]
    assert [re.split(r"[ ·]", item)[0] for item in items] == [
        "昆明市官渡区<i>财政局</i>",
        "昆明市官渡区民政局2024年政府信息公开工作年度报告",
        "楚雄州",
    ]
    assert "栏目未列出" in items[0]
    assert "应于 2025-01-31 前公布 · 已有 2021" in items[0]
    assert "拒绝访问" in items[1]
    assert "网站未采集" in items[2]
    only = site.page("/coverage?province=530000&year=2024&reason=blocked")
    assert len(only.xpath('//ol[contains(@class, "absent")]/li')) == 1

    rows = site.rows("/coverage/missing?province=530000&year=2024")
    assert [row["reason"] for row in rows] == ["not_listed", "blocked", "not_visited"]
    assert set(rows[0]) == set(FIELDS)
    assert site.rows("/coverage/missing?year=2024&reason=blocked") == rows[1:2]
    assert site.get("/coverage/missing?year=2024", 302).headers["location"] == "/coverage?year=2024"
    codes = [row["code"] for row in site.rows("/coverage/divisions?division=530100&year=2024")]
    assert codes == ["530100", "530111", "530111008"]


def test_every_outcome_of_a_document_is_a_reason_or_tells_nothing() -> None:
    tells_nothing = {"navigation", "redirect", "not_modified", "original_missing"}
    assert set(WORDS["outcome"]) - set(DOCUMENT) == tells_nothing


def test_every_reason_and_place_has_its_words() -> None:
    assert set(REASON_WORDS) == set(REASONS)
    assert set(DOCUMENT.values()) <= set(REASONS)
    said = [part for reason in REASON_WORDS.values() for part in (reason.label, reason.how)]
    said += [*PLACES.values(), *agency.OUTCOME_WORDS.values(), *division.NOTICE_WORDS.values()]
    said += [words for _, words, *_ in home.FIGURES]
    said += [words for _, *both in home.PAGES for words in both]
    assert [words for words in said if words not in english()] == []


def test_an_organ_with_its_years(site: Site) -> None:
    tree = site.page(f"/agency/{STREET_ID}")
    assert text(tree.xpath("//h1")[0]) == STREET.name
    strip = [text(li) for li in tree.xpath('//ol[@class="strip"]/li')]
    assert strip[:2] == ["2023✓有", "2024✓有"]
    assert line(tree, "2023")[:2] == ["三表已读", "2024-01-20按期"]
    assert line(tree, "2024")[2:5] == ["15", "15", "1"]
    assert line(tree, "2024")[5] == "✗ 2"
    assert line(tree, "2023")[6] == "2"
    assert tree.xpath('//nav[@class="crumbs"]//a/@href') == [
        *("/division", "/division/530000", "/division/530100", "/division/530111"),
        "/division/530111008",
    ]
    assert len(tree.xpath('//*[local-name() = "svg"]')) == 2
    rows = site.rows(f"/agency/{STREET_ID}")
    assert [(row["new_requests"], row["denied"]) for row in rows if row["report_id"]] == [
        (15, 2),
        (15, 2),
    ]


def test_an_organ_whose_years_are_missing(site: Site) -> None:
    (name,) = [row["agency_id"] for row in site.rows("/coverage/missing?year=2024")[:1]]
    tree = site.page(f"/agency/{name}")
    rows = {row["year"]: row for row in site.rows(f"/agency/{name}")}
    assert min(rows) == 2021
    assert rows[2021]["report_id"]
    assert (rows[2022]["reason"], rows[2022]["evidence"]) == ("not_listed", COLUMN)
    assert "没有收到 栏目未列出" in line(tree, "2022")[0]
    assert "年报" in text(tree.xpath('//section[h2/@id="columns"]')[0])
    assert STREET.name in text(tree.xpath('//section[h2/@id="neighbours"]')[0])


def test_an_organ_without_a_table_has_no_plot(site: Site) -> None:
    tree = site.page(f"/agency/{OFFICE_ID}")
    assert text(tree.xpath("//h1")[0]) == OFFICE.name
    assert not tree.xpath('//*[local-name() = "svg"]')
    assert line(tree, "2024")[2:5] == ["–没有数值"] * 3


def test_a_division_with_what_is_in_it(site: Site) -> None:
    tree = site.page("/division/530111")
    assert line(tree, "有报告的机关") == ["50%1/2", "50%1/2", "0%0/2", "50%1/2"]
    assert line(tree, "六甲街道")[0] == "1/1"
    organs = tree.xpath('//section[h2/@id="organs"]//tbody/tr')
    assert [text(tr.xpath("td")[2]) for tr in organs] == ["2021", "2023–2024"]
    portals = text(tree.xpath('//section[h2/@id="portals"]')[0])
    assert "栏目 1 个，列出 2 份" in portals
    assert "栏目不在了" in portals
    assert site.rows("/division/530111/years")[0] == {
        "year": 2021,
        "organs": 1,
        "known": 2,
        "share": 0.5,
    }
    assert [row["code"] for row in site.rows("/division/530111")] == ["530111", "530111008"]
    town = site.page("/division/530111008")
    assert STREET.name in text(town.xpath('//section[h2/@id="organs"]')[0])
    elsewhere = site.page("/division/532300")
    assert "javascript:alert(1)" in text(elsewhere)


def test_divisions_that_ended_say_what_came_after(site: Site) -> None:
    old = site.page("/division/120225")
    assert "到 2015 年为止" in text(old)
    assert old.xpath('//p[contains(@class, "warn")]/a/@href') == ["/division/120119"]
    assert site.page("/division/120119").xpath('//p[@class="note"]/a/@href')[0] == (
        "/division/120225"
    )
    listed = site.page("/division").xpath('//table//th[@scope="row"]/a/@href')
    assert listed == ["/division/120000", "/division/530000"]


def test_a_province_is_a_division(site: Site) -> None:
    for code in ("53", "530000"):
        answer = site.get(f"/province/{code}", 302)
        assert answer.headers["location"] == "/division/530000"


@pytest.mark.parametrize(
    "path", ["/agency/530111-00000000", "/division/999999", "/division/999999999"]
)
def test_what_is_not_there(site: Site, path: str) -> None:
    site.page(path, 404)
    assert site.get(f"{path}.json", 404).json()["ok"] is False


@pytest.mark.parametrize(
    "query",
    [
        "year=2024&province=x'--&level=%00&kind=<b>&reason=1&page=-1",
        "year=99999999&division=999999&page=99999999",
        "year=0&division=５３００００",
        "division=530111&year=1&level=county&kind=department&page=7",
        "province=central&year=2024",
        "division=530111008&year=2024",
    ],
)
def test_odd_choices_give_a_page(site: Site, query: str) -> None:
    site.page(f"/coverage?{quote(query, safe='=&%')}")
    site.rows(f"/coverage/missing?{quote(query, safe='=&%')}")
    site.rows(f"/coverage/divisions?{quote(query, safe='=&%')}")


def test_the_pages_in_english_and_behind_a_prefix(tmp_path: Path) -> None:
    site = Site(make_places(tmp_path), base_url="/gk/")
    tree = site.page("/coverage?province=530000&year=2024&lang=en")
    assert tree.get("lang") == "en"
    assert "Not listed" in text(tree)
    for path in ("/", f"/agency/{STREET_ID}", "/division/530111", "/coverage?division=530100"):
        page = site.page(path + ("&" if "?" in path else "?") + "lang=en")
        links = [
            link for link in page.xpath("//a/@href") if not link.startswith(("http", "#", "?"))
        ]
        assert [link for link in links if not link.startswith("/gk/")] == []
        for part in page.xpath("//main//*[@lang='zh-CN' or local-name() = 'svg' or self::form]"):
            part.drop_tree()
        found = {words.strip() for words in page.xpath("//main//text()") if HAN.search(words)}
        assert found == set()


@pytest.mark.parametrize(
    ("share", "words", "name"),
    [
        (None, "–", "none"),
        (0.0, "0%", "h0"),
        (0.001, "1%", "h1"),
        (0.2, "20%", "h2"),
        (0.799, "80%", "h4"),
        (0.9999, "99%", "h5"),
        (1.0, "100%", "h5"),
    ],
)
def test_shares_in_words_and_colours(share: float | None, words: str, name: str) -> None:
    assert (percent(share), heat(share)) == (words, name)


def test_the_map_has_a_tile_for_each_province_and_none_on_another() -> None:
    drawn = tiles({})
    assert len(drawn) == 34
    assert len({(tile.x, tile.y) for tile in drawn}) == 34
    assert [tile.name for tile in drawn if tile.heat == "na"] == ["台湾", "澳门", "香港"]


@given(st.lists(st.integers(1990, 2100), min_size=1, unique=True))
def test_years_in_fewer_words_are_the_same_years(years: list[int]) -> None:
    said = spans(",".join(map(str, years)))
    read: list[int] = []
    for part in said.split("、"):
        first, _, last = part.partition("–")
        read += range(int(first), int(last or first) + 1)
    assert read == sorted(years)


figures = st.none() | st.integers(0, 10**7)


@given(
    st.dictionaries(st.integers(2008, 2025), st.tuples(figures, figures), min_size=1),
    st.booleans(),
)
def test_bars_stand_on_the_floor_and_never_leave_the_drawing(
    values: dict[int, tuple[int | None, int | None]], share: bool
) -> None:
    years = sorted(values)
    series = {name: {y: values[y][n] for y in years} for n, name in enumerate("ab")}
    drawn = bars.plot(series, {"a": "甲", "b": "乙"}, years, share=share)
    floor = bars.HEIGHT - bars.BOTTOM
    for bar in drawn.bars:
        assert bar.height >= 0
        assert bar.y >= bars.TOP - 0.1
        assert bar.y + bar.height <= floor + 0.1
        assert bar.x + bar.width <= drawn.width
    empty = [y for y in years if values[y] == (None, None)]
    zero = [y for y in years if share and not any(values[y]) and y not in empty]
    assert len(drawn.missing) == len(empty) + len(zero)
    assert len(drawn.values) + len(drawn.missing) == len(drawn.years) == len(years)
