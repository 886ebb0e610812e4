"""The sums that must hold inside Tables III and IV."""

import json
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.records import Cells, Check, Form, Table, Tables
from archive.report.tables.checks import check_tables
from archive.report.tables.forms import forms
from archive.report.tables.reading import read_tables

KNOWN = forms()


def blank_table(form: Form) -> Table:
    return {row: dict.fromkeys(KNOWN.applicant_ids) for row in KNOWN.request_rows_of(form)}


def check(table: Table, check_id: str, form: Form = "2021") -> Check:
    checks = check_tables(Tables(requests=table), form)
    return next(check for check in checks if check.id == check_id)


@pytest.mark.parametrize(("form", "count"), [("2021", 42), ("2019", 40)])
def test_every_form_has_all_its_identities_even_without_tables(form: Form, count: int) -> None:
    checks = check_tables(Tables(), form)
    assert len({check.id for check in checks}) == len(checks) == count
    assert {check.status for check in checks} == {"not_assessable"}


@pytest.mark.parametrize("form", [None, "pre2019"])
def test_reports_without_standard_tables_have_no_checks(form: Form | None) -> None:
    assert check_tables(Tables(), form) == ()


def test_flow_holds_with_all_four_cells() -> None:
    table = blank_table("2021")
    for row, value in (("new_requests", 3), ("carried_over_in", 0)):
        table[row]["total"] = value
    for row, value in (("handled_total", 2), ("carried_over_out", 1)):
        table[row]["total"] = value
    assert check(table, "flow.total") == Check("flow.total", "hold", 3, 3)


def test_a_failed_flow_names_the_cells_and_both_sides() -> None:
    table = blank_table("2021")
    table["new_requests"]["total"], table["handled_total"]["total"] = 3, 2
    found = check(table, "flow.total")
    assert (found.status, found.left, found.right) == ("fail", 3, 2)
    assert found.message == ("总计：一、本年新收政府信息公开申请数量 3 = 3 ≠ 2 = （七）总计 2")


@pytest.mark.parametrize(
    ("parts", "total", "status", "left", "right", "blanks"),
    [
        ((1, 0, 0, 0, 2, 0), 3, "hold", 3, 3, False),
        ((1, None, None, None, 2, None), 3, "hold", 3, 3, True),
        ((None,) * 6, 0, "hold", 0, 0, True),
        ((0,) * 6, None, "hold", 0, 0, True),
        ((None,) * 6, 5, "left_side_blank", None, 5, True),
        ((18, None, None, None, None, None), None, "right_side_blank", 18, None, True),
        ((None,) * 6, None, "not_assessable", None, None, False),
        ((1, 0, 0, 0, 0, 0), 3, "fail", 1, 3, False),
    ],
)
def test_rows_with_blanks(
    parts: tuple[int | None, ...],
    total: int | None,
    status: str,
    left: int | None,
    right: int | None,
    blanks: bool,
) -> None:
    table = blank_table("2021")
    table["granted"] = dict(zip(KNOWN.applicant_ids, (*parts, total), strict=True))
    found = check(table, "rowsum.granted")
    assert (found.status, found.left, found.right) == (status, left, right)
    assert found.with_blanks_as_zero == blanks


def test_the_form_of_2019_counts_one_row_of_other_outcomes() -> None:
    table = blank_table("2019")
    table["granted"]["total"], table["other_total"]["total"] = 1, 2
    table["handled_total"]["total"] = 3
    assert check(table, "handled.total", "2019").status == "hold"


def test_table_iii_of_one_form_beside_table_ii_of_the_other() -> None:
    checks = check_tables(Tables(requests=blank_table("2021")), "2019")
    assert len(checks) == 42


def test_review_and_litigation() -> None:
    cells: Cells = dict.fromkeys(KNOWN.outcome_ids, 1)
    table = {route: dict(cells) for route in KNOWN.route_ids}
    table["review"]["total"] = 4
    found = {c.id: c.status for c in check_tables(Tables(review_litigation=table), "2021")}
    assert found["cases.review"] == "hold"
    assert found["cases.litigation_direct"] == "fail"


def test_a_missing_row_or_unreadable_cell_is_no_zero() -> None:
    labels = [row.label for row in KNOWN.request_rows][:5]
    lines = [f"{label} | 1 | 0 | 0 | 0 | 0 | 0 | 1 |" for label in labels]
    lines[2] = lines[2].replace("| 1 | 0", "| 见附件 | 0")
    tables, _ = read_tables(None, "\n".join(lines))
    found = {check.id: check.status for check in check_tables(tables, "2021")}
    assert found["handled.total"] == "not_assessable"
    assert found["flow.total"] == "not_assessable"
    assert found["rowsum.granted"] == "not_assessable"
    assert found["rowsum.new_requests"] == "hold"
    assert tables.status["requests"] == "read"


def test_a_table_cut_off_proves_only_what_stands_in_it() -> None:
    """Rows that were not found are None without a raw text: no sum with them holds by accident."""
    table = blank_table("2021")
    found_rows = ("new_requests", "carried_over_in", "granted", "handled_total")
    for row in found_rows:
        table[row] = dict.fromkeys(KNOWN.applicant_ids, 0)
    raw = {"requests": {row: dict.fromkeys(KNOWN.applicant_ids, "0") for row in found_rows}}
    held = {
        check.id
        for check in check_tables(Tables(requests=table, raw=raw), "2021")
        if check.status != "not_assessable"
    }
    assert held == {f"rowsum.{row}" for row in found_rows}


@st.composite
def consistent_tables(draw: st.DrawFn, form: Form = "2021") -> Table:
    """Draw a whole Table III whose identities all hold."""
    counts = st.integers(0, 50)
    rows = KNOWN.request_rows_of(form)
    *parts, total = KNOWN.applicant_ids
    table: Table = {row: {} for row in rows}
    for column in parts:
        outcomes = rows[2:-2]
        for row in outcomes:
            table[row][column] = draw(counts)
        handled = sum(int(table[row][column] or 0) for row in outcomes)
        out = draw(counts)
        before = draw(st.integers(0, handled + out))
        table["handled_total"][column], table["carried_over_out"][column] = handled, out
        table["carried_over_in"][column] = before
        table["new_requests"][column] = handled + out - before
    for cells in table.values():
        cells[total] = sum(int(cells[column] or 0) for column in parts)
    return table


def failed(table: Table, form: Form) -> dict[str, Check]:
    checks = check_tables(Tables(requests=table), form)
    return {check.id: check for check in checks if check.status == "fail"}


def identities_with(row: str, column: str) -> set[str]:
    """Return the identities that a cell of Table III stands in."""
    ends = ("new_requests", "carried_over_in", "handled_total", "carried_over_out")
    flow = {f"flow.{column}"} if row in ends else set()
    handled = {f"handled.{column}"} if row not in ends or row == "handled_total" else set()
    return {f"rowsum.{row}"} | flow | handled


@settings(max_examples=60, deadline=None)
@given(data=st.data(), form=st.sampled_from(["2021", "2019"]), wrong=st.integers(1, 9))
def test_one_wrong_cell_breaks_the_identities_it_stands_in_and_no_other(
    data: st.DataObject, form: Form, wrong: int
) -> None:
    table = data.draw(consistent_tables(form))
    assert failed(table, form) == {}
    row = data.draw(st.sampled_from(KNOWN.request_rows_of(form)))
    column = data.draw(st.sampled_from(KNOWN.applicant_ids))
    table[row][column] = int(table[row][column] or 0) + wrong
    found = failed(table, form)
    assert set(found) == identities_with(row, column)
    for check in found.values():
        assert isinstance(check.left, int)
        assert isinstance(check.right, int)
        assert abs(check.left - check.right) == wrong
        assert f"{check.left} ≠ {check.right}" in (check.message or "")


@settings(max_examples=30, deadline=None)
@given(data=st.data(), more=st.integers(1, 9))
def test_cells_changed_in_balance_break_nothing(data: st.DataObject, more: int) -> None:
    """What the sums cannot see: an outcome, its totals and what was received grow together."""
    table = data.draw(consistent_tables())
    row = data.draw(st.sampled_from(KNOWN.request_rows_of("2021")[2:-2]))
    column = data.draw(st.sampled_from(KNOWN.applicant_ids[:-1]))
    for changed in (row, "handled_total", "new_requests"):
        for place in (column, "total"):
            table[changed][place] = int(table[changed][place] or 0) + more
    assert failed(table, "2021") == {}


@pytest.mark.skipif("GKCRAWL_SEEDS" not in os.environ, reason="GKCRAWL_SEEDS is not set")
@pytest.mark.parametrize("name", ["001", "002", "004"])
def test_identities_of_the_seed_documents(name: str) -> None:
    folder = Path(os.environ["GKCRAWL_SEEDS"])
    seeds = json.loads((folder / "expected.json").read_text(encoding="utf-8"))["seeds"]
    expected = {
        key.replace("[", ".").removesuffix("]"): (
            said["status"],
            said.get("left"),
            said.get("right"),
            said.get("with_blanks_as_zero", False),
        )
        for key, said in seeds[name]["identities"].items()
    }
    tables, form = read_tables(None, (folder / f"{name}.txt").read_text(encoding="utf-8"))
    assert expected == {
        check.id: (check.status, check.left, check.right, check.with_blanks_as_zero)
        for check in check_tables(tables, form)
    }
