"""Portals files: what they say, and how their mistakes are reported."""

from pathlib import Path

import pytest

from gkcrawl.portals import (
    FAMILIES,
    PortalError,
    all_portal_rows,
    load_portals,
    read_portals,
    spider_names,
)

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


def test_the_shipped_files_are_right() -> None:
    files = {name: load_portals(name) for name in spider_names()}
    assert {"yunnan", "guangdong", "shandong", "wenku"} <= set(files)
    assert all(file.portals or file.sites for file in files.values())


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
