"""What evaluators look for, case by case: days, sections, text taken over, figures across years."""

import random
from collections.abc import Iterable
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.evaluation import Evaluation, Known, Part, aggregated, evaluate
from archive.evaluation.chains import chained
from archive.evaluation.deadlines import in_time
from archive.evaluation.labels import applicants
from archive.evaluation.presence import NAMES, present
from archive.evaluation.reuse import RUN, plain, reused, share

READ = dict.fromkeys(("active_disclosure", "requests", "review_litigation"), "read")
SECTIONS = {key: f"{name}：本年度情况见正文。" for key, name in NAMES.items()}


def known(year: int | None = 2024, **fields: Any) -> Known:
    """Return a report of a department, read from its own page, with ``fields``."""
    made = Known(
        year=year,
        form="2021",
        kind="department",
        scope="own",
        trust="official",
        published=f"{year + 1}-01-20" if year else None,
        published_source="meta:PubDate",
        sections=SECTIONS,
        states=READ,
    )
    return replace(made, **fields)


def only(found: Iterable[Evaluation]) -> Evaluation:
    (one,) = found
    return one


def by_id(found: Iterable[Evaluation]) -> dict[str, Evaluation]:
    return {one.id: one for one in found}


@pytest.mark.parametrize(
    ("year", "kind", "scope", "published", "status", "days"),
    [
        (2024, "department", "own", "2025-01-31", "hold", 0),
        (2024, "department", "own", "2025-02-01", "fail", 1),
        (2024, "government", "aggregate", "2025-03-31", "hold", 0),
        (2024, "government", "aggregate", "2025-04-01", "fail", 1),
        (2023, "department", "own", "2024-02-29", "fail", 29),
        (2024, "department", "own", "2024-12-31", "hold", -31),
        # The Regulations of 2007: March 31 for all, last for the year 2018.
        (2018, "department", "own", "2019-03-31", "hold", 0),
        (2018, "town_government", "own", "2019-04-01", "fail", 1),
        (2019, "department", "own", "2020-02-01", "fail", 1),
        # Townships are not named since.
        (2024, "town_government", "own", "2025-01-31", "hold", 0),
        (2024, "subdistrict_office", "own", "2025-02-12", "not_assessable", 12),
        (2024, "town_government", "own", "2025-04-01", "fail", 1),
        (2024, None, None, "2025-02-12", "not_assessable", 12),
        (2024, "public_institution", "own", "2025-02-12", "not_assessable", 12),
    ],
)
def test_the_day_a_report_was_due_depends_on_organ_and_year(
    year: int, kind: str | None, scope: str | None, published: str, status: str, days: int
) -> None:
    found = only(in_time(known(year, kind=kind, scope=scope, published=published)))
    assert (found.id, found.status, found.left) == ("published.late", status, days)
    assert found.right == 0
    assert (found.culprit == "office") == (status == "fail")


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"published": None}, "页面没有公布日期"),
        (
            {"published": None, "first_seen": "2025-06-01"},
            "页面没有公布日期；2025-06-01首次采集到",
        ),
        (
            {"published": "2025-05-05", "published_source": "page:更新时间"},
            "2025-05-05（page:更新时间）可能是后来改动的日期",
        ),
        ({"published": "2024-03-01"}, "2024-03-01时2024年尚未结束"),
        ({"year": None}, "报告年度不明"),
    ],
)
def test_a_day_that_cannot_be_relied_on_is_unknown_and_not_late(
    fields: dict[str, Any], message: str
) -> None:
    found = only(in_time(known(**fields)))
    assert (found.id, found.status) == ("published.unknown", "not_assessable")
    assert (found.message, found.culprit) == (message, None)


@pytest.mark.parametrize("published", [None, "2025-06-30"])
def test_a_report_that_was_seen_in_time_is_in_time_whatever_the_page_says(
    published: str | None,
) -> None:
    found = only(in_time(known(published=published, first_seen="2025-01-15")))
    assert (found.id, found.status, found.left) == ("published.late", "hold", -16)


@pytest.mark.parametrize(
    ("fields", "culprit"),
    [
        ({"published": "2025-02-10"}, "office"),
        ({"published": "2025-02-10", "published_source": "url"}, "unclear"),
        ({"published": "2026-08-01"}, "unclear"),
        ({"published": "2025-02-10", "kind": "government_office"}, "unclear"),
        ({"published": "2025-04-10", "kind": "government_office"}, "office"),
        ({"published": "2025-02-10", "trust": "untrusted"}, "reading"),
    ],
)
def test_who_is_to_blame_for_a_late_day(fields: dict[str, Any], culprit: str) -> None:
    found = only(in_time(known(**fields)))
    assert (found.status, found.culprit) == ("fail", culprit)


def without(*keys: str) -> dict[str, str]:
    return {key: text for key, text in SECTIONS.items() if key not in keys}


@pytest.mark.parametrize(
    ("fields", "status", "left", "culprit"),
    [
        ({}, "hold", 6, None),
        ({"sections": without("other_matters")}, "fail", 5, "office"),
        ({"sections": without("requests")}, "fail", 5, "unclear"),
        ({"sections": without("other_matters"), "printed": True}, "fail", 5, "reading"),
        ({"sections": {"overview": "…", "其他": "…"}}, "fail", 1, "reading"),
        ({"sections": {}}, "not_assessable", None, None),
        ({"form": "pre2019"}, "not_assessable", None, None),
    ],
)
def test_sections_that_have_no_heading(
    fields: dict[str, Any], status: str, left: int | None, culprit: str | None
) -> None:
    found = by_id(present(known(**fields)))["sections.missing"]
    assert (found.status, found.left, found.culprit) == (status, left, culprit)


@pytest.mark.parametrize(
    ("fields", "status", "left", "culprit"),
    [
        ({}, "hold", 0, None),
        ({"empty": {"problems_improvements": "无。"}}, "fail", 1, "office"),
        ({"empty": {"problems_improvements": None}}, "fail", 1, "unclear"),
        ({"empty": {"overview": "无"}, "printed": True}, "fail", 1, "reading"),
        # A section of a table may have no prose, and no prose where the table is lost is empty.
        ({"sections": SECTIONS | {"requests": " "}}, "hold", 0, None),
        (
            {"sections": SECTIONS | {"requests": " "}, "states": {"requests": "absent"}},
            "fail",
            1,
            "unclear",
        ),
    ],
)
def test_sections_that_say_nothing(
    fields: dict[str, Any], status: str, left: int | None, culprit: str | None
) -> None:
    found = by_id(present(known(**fields)))["sections.empty"]
    assert (found.status, found.left, found.culprit) == (status, left, culprit)


def prose(seed: int, sentences: int = 30) -> str:
    """Return sentences of characters at random, no two of which have a run in common."""
    chance = random.Random(seed)
    return "。".join(
        "".join(chr(chance.randrange(0x4E00, 0x9FA0)) for _ in range(20)) for _ in range(sentences)
    )


def test_the_share_of_the_text_that_stood_there_last_year() -> None:
    old, new = prose(1), prose(2)
    cases = {"hold": old[:200] + new, "fail": old + new[:200]}
    for status, text in cases.items():
        found = only(
            reused(known(sections={"a": text}), known(2023, sections={"b": old, "c": "无"}))
        )
        assert (found.id, found.status, found.right) == ("text.reuse", status, 50)
    assert 70 < (found.left or 0) < 80
    assert (found.culprit, found.message) == (
        "office",
        f"正文的{found.left}%与上年报告相同",
    )


def test_figures_of_this_year_do_not_make_a_sentence_new() -> None:
    old = "。".join(f"{part}共{n}件" for n, part in enumerate(prose(1).split("。")))
    new = "。".join(f"{part}共{n * 37}.5 件" for n, part in enumerate(prose(1).split("。")))
    assert share(plain(new), plain(old)) == 100


def test_words_that_all_reports_have_count_for_nothing() -> None:
    opening = (
        "根据《中华人民共和国政府信息公开条例》（国务院令第711号，以下简称《条例》）和《中华人民共和国"
        "政府信息公开工作年度报告格式》（国办公开办函〔2021〕30号）要求，"
    )
    assert share(plain(opening * 9), plain(opening)) is None
    assert share(plain(opening * 9 + prose(1)), plain(opening + prose(2))) == 0


@pytest.mark.parametrize(
    ("fields", "culprit"),
    [
        ({"text_digest": "sha256:2"}, "office"),
        ({"text_digest": "sha256:1"}, "unclear"),
        ({"trust": "document_site"}, "unclear"),
    ],
)
def test_one_document_under_two_years_is_nobodys_copy(fields: dict[str, Any], culprit: str) -> None:
    text = {"overview": prose(1)}
    now = known(sections=text, text_digest="sha256:1")
    found = only(reused(now, known(2023, sections=text, **fields)))
    assert (found.left, found.culprit) == (100, culprit)


@pytest.mark.parametrize(
    ("now", "before", "message"),
    [
        (known(), None, "未收录该机关2023年的报告"),
        (known(sections={}), known(2023), "2024年的报告没有读出正文"),
        (known(), known(2023, sections={}), "2023年的报告没有读出正文"),
        (
            known(),
            known(2023),
            "除通用文字外不足200字",
        ),
    ],
)
def test_texts_that_cannot_be_compared(now: Known, before: Known | None, message: str) -> None:
    found = only(reused(now, before))
    assert (found.status, found.left, found.message) == ("not_assessable", None, message)


_LETTERS = st.text(alphabet="公开政府信息0", max_size=60)


@given(_LETTERS, _LETTERS)
def test_a_character_is_taken_over_where_a_run_around_it_is(text: str, earlier: str) -> None:
    """Against the plainest way to say it; ``own`` long enough makes every share assessable."""
    filler = "".join(chr(0x5000 + n) for n in range(300))
    whole = text + filler
    marks = {
        i + k
        for i in range(len(whole) - RUN + 1)
        if whole[i : i + RUN] in earlier
        for k in range(RUN)
    }
    assert share(whole, earlier) == round(100 * len(marks) / len(whole), 1)


def cells(**values: int | float | None) -> dict[str, int | float | None]:
    """Return cells by name: ``in_``, ``out`` of 总计, ``valid``, ``issued``, ``repealed``."""
    names = {
        "in_": "requests.carried_over_in.total",
        "out": "requests.carried_over_out.total",
    }
    return {names.get(k, f"active_disclosure.regulations.{k}"): v for k, v in values.items()}


@pytest.mark.parametrize(
    ("now", "last", "status", "left", "right"),
    [
        (121, 121, "hold", 121, 121),
        (121, 120, "fail", 121, 120),
        (0, None, "hold", 0, 0),
        (None, 0, "hold", 0, 0),
        (None, None, "not_assessable", None, None),
        (3, None, "not_assessable", 3, None),
        (None, 3, "not_assessable", None, 3),
    ],
)
def test_what_is_carried_over_comes_from_last_year(
    now: int | None, last: int | None, status: str, left: int | None, right: int | None
) -> None:
    found = by_id(chained(known(cells=cells(in_=now)), known(2023, cells=cells(out=last))))[
        "chain.carried_over_in.total"
    ]
    assert (found.status, found.left, found.right) == (status, left, right)
    assert found.cells == (
        "requests.carried_over_in.total",
        "2023/requests.carried_over_out.total",
    )
    assert found.formula == "总计：2024年的上年结转 ＝ 2023年的结转下年度"


def test_a_cell_that_was_not_read_is_no_blank() -> None:
    found = by_id(chained(known(cells=cells(in_=1)), known(2023)))["chain.carried_over_in.total"]
    assert (found.status, found.message) == (
        "not_assessable",
        "未读出：2023/requests.carried_over_out.total",
    )


@pytest.mark.parametrize(
    ("before", "fields", "culprit"),
    [
        (known(2023), {}, "office"),
        (known(2023, states=READ | {"requests": "recovered"}), {}, "reading"),
        (known(2023), {"states": READ | {"requests": "inconsistent"}}, "reading"),
        (known(2023), {"printed": True}, "reading"),
        (known(2023, trust="document_site"), {}, "reading"),
    ],
)
def test_the_office_is_blamed_only_for_tables_that_are_proved(
    before: Known, fields: dict[str, Any], culprit: str
) -> None:
    now = known(cells=cells(in_=3), **fields)
    found = by_id(chained(now, replace(before, cells=cells(out=1))))["chain.carried_over_in.total"]
    assert (found.status, found.culprit) == ("fail", culprit)


# Figures of 宿迁 2023 to 2025, for 规章 and 行政规范性文件.
@pytest.mark.parametrize(
    ("item", "last", "issued", "repealed", "valid", "status", "culprit"),
    [
        ("regulations", 11, 2, 1, 12, "hold", None),
        ("regulations", 12, 3, 0, 15, "hold", None),
        ("normative_docs", 597, 50, 227, 420, "hold", None),
        ("normative_docs", 420, 61, 59, 422, "hold", None),
        ("regulations", 12, 3, 0, 14, "fail", "office"),
        ("normative_docs", 3608, 20, 5, 2545, "fail", "unclear"),
        ("regulations", None, 3, None, 3, "hold", None),
        ("regulations", None, None, None, 3, "not_assessable", None),
    ],
)
def test_valid_documents_are_last_years_with_what_came_and_went(
    item: str,
    last: int | None,
    issued: int | None,
    repealed: int | None,
    valid: int | None,
    status: str,
    culprit: str | None,
) -> None:
    place = f"active_disclosure.{item}"
    now = known(
        cells={
            f"{place}.valid": valid,
            f"{place}.issued": issued,
            f"{place}.repealed": repealed,
        }
    )
    found = by_id(chained(now, known(2023, cells={f"{place}.valid": last})))[f"chain.valid.{item}"]
    assert (found.status, found.culprit) == (status, culprit)


def test_valid_documents_are_not_held_against_another_form() -> None:
    found = by_id(chained(known(2021), known(2020, form="2019", cells=cells(out=2))))
    assert found["chain.valid.regulations"].message == ("2020年的报告用的是另一格式（2019）")
    # What is carried over stands in both forms.
    assert "格式" not in (found["chain.carried_over_in.total"].message or "")
    assert not any(
        id_.startswith("chain.valid") for id_ in by_id(chained(known(form="2019"), None))
    )


def test_without_last_year_one_row_stands_for_all_applicants() -> None:
    found = [one for one in chained(known(), None) if one.id.startswith("chain.carried")]
    assert [(one.id, one.status, one.message) for one in found] == [
        (
            "chain.carried_over_in.total",
            "not_assessable",
            "未收录该机关2023年的报告",
        )
    ]


@given(
    st.lists(
        st.dictionaries(st.sampled_from(list(applicants())), st.integers(0, 500)),
        min_size=2,
        max_size=6,
    )
)
def test_a_series_whose_years_hand_on_what_is_left_has_no_failure(
    left: list[dict[str, int]],
) -> None:
    years = []
    for n, (before, after) in enumerate(zip([{}, *left], left, strict=False)):
        values: dict[str, int | float | None] = {}
        for column in applicants():
            values[f"requests.carried_over_in.{column}"] = before.get(column)
            values[f"requests.carried_over_out.{column}"] = after.get(column)
        years.append(known(2018 + n, cells=values))
    for before, after in pairwise(years):
        assert not [one for one in chained(after, before) if one.status == "fail"]


def organ(requests: int | None, kind: str = "department", **fields: Any) -> Part:
    made = Part(f"某局{requests}", kind, requests, f"sha256:{requests}", True)
    return replace(made, **fields)


def whole(total: int | None, **fields: Any) -> Known:
    values = {"requests.new_requests.total": total}
    return known(kind="government", scope="aggregate", cells=values, **fields)


@pytest.mark.parametrize(
    ("total", "organs", "below", "status", "left", "right"),
    [
        # 99 = 29 + 57 + 13, as a district's report has it.
        (99, [organ(29), organ(57, "town_government"), organ(13)], [], "hold", 99, 99),
        (99, [organ(29), organ(57)], [organ(13, "government")], "hold", 99, 99),
        (99, [organ(29), organ(57)], [], "not_assessable", 99, 86),
        (80, [organ(29), organ(57)], [], "fail", 80, 86),
        (80, [], [organ(90, "government")], "not_assessable", 80, None),
        # 海关 answers to no city, and nobody knows to whom a zone counts.
        (20, [organ(20), organ(9, name="某某海关")], [], "hold", 20, 20),
        (20, [organ(20), organ(9, "development_zone")], [], "hold", 20, 20),
        # One organ under two names is no proof.
        (
            30,
            [organ(29), organ(29, name="某委员会")],
            [],
            "not_assessable",
            30,
            58,
        ),
        (20, [organ(20), organ(None)], [], "hold", 20, 20),
        (20, [organ(None, is_proved=False)], [], "not_assessable", 20, None),
        (None, [organ(20)], [], "not_assessable", None, None),
        # Beyond ten million: slips, which prove nothing.
        (20, [organ(2**62), organ(15)], [], "not_assessable", 20, None),
        (20, [organ(2**62)], [], "not_assessable", 20, None),
        (20, [organ(20)], [organ(2**62, "government")], "hold", 20, 20),
        (2**62, [organ(20)], [], "not_assessable", 2**62, None),
    ],
)
def test_a_place_has_at_least_what_its_organs_have(
    total: int | None,
    organs: list[Part],
    below: list[Part],
    status: str,
    left: int | None,
    right: int | None,
) -> None:
    found = only(aggregated(whole(total), organs, below))
    assert (found.id, found.status, found.left, found.right) == (
        "aggregate.requests",
        status,
        left,
        right,
    )
    assert (found.message is None) == (status == "hold")
    assert found.culprit == ("unclear" if status == "fail" else None)


def test_an_organ_with_a_figure_beyond_belief_accuses_nobody() -> None:
    found = only(aggregated(whole(27), [organ(2), organ(2**62, name="某局")], []))
    assert (found.status, found.left, found.right) == ("not_assessable", 27, None)
    assert found.message == "某局的数字大得不可信"


def test_a_doubtful_table_of_the_place_is_the_readings_fault() -> None:
    found = only(aggregated(whole(1, printed=True), [organ(2)], []))
    assert (found.status, found.culprit) == ("fail", "reading")


def test_every_failure_names_a_culprit_and_says_why() -> None:
    before = known(2023, cells=cells(out=5), sections={"overview": prose(1)})
    now = known(cells=cells(in_=3), sections={"overview": prose(1)}, published="2025-05-01")
    found = by_id(evaluate(now, before))
    failed = {id_ for id_, one in found.items() if one.status == "fail"}
    assert failed == {
        "published.late",
        "sections.missing",
        "text.reuse",
        "chain.carried_over_in.total",
    }
    for one in found.values():
        assert (one.culprit is not None) == (one.status == "fail")
        assert (one.message is not None) == (one.status != "hold")
        assert one.formula


def test_a_report_without_a_year_has_no_last_year() -> None:
    assert set(by_id(evaluate(known(None), None))) == {
        "published.unknown",
        "sections.missing",
        "sections.empty",
    }


_NUMBERS = st.none() | st.integers(-5, 10**19) | st.floats(-1e6, 1e6)
_CELL_NAMES = st.sampled_from(
    [
        *(f"requests.carried_over_{way}.{who}" for way in ("in", "out") for who in applicants()),
        *(
            f"active_disclosure.{item}.{measure}"
            for item in ("regulations", "normative_docs")
            for measure in ("valid", "issued", "repealed")
        ),
    ]
)
_DAYS = st.none() | st.dates().map(str)
_ANY = st.builds(
    Known,
    year=st.none() | st.integers(0, 9999) | st.integers(2006, 2026),
    form=st.sampled_from((None, "2021", "2019", "pre2019")),
    kind=st.sampled_from((None, "government", "government_office", "department", "某")),
    scope=st.sampled_from((None, "own", "aggregate")),
    trust=st.sampled_from((None, "official", "document_site", "untrusted")),
    published=_DAYS,
    published_source=st.sampled_from((None, "url", "page:更新时间", "meta:PubDate")),
    first_seen=_DAYS,
    printed=st.booleans(),
    sections=st.dictionaries(st.sampled_from((*NAMES, "附表")), st.text(max_size=40)),
    empty=st.dictionaries(st.sampled_from(list(NAMES)), st.none() | st.text(max_size=5)),
    cells=st.dictionaries(_CELL_NAMES, _NUMBERS),
    states=st.dictionaries(
        st.sampled_from(list(READ)),
        st.sampled_from(("read", "recovered", "ambiguous", "inconsistent", "absent")),
    ),
    text_digest=st.none() | st.just("sha256:1"),
)


@given(_ANY, st.none() | _ANY)
def test_whatever_a_report_holds_each_check_gives_one_answer(
    report: Known, before: Known | None
) -> None:
    found = list(evaluate(report, before))
    assert len(by_id(found)) == len(found)
    assert len([one for one in found if one.id.startswith("published.")]) == 1
    for one in found:
        assert (one.culprit is not None) == (one.status == "fail")
        if one.status == "hold" and one.id.startswith("chain."):
            assert one.left == one.right
        if one.status == "fail" and report.trust != "official":
            assert one.culprit != "office" or not one.id.startswith(("chain.", "published."))
