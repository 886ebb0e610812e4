"""The blank official forms, as the pages of the embedded world print them.

Kept apart from what the reader knows of the forms: the world stands for the sites, and a reader
that is tested on its own labels proves nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

_OTHER_ROWS = ("other_no_correction", "other_fee_unpaid", "other_other")


@dataclass(frozen=True, slots=True)
class Block:
    """One block of the table of active disclosure: a clause of 条例第二十条 and its rows."""

    caption: str
    columns: Mapping[str, str]
    """Column id -> header."""
    rows: Mapping[str, str]
    """Row id -> label."""


@dataclass(frozen=True, slots=True)
class BlankForm:
    """The labels of one official form, all in the order of print."""

    blocks: tuple[Block, ...]
    caption: str
    requests: Mapping[str, Sequence[str]]
    """Row id -> path of labels (part, group, item)."""
    applicants: Mapping[str, str]
    routes: Mapping[str, str]
    outcomes: Mapping[str, str]


def read_data(name: str) -> Any:
    """Return the content of the YAML file ``name`` of the world's data."""
    return yaml.safe_load((files(__package__) / "data" / name).read_text(encoding="utf-8"))


@cache
def headings() -> Mapping[str, str]:
    """Return section key -> heading as the form prescribes it."""
    return dict(read_data("forms.yml")["headings"])


@cache
def blank_form(form: str) -> BlankForm:
    """Return the labels of ``form`` (``2021`` or ``2019``); raises KeyError for another one."""
    data = read_data("forms.yml")
    rows = dict(data["requests"]["rows"])
    if form == "2019":
        rows = {
            ("other_total" if row == "other_other" else row): path
            for row, path in rows.items()
            if row not in _OTHER_ROWS[:2]
        }
        rows["other_total"] = data["requests"]["other_total_2019"]
    return BlankForm(
        blocks=tuple(Block(**block) for block in data["active_disclosure"][form]),
        caption=data["requests"]["caption"],
        requests=rows,
        applicants=data["applicants"],
        routes=data["routes"],
        outcomes=data["outcomes"],
    )
