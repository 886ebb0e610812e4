"""The docs say what the program does."""

import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tools"))

from write_docs import CLI_PAGE, cli_page  # noqa: E402

from gkcrawl.harvest import TROUBLES  # noqa: E402
from gkcrawl.schedule import load_rules  # noqa: E402
from gkcrawl.web.labels import WORDS  # noqa: E402

PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")])


def test_the_cli_page_is_what_the_commands_say() -> None:
    assert CLI_PAGE.read_text("utf-8") == cli_page(), "run: make docs"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", page.read_text("utf-8"))
    assert [t for t in targets if not (page.parent / t).exists()] == []


def test_every_environment_variable_is_documented() -> None:
    code = [p for room in ("gkcrawl", "archive", "spiders") for p in (ROOT / room).rglob("*.py")]
    used = {v for p in code for v in re.findall(r"\bGKCRAWL_[A-Z_]+", p.read_text("utf-8"))}
    documented = set(re.findall(r"GKCRAWL_[A-Z_]+", (ROOT / "docs/operations.md").read_text()))
    assert used - documented == set()


def words_of(page: str) -> set[str]:
    """Return the words in code marks that the rows of a page's tables begin with."""
    rows = re.findall(r"^\| (`.*?) \|", (ROOT / "docs" / page).read_text("utf-8"), re.M)
    return {word for row in rows for word in re.findall(r"`(\w+)`", row)}


def test_every_outcome_is_explained_and_has_a_chinese_word() -> None:
    code = [ROOT / "archive/reading.py", *(ROOT / "archive/report").glob("*.py")]
    text = "".join(path.read_text("utf-8") for path in code)
    given = set(re.findall(r"NotAReport\(\s*\"(\w+)\"", text))
    given |= (
        set(re.findall(r"return \"(\w+)\", (?:f?\"|reason)", text))
        | set(TROUBLES)
        | set(load_rules().waits)
    )
    explained = words_of("outcomes.md")
    assert given <= explained
    assert explained == set(WORDS["outcome"])


def test_every_status_of_a_table_and_a_check_is_explained() -> None:
    assert {*WORDS["table_status"], *WORDS["check_status"]} <= words_of("how-tables-are-read.md")
