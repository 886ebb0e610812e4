"""Portals files: what they say, and how their mistakes are reported."""

import csv
import importlib
import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from gkcrawl.crawl.documentsites import DocumentSiteSpider
from gkcrawl.crawl.spider import ProvinceSpider
from gkcrawl.crawl.webarchives import SnapshotSpider
from gkcrawl.portals import (
    FAMILIES,
    Portal,
    PortalError,
    all_portal_rows,
    load_portals,
    read_portals,
    spider_names,
)
from gkcrawl.portals.records import OTHER_NAMES
from gkcrawl.portals.writing import new_file, with_columns, with_portal

ROOT = Path(__file__).parent.parent
NAMES = sorted(path.stem for path in (ROOT / "spiders").glob("*.py") if path.stem != "__init__")
PROVINCES = (
    *("beijing", "tianjin", "hebei", "shanxi", "neimenggu", "liaoning", "jilin", "heilongjiang"),
    *("shanghai", "jiangsu", "zhejiang", "anhui", "fujian", "jiangxi", "shandong", "henan"),
    *("hubei", "hunan", "guangdong", "guangxi", "hainan", "chongqing", "sichuan", "guizhou"),
    *("yunnan", "xizang", "shaanxi", "gansu", "qinghai", "ningxia", "xinjiang"),
)
NO_PLACES = {"100000": "the centre", "659000": "the corps (兵团), beside the counties of 新疆"}
"""Codes of the portals' files that are no places of config/divisions.csv."""
HEAD = 'province: "530000"\nname: 云南省\nportals:\n'
PORTAL = '  - {code: "530800", name: 普洱市, url: "https://www.puershi.gov.cn/"%s}\n'


@pytest.fixture
def write(tmp_path: Path):
    def written(text: str) -> Path:
        file = tmp_path / "yunnan.yml"
        file.write_text(text, "utf-8")
        return file

    return written


def test_a_portal_with_everything_that_can_be_said(write) -> None:
    more = (
        ", family: vsb, columns: ['https://www.puershi.gov.cn/zfxxgknb.htm'],"
        ' expect: {reports: {min: 12}}, notes: {2026-11-21: "改版"}, render: true'
    )
    portal = read_portals(write(HEAD + PORTAL % more)).portals[0]
    assert (portal.code, portal.name, portal.family) == ("530800", "普洱市", "vsb")
    assert portal.columns == ("https://www.puershi.gov.cn/zfxxgknb.htm",)
    assert portal.least_reports == 12
    assert portal.notes == {"2026-11-21": "改版"}
    assert portal.render


def test_a_family_by_another_name(write) -> None:
    assert read_portals(write(HEAD + PORTAL % ", family: jpaas")).portals[0].family == "hanweb"
    assert set(OTHER_NAMES.values()) <= set(FAMILIES)


def test_what_need_not_be_said(write) -> None:
    portal = read_portals(write(HEAD + PORTAL % "")).portals[0]
    assert portal.family is None
    assert (portal.columns, portal.least_reports, portal.render) == ((), 0, False)


def test_document_sites(write) -> None:
    search = "https://d.example/s?q={q}&p={page}"
    text = f'sites:\n  - {{name: 演示, url: "https://d.example/", search: "{search}"}}\n'
    site = read_portals(write(text)).sites[0]
    assert (site.name, site.list) == ("演示", None)
    assert site.search == search


@pytest.mark.parametrize(
    ("portal", "said"),
    [
        (PORTAL % ", family: trss", "portal 1: field 'family' is 'trss', expected one of"),
        (PORTAL % ", colums: []", "portal 1: field 'colums' is unknown (known: code, name"),
        (PORTAL.replace('"530800"', "530800") % "", "a code of six digits in quotes"),
        (PORTAL.replace("530800", "5308") % "", "portal 1: field 'code' is '5308'"),
        (PORTAL.replace("https://", "") % "", "expected an absolute http or https URL"),
        (PORTAL.replace("https://", "ftp://") % "", "expected an absolute http or https URL"),
        (PORTAL % ", columns: zfxxgknb", "field 'columns' is 'zfxxgknb', expected a list"),
        (PORTAL % ", expect: {reports: {min: many}}", "a whole number N"),
        (PORTAL % ", expect: {report: {min: 1}}", "expected {reports: {min: N}}"),
        (PORTAL % ", notes: {gestern: x}", "a date such as 2026-11-21"),
        (PORTAL % ", render: perhaps", "field 'render' is 'perhaps', expected true or false"),
        ("  - {name: 普洱市}\n", "portal 1: field 'code' is missing"),
        ("  - 普洱市\n", "portal 1: expected a mapping with code, name, url"),
        (PORTAL % "" + PORTAL % "", "portal 2: code 530800 with https://www.puershi.gov.cn/"),
        ('  - {code: "530800", code: "530801"}\n', "key 'code' is written twice"),
        ("  - {code: [\n", "line 5: not valid YAML"),
        ("\t- x\n", "line 4: not valid YAML"),
    ],
)
def test_a_mistake_is_reported_with_place_and_expectation(write, portal: str, said: str) -> None:
    file = write(HEAD + portal)
    with pytest.raises(PortalError) as caught:
        read_portals(file)
    assert said in str(caught.value)
    assert str(file) in str(caught.value)


def test_all_mistakes_are_reported_at_once(write) -> None:
    with pytest.raises(PortalError) as caught:
        read_portals(write(HEAD + PORTAL % ", family: a" + PORTAL % ", render: b"))
    assert len(str(caught.value).splitlines()) == 3


@pytest.mark.parametrize("text", ["", "[]", "name: x", "portals: []\nsites: []", "portals: {}"])
def test_a_file_of_another_shape_is_refused(write, text: str) -> None:
    with pytest.raises(PortalError):
        read_portals(write(text))


def test_an_unknown_family_is_answered_with_the_known_ones(write) -> None:
    with pytest.raises(PortalError) as caught:
        read_portals(write(HEAD + PORTAL % ", family: trss"))
    assert ", ".join(FAMILIES) in str(caught.value)


def test_a_missing_file_is_a_portal_error() -> None:
    with pytest.raises(PortalError, match="portals/atlantis"):
        load_portals("atlantis")


@pytest.fixture(scope="module")
def divisions() -> dict[str, str]:
    with (ROOT / "config" / "divisions.csv").open(encoding="utf-8", newline="") as file:
        return {row["code"]: row["name"] for row in csv.DictReader(file)}


def test_every_province_has_a_spider_and_a_file() -> None:
    assert len(PROVINCES) == 31
    others = {"bingtuan", "ministries", "web_archive", "wenku"}
    assert set(spider_names()) == {*PROVINCES, *others}
    assert spider_names() == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_spider_is_named_as_its_file_and_tells_its_history(name: str) -> None:
    module = importlib.import_module(f"spiders.{name}")
    own = [
        thing
        for thing in vars(module).values()
        if isinstance(thing, type) and thing.__module__ == module.__name__
    ]
    assert [spider.name for spider in own] == [name]
    assert own[0].__name__ == f"{name.title().replace('_', '')}Spider"
    assert issubclass(own[0], ProvinceSpider | DocumentSiteSpider | SnapshotSpider)
    assert "History\n  20" in (module.__doc__ or "")
    assert len(Path(module.__file__ or "").read_text("utf-8").splitlines()) <= 40


@pytest.mark.parametrize("name", [*PROVINCES, "bingtuan", "ministries"])
def test_the_portals_of_a_file_are_in_order_and_each_there_once(
    name: str, divisions: dict[str, str]
) -> None:
    file = load_portals(name)
    codes = [portal.code for portal in file.portals]
    urls = [portal.url for portal in file.portals]
    assert codes == sorted(codes)
    assert len(urls) == len(set(urls))
    assert {code[:2] for code in codes} == {(file.province or "")[:2]}
    assert set(codes) - set(divisions) <= set(NO_PLACES)
    # A place is called as its division, another organ by its own name.
    named = {portal.code for portal in file.portals if portal.name == divisions.get(portal.code)}
    assert set(codes) - named <= set(NO_PLACES)
    assert all(urlsplit(url).hostname.endswith(".gov.cn") for url in urls)


def test_only_the_wenku_and_the_web_archives_list_no_portals() -> None:
    files = {name: load_portals(name) for name in spider_names()}
    assert [name for name, file in files.items() if not file.portals] == ["web_archive", "wenku"]
    assert (bool(files["wenku"].sites), bool(files["web_archive"].apis)) == (True, True)


def test_nearly_every_county_has_a_portal(divisions: dict[str, str]) -> None:
    known = {portal.code for name in PROVINCES for portal in load_portals(name).portals}
    known |= {portal.code for portal in load_portals("bingtuan").portals}
    # Zones that only statistics count among the counties, and the islands, have no portals.
    real = {code for code in divisions if len(code) == 6 and not re.match(r"\d{4}[5-7]\d", code)}
    assert len(known) > 3200
    assert len(real - known) < 40


def test_columns_are_given_only_where_they_are_all() -> None:
    """Those of an organ with a site of its own: no others are looked for then."""
    given = [p for name in spider_names() for p in load_portals(name).portals if p.columns]
    assert 10 < len(given) < 30
    assert all(len(portal.columns) == 1 for portal in given)


def test_a_file_of_ones_own_stands_in_for_the_shipped_one(
    write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "portals").mkdir()
    write(HEAD + PORTAL % "").rename(tmp_path / "portals" / "yunnan.yml")
    monkeypatch.setenv("GKCRAWL_CONFIG", str(tmp_path))
    rows = [row for row in all_portal_rows() if row["spider"] == "yunnan"]
    assert [row["code"] for row in rows] == ["530800"]
    assert rows[0]["province"] == "530000"


def test_the_catalog_gets_portals_and_document_sites() -> None:
    rows = {row["url"]: row for row in all_portal_rows()}
    portal, site = rows["https://www.puershi.gov.cn/"], rows["https://www.360docs.net/"]
    assert (portal["kind"], portal["code"]) == ("portal", "530800")
    assert (site["kind"], site["spider"], site["name"]) == ("document_site", "wenku", "360文档网")


FILE = """# The portals of 云南省.
province: "530000"
name: 云南省
portals:
  # 昆明市
  - code: "530111"
    name: 官渡区
    url: http://www.kmgd.gov.cn/
    family: trs  # by its lists
    notes:
      2026-11-22: "each street: a sub-column"
  # 普洱市
  - code: "530800"
    name: 普洱市
    url: https://www.puershi.gov.cn/
"""
KUNMING = ("530111", "http://www.kmgd.gov.cn/")


def test_a_portal_is_added_where_its_code_belongs() -> None:
    portal = Portal("530112", "西山区", "http://www.kmxs.gov.cn/", family="trs")
    added = """  - code: "530112"
    name: 西山区
    url: http://www.kmxs.gov.cn/
    family: trs
"""
    head, tail = FILE.split("  # 普洱市\n")
    assert with_portal(FILE, portal) == f"{head}{added}  # 普洱市\n{tail}"


def test_all_that_can_be_said_of_a_portal_is_written_and_read_again(tmp_path: Path) -> None:
    portal = Portal(
        "539999",
        "x: y # z",
        "https://a.gov.cn/?a=1&b=*",
        family="static",
        columns=("https://a.gov.cn/col/?number=RCA07", "https://a.gov.cn/#nb"),
        expect={"reports": {"min": 3}},
        notes={"2026-11-22": "- 'quoted': \"twice\""},
        render=True,
    )
    file = tmp_path / "x.yml"
    file.write_text(with_portal(new_file("", "530000", "云南省"), portal), "utf-8")
    assert read_portals(file).portals == (portal,)


def test_a_portal_is_not_added_twice() -> None:
    with pytest.raises(ValueError, match="is in the file already"):
        with_portal(FILE, Portal(KUNMING[0], "官渡区", KUNMING[1]))


def test_columns_are_noted_and_all_else_stays() -> None:
    columns = ["http://www.kmgd.gov.cn/zfxxgk/zfxxgknb/", "http://www.kmgd.gov.cn/nb/?id=1"]
    text = with_columns(FILE, *KUNMING, columns)
    added = "".join(f"      - {column}\n" for column in columns)
    assert text == FILE.replace("# by its lists\n", f"# by its lists\n    columns:\n{added}")
    assert with_columns(text, *KUNMING, columns) == text
    assert with_columns(text, *KUNMING, []) == FILE


def test_columns_of_a_portal_in_braces() -> None:
    text = HEAD + PORTAL % ", family: vsb"
    written = with_columns(text, "530800", "https://www.puershi.gov.cn/", ["https://a.cn/nb.htm"])
    assert "    columns:\n      - https://a.cn/nb.htm\n" in written


def test_columns_of_a_portal_that_is_not_there() -> None:
    with pytest.raises(ValueError, match="is not in the file"):
        with_columns(FILE, "530111", "http://www.other.gov.cn/", [])
