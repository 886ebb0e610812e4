"""What a report says about itself beside the identities."""

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.records import Finding, Issuer, Table, Tables
from archive.report import read
from archive.report.findings import CHECKS, Material, find, warnings
from archive.report.findings.counts import chinese_number, mark
from archive.report.tables.forms import forms

KNOWN = forms()
BUREAU = Issuer(
    name="官渡区教育局",
    kind="department",
    scope="own",
    division_code="530111",
    path=("云南省", "昆明市", "官渡区"),
)
CITY = Issuer(
    name="淮安市人民政府",
    kind="government",
    scope="aggregate",
    division_code="320800",
    path=("江苏省", "淮安市"),
)
TOTALS = {
    "new_requests": 30,
    "carried_over_in": 2,
    "granted": 10,
    "partially_granted": 4,
    "denied_internal_affairs": 2,
    "denied_process_info": 3,
    "unavailable_not_held": 6,
    "rejected_duplicate": 1,
    "other_other": 3,
    "handled_total": 29,
    "carried_over_out": 3,
}


def requests() -> Table:
    table: Table = {}
    for row in KNOWN.request_rows_of("2021"):
        table[row] = dict.fromkeys(KNOWN.applicant_ids, 0)
        table[row]["natural_person"] = table[row]["total"] = TOTALS.get(row, 0)
    return table


def cases(upheld: int, corrected: int, other: int, pending: int) -> dict[str, int | float | None]:
    values = (upheld, corrected, other, pending)
    return dict(zip(KNOWN.outcome_ids, (*values, sum(values)), strict=True))


TABLES = Tables(
    active_disclosure={
        "regulations": {"issued": 0, "repealed": 0, "valid": 0},
        "normative_docs": {"issued": 8, "repealed": 2, "valid": 66},
        "admin_licensing": {"decisions": 120},
        "admin_penalty": {"decisions": 15},
        "admin_coercion": {"decisions": 0},
        "admin_fees": {"amount_10k_cny": 2.02},
    },
    requests=requests(),
    review_litigation={
        "review": cases(1, 2, 0, 0),
        "litigation_direct": cases(1, 0, 0, 1),
        "litigation_after_review": cases(1, 0, 0, 0),
    },
    status=dict.fromkeys(("active_disclosure", "requests", "review_litigation"), "read"),
)
NO_CASES = replace(
    TABLES, review_litigation={route: cases(0, 0, 0, 0) for route in KNOWN.route_ids}
)


def found(
    text: str, issuer: Issuer = BUREAU, tables: Tables = TABLES, section: str = "overview"
) -> dict[str, Finding]:
    sections = {section: text}
    given = find(sections=sections, tables=tables, form="2021", year=2024, issuer=issuer)
    return {finding.id: finding for finding in given if finding.id.startswith("text.")}


def said(text: str, **how: object) -> dict[str, tuple[str, object]]:
    """Return id -> (status, what the text says)."""
    return {
        name.removeprefix("text."): (finding.status, finding.left)
        for name, finding in found(text, **how).items()  # type: ignore[arg-type]
    }


AGREES_NEW = {"new_requests": ("agrees", 30)}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2024年，我局共收到政府信息公开申请30件。", 30),
        ("本年度，共受理政府信息公开申请 30 件，都在法定期限内予以答复。", 30),
        ("2024年共收到依申请公开件30件。", 30),
        ("2024年收到政府信息依申请公开３０件，已办结并回复申请人。", 30),
        ("我局受理依申请信息三十条，现将有关情况汇报如下：", 30),
        ("2024年，官渡区教育局共办理政府信息公开申请30宗，“找错”留言67宗。", 30),
        ("全年新收政府信息公开申请30件，同比增长103%。", 30),
        ("全年共收到公民、法人和其他组织提出的政府信息公开申请30件，较上年增加5件。", 30),
        ("本局2024年度收到30件針對本部門有關政府信息公開事務的申請，未收取任何費用。", 30),
        ("共收到申请人向官渡区教育局提出的政府信息公开申请30件。", 30),
        ("2024年，政府信息公开申请共30件，均按时答复。", 30),
        ("2024年受理政府信息公开申请32件，其中上年结转2件。", 32),
        ("2024年1月1日至12月31日，我局共收到依申请公开申请30件(网上20件，信函10件)。", 30),
        # A line broken by the layout of a PDF.
        ("2024 年，全局共受理政府信息公\n开申请 30 件，按期办结。", 30),
    ],
)
def test_requests_that_the_text_tells_agree_with_the_table(text: str, value: int) -> None:
    assert said(text)["new_requests"] == ("agrees", value)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2024年，我局共收到政府信息公开申请13件，均在法定期限内答复。", 13),
        ("2024年共收到依申请公开申请十二件。", 12),
        ("全年新收政府信息公开申请两件。", 2),
        ("2024年，我局未收到政府信息公开申请。", 0),
        ("本年度没有收到公民、法人和其他组织的政府信息公开申请。", 0),
        ("2024年度无依申请公开事项。", 0),
    ],
)
def test_requests_that_the_text_tells_otherwise_are_a_conflict(text: str, value: int) -> None:
    finding = found(text)["text.new_requests"]
    assert (finding.status, finding.left, finding.right) == ("conflict", value, 30)
    assert finding.cells == ("requests.new_requests.total",)
    assert finding.quote == text


def test_a_conflict_is_one_readable_warning_with_the_sentence() -> None:
    given = find(
        sections={"overview": "前言。2024年共收到政府信息公开申请134件。其他。"},
        tables=Tables(requests=requests(), status={"requests": "read"}),
        form="2019",
        year=2024,
        issuer=BUREAU,
    )
    assert warnings(given)[0] == (
        "text.new_requests: the text says 134 (“2024年共收到政府信息公开申请134件。”), the table 30"
    )


@pytest.mark.parametrize(
    "text",
    [
        # Other things that are counted in the same words.
        "2024年共收到群众来信来访、来电100件，现已办结100件。",
        "12345政府热线交办43件，答复43件。",
        "全年主动公开政府信息7732条，依申请公开信息咨询电话20件。",
        "2024年收到人大建议、政协提案12件，办结12件。",
        "2024年收到低保申请400件，办结400件。",
        "2024年收到行政复议申请300件，受理280件。",
        "收到对政府信息公开工作的投诉5件。",
        # Another year, a part of a year, a comparison, many years.
        "2023年，我局共收到政府信息公开申请25件。",
        "上半年共收到政府信息公开申请12件。",
        "依申请公开数量较上年减少5件。",
        "2019年至2024年共收到政府信息公开申请300件。",
        "近三年累计收到政府信息公开申请90件。",
        # A channel, a part of the organ, a kind of applicant.
        "通过网站收到政府信息公开申请20件。",
        "共收到网上申请20件、信函申请10件。",
        "其中，区教育局机关收到政府信息公开申请12件。",
        "全市各部门共收到政府信息公开申请2300件，我局收到30件。",
        "我区收到政府信息公开申请2300件。",
        "自然人申请政府信息公开25件。",
        # Not exact.
        "共收到政府信息公开申请近百件。",
        "共收到政府信息公开申请50余件。",
        "收到政府信息公开申请1.2万件。",
        # The negation is of something else.
        "未收到政府信息公开工作方面的投诉举报。",
        "全年无政府信息公开申请超期答复情形。",
        "未收到网上政府信息公开申请。",
        "无因政府信息公开申请引发的败诉案件。",
    ],
)
def test_what_is_no_claim_on_the_table_is_no_finding(text: str) -> None:
    assert said(text) == {}


def test_whole_sentence_of_what_was_done() -> None:
    text = (
        "2024年，全局共受理政府信息公开申请30件，答复29件（含上年度结转申请2件，另有3件顺延到"
        "下年度答复），其中予以公开10件、部分公开4件、不予公开5件，无法提供6件；不予处理1件；其他处理3件。"
        "因政府信息公开被申请行政复议3件，其中结果维持1件，结果纠正2件；行政诉讼3件，其中维持2件，尚未审结1件。"
    )
    assert said(text) == {
        "new_requests": ("agrees", 30),
        "handled_total": ("agrees", 29),
        "carried_over_in": ("agrees", 2),
        "carried_over_out": ("agrees", 3),
        "granted": ("agrees", 10),
        "partially_granted": ("agrees", 4),
        "denied_total": ("agrees", 5),
        "unavailable_total": ("agrees", 6),
        "rejected_total": ("agrees", 1),
        "other_total": ("agrees", 3),
        "review": ("agrees", 3),
        "review_upheld": ("agrees", 1),
        "review_corrected": ("agrees", 2),
        "litigation": ("agrees", 3),
        "litigation_upheld": ("agrees", 2),
        "litigation_pending": ("agrees", 1),
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "共办结政府信息公开申请29件（含上年结转2件），其中予以公开和部分公开14件、占48%。",
            {"handled_total": 29, "carried_over_in": 2, "granted_or_partial": 14},
        ),
        (
            "主动公开信息1500条，其中规范性文件3件；收到信息公开申请30件，较2023年的25件增加5件。",
            {"new_requests": 30},
        ),
        (
            "官渡区教育局共收到政府信息公开申请数30件，上年结转数2件，办结数29件，结转下年数3件。",
            {"new_requests": 30, "carried_over_in": 2, "handled_total": 29, "carried_over_out": 3},
        ),
        (
            "政府信息公开行政复议方面，收到复议3件，维持1件，纠正2件。",
            {"review": 3, "review_upheld": 1, "review_corrected": 2},
        ),
        (
            "政府信息公开行政诉讼3件（未经复议直接起诉2件，复议后起诉1件）。",
            {"litigation": 3, "litigation_direct": 2, "litigation_after_review": 1},
        ),
    ],
)
def test_other_ways_to_say_it(text: str, expected: dict[str, int]) -> None:
    assert said(text) == {name: ("agrees", value) for name, value in expected.items()}


def test_a_heading_on_its_own_line_says_what_the_next_paragraph_is_about() -> None:
    assert said("（二）依申请公开情况\n2024年共收到申请12件。") == {
        "new_requests": ("conflict", 12)
    }
    assert said("（二）低保办理情况\n2024年共收到申请12件。") == {}


def test_every_figure_of_that_sentence_may_be_wrong() -> None:
    text = (
        "2024年，全局共收到政府信息公开申请35件，上年结转7件，共办结40件，结转到2025年办理1件。"
        "其中，予以公开17件，占比34%；部分公开5件；不予公开6件；无法提供7件；不予处理2件；其他处理4件。"
        "因政府信息公开引起的行政复议9起，行政诉讼8起。"
    )
    assert {status for status, _ in said(text).values()} == {"conflict"}
    assert set(said(text)) == {
        *("new_requests", "carried_over_in", "handled_total", "carried_over_out", "granted"),
        *("partially_granted", "denied_total", "unavailable_total", "rejected_total"),
        *("other_total", "review", "litigation"),
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("予以公开或部分公开14件、占45.3%；不予公开5件。", {"granted_or_partial", "denied_total"}),
        ("2023年结转申请2件，结转2025年办理3件。", {"carried_over_in", "carried_over_out"}),
        ("2023年结转至2024年办理2件。", {"carried_over_in"}),
        ("结转5件。", set()),
        ("办结上年结转信访件9件。", set()),
    ],
)
def test_groups_and_what_is_carried_over(text: str, expected: set[str]) -> None:
    told = said(text, section="requests")
    assert {name for name, (status, _) in told.items() if status == "agrees"} == expected
    assert set(told) == expected


@pytest.mark.parametrize(
    "text",
    [
        "因信息公开申请引起的行政复议0起，行政诉讼0起。",
        "未发生因政府信息公开申请提起的行政复议和诉讼案件。",
        "政府信息公开申请均按时答复，无行政复议、行政诉讼情况。",
        "2024年因政府信息公开引发的行政复议、行政诉讼均为0件。",
        "我局政府信息公开工作未被申请行政复议，未被提起行政诉讼。",
        "依申请公开办理规范有序，也未发生行政复议、行政诉讼。",
    ],
)
def test_no_review_and_no_litigation(text: str) -> None:
    both = {"review": ("agrees", 0), "litigation": ("agrees", 0)}
    assert said(text, tables=NO_CASES) == both
    assert {status for status, _ in said(text).values()} == {"conflict"}


@pytest.mark.parametrize(
    "text",
    [
        "无行政复议、行政诉讼败诉案件。",
        "全年办理行政复议案件300件，审结280件。",
        "依申请公开工作规范，2024年无因信息公开引发的行政复议纠错案件。",
        "行政复议和行政诉讼5件，其中维持4件。",
        "联动行政复议机构和法院提供专业的法律建议3条。",
    ],
)
def test_other_words_on_review_are_not_taken_for_the_table(text: str) -> None:
    assert said(text) == {}


def test_a_part_of_the_area_is_not_the_area() -> None:
    text = (
        "2024年，淮安市共收到政府信息公开申请30件，其中市政府及市政府办公室收到政府信息公开申请9件；"
        "部门收到政府信息公开申请21件，予以公开7件。"
    )
    assert said(text, issuer=CITY) == AGREES_NEW
    assert said("市政府办公室共收到政府信息公开申请9件。", issuer=CITY) == {}
    assert said("我办共收到政府信息公开申请9件，予以公开7件。", issuer=CITY) == {}
    assert said("淮安市人民政府共收到政府信息公开申请9件。", issuer=CITY) == {}
    assert said("全市共收到政府信息公开申请9件。", issuer=CITY) == {"new_requests": ("conflict", 9)}


def test_two_sentences_that_differ_are_not_understood_unless_one_agrees() -> None:
    first, second = "我局收到政府信息公开申请12件。", "本局收到政府信息公开申请18件。"
    assert said(first + second) == {}
    assert said(first + "全年共收到政府信息公开申请30件。") == AGREES_NEW


def test_documents_decisions_and_fees() -> None:
    text = (
        "2024年我局制发行政规范性文件8件、废止2件，现行有效行政规范性文件66件。"
        "作出行政许可决定120件，作出行政处罚决定16件。行政事业性收费20200元。"
    )
    assert said(text) == {
        "normative_docs_issued": ("agrees", 8),
        "normative_docs_repealed": ("agrees", 2),
        "normative_docs_valid": ("agrees", 66),
        "admin_licensing": ("agrees", 120),
        "admin_penalty": ("conflict", 16),
        "admin_fees": ("agrees", 2.02),
    }
    assert said("公开行政许可决定信息300条，清理规范性文件30件，审查规范性文件9件。") == {}
    assert said("制发行政规范性文件5件。", issuer=CITY) == {}, "perhaps the office's own"


def test_no_finding_where_the_table_was_not_read_or_is_blank() -> None:
    text = "我局共收到政府信息公开申请13件。"
    assert said(text, tables=Tables()) == {}
    blank = {row: dict.fromkeys(KNOWN.applicant_ids) for row in KNOWN.request_rows_of("2021")}
    assert said(text, tables=Tables(requests=blank, status={"requests": "read"})) == {}
    ambiguous = replace(TABLES, status={"requests": "ambiguous"})
    assert said(text, tables=ambiguous) == {}


def plausible(issuer: Issuer, **rows: dict[str, float | None]) -> dict[str, Finding]:
    tables = Tables(active_disclosure=dict(rows), status={"active_disclosure": "read"})
    given = find(sections={}, tables=tables, form="2021", year=2024, issuer=issuer)
    return {finding.id: finding for finding in given}


@pytest.mark.parametrize(
    ("kind", "division", "flagged"),
    [
        ("town_government", None, True),
        ("subdistrict_office", "530111", True),
        ("development_zone", "421321", True),
        ("government", "530111", True),
        ("department", "530000", True),
        ("government", "530000", False),
        ("government", "530800", False),
        ("government_office", "530800", False),
        ("central_body", None, False),
        ("department", None, False),
        (None, None, False),
    ],
)
def test_regulations_are_made_by_few(kind: str | None, division: str | None, flagged: bool) -> None:
    issuer = Issuer(name="某机关", kind=kind, division_code=division)
    found = plausible(issuer, regulations={"issued": 0, "valid": 2})
    assert ("plausible.regulations" in found) == flagged
    assert plausible(issuer, regulations={"issued": 0, "valid": None}) == {}


def test_values_that_can_hardly_be() -> None:
    found = plausible(
        CITY,
        admin_licensing={"decisions": -3},
        admin_penalty={"decisions": 1.5, "items_change": -2},
        admin_fees={"amount_10k_cny": -0.5},
    )
    assert {name: finding.cells for name, finding in found.items()} == {
        "plausible.negative": ("active_disclosure.admin_licensing.decisions",),
        "plausible.fraction": ("active_disclosure.admin_penalty.decisions",),
    }
    huge = Tables(requests={"granted": {"total": 20_240_131_001}}, status={"requests": "read"})
    given = find(sections={}, tables=huge, form="2021", year=2024, issuer=CITY)
    assert [finding.id for finding in given] == ["plausible.magnitude"]


WHOLE = {
    "overview": "2024年工作如下。",
    "active_disclosure": "",
    "requests": "",
    "review_litigation": "",
    "problems_improvements": "存在的问题：公开不够及时。改进：加强培训。",
    "other_matters": "无。",
}


def structure(**changes: str | None) -> dict[str, Finding]:
    sections = {key: text for key, text in (WHOLE | changes).items() if text is not None}
    given = find(sections=sections, tables=Tables(), form="2021", year=2024, issuer=BUREAU)
    return {finding.id: finding for finding in given}


def test_sections_that_are_missing_or_say_nothing() -> None:
    assert structure() == {}
    lacking = structure(review_litigation=None, problems_improvements=None)
    assert lacking["section.missing"].message == (
        "no heading found: 四、政府信息公开行政复议、行政诉讼情况; 五、存在的主要问题及改进情况"
    )
    for text in ("", "无", "暂无。", "无 ", "本年度无此项情况。", "没有需要改进的问题。", "——"):
        found = structure(problems_improvements=text)
        assert list(found) == ["section.problems_improvements"]
        assert found["section.problems_improvements"].status == "missing"
    assert structure(problems_improvements="存在的问题：无专职人员。") == {}


def test_reports_before_2019_had_other_sections() -> None:
    given = find(
        sections={"overview": ""}, tables=Tables(), form="pre2019", year=2015, issuer=BUREAU
    )
    assert given == ()


@pytest.mark.parametrize(
    ("overview", "last", "status"),
    [
        ("全年收取信息处理费3940元。", "无。", "conflict"),
        ("全年收取信息处理费3940元。", "本年度未收取信息处理费。", "conflict"),
        ("全年收取信息处理费3940元。", "收取信息处理费3940元。", "agrees"),
        ("全年收取信息处理费3940元。", "收取信息处理费0.39万元。", "agrees"),
        ("全年收取信息处理费3940元。", "收取信息处理费394元。", "conflict"),
        ("全年收取信息处理费3940元。", "本报告电子版可下载。", None),
        ("全年未收取信息处理费。", "无。", None),
        ("无。", "收取信息处理费3940元。", None),
    ],
)
def test_fees_told_elsewhere_and_in_section_six(
    overview: str, last: str, status: str | None
) -> None:
    found = structure(overview=f"工作情况。{overview}", other_matters=last)
    fees = found.get("fees.other_matters")
    assert (fees and fees.status) == status


def test_fees_in_the_table_beside_an_empty_section_six_are_no_warning() -> None:
    given = find(sections=WHOLE, tables=TABLES, form="2021", year=2024, issuer=BUREAU)
    assert [(f.id, f.status, f.right) for f in given] == [("fees.other_matters", "hint", 2.02)]
    assert warnings(given) == ()


@pytest.mark.parametrize(
    ("numeral", "value"),
    [
        ("十二", 12),
        ("两", 2),
        ("零", 0),
        ("一百零三", 103),
        ("二〇", 20),
        ("一千二百", 1200),
        ("", None),
    ],
)
def test_chinese_numerals(numeral: str, value: int | None) -> None:
    assert chinese_number(numeral) == value


def test_figures_become_marks() -> None:
    marked = mark("收到申请1,234件,占45.3%,近百件,30余件,收费2.02万元,第二十条,12345热线3件次")
    assert marked.text == "收到申请#,占%,~,~,收费$,~,12345热线#"
    assert [getattr(value, "value", value) for value in marked.values] == [1234, 2.02, 3]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.sampled_from("收到政府信息公开申请行政复议结转上年予以3件，。（）其中未#$%~一二"),
        max_size=300,
    )
)
def test_any_text_gives_findings_or_none(pieces: list[str]) -> None:
    material = Material({"overview": "".join(pieces)}, TABLES, "2021", 2024, BUREAU)
    for check in CHECKS:
        for finding in check(material):
            assert finding.message


def test_long_repetition_takes_little_work() -> None:
    for piece in (
        "政府信息公开申请",
        "行政复议、诉讼",
        "予以公开的",
        "因公开",
        "1",
        "一",
        "上年结转",
    ):
        assert said(piece * 3000 + "5件") is not None


@pytest.mark.skipif("GKCRAWL_SEEDS" not in os.environ, reason="GKCRAWL_SEEDS is not set")
def test_no_seed_document_contradicts_itself() -> None:
    folder = Path(os.environ["GKCRAWL_SEEDS"])
    expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    assert expected
    for path in sorted(folder.glob("*.txt")):
        report = read(path.read_bytes(), url=None)
        assert report.is_report
        given = find(
            sections=report.sections,
            tables=report.tables,
            form=report.form,
            year=report.year,
            issuer=report.issuer,
            title=report.title,
        )
        assert [f for f in given if f.status == "conflict"] == []
