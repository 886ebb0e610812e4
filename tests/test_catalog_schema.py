"""The schema against its data dictionary, the forms and itself."""

import re
from pathlib import Path

import yaml

from archive.catalog import schema
from archive.catalog.database import Database

ROOT = Path(__file__).resolve().parent.parent


def described() -> dict[str, list[str]]:
    """Return table or view -> columns, as docs/data-dictionary.md lists them."""
    text = (ROOT / "docs" / "data-dictionary.md").read_text(encoding="utf-8")
    return {
        part.split("\n", 1)[0].strip(): [
            name for name in re.findall(r"^\| (\w+) \|", part, re.MULTILINE) if name != "column"
        ]
        for part in text.split("\n### ")[1:]
    }


def test_data_dictionary_describes_every_table_view_and_column() -> None:
    db = Database(memory=True)
    schema.create_schema(db)
    cells = {
        f"{row}__{column}"
        for row, column in (*schema.REQUEST_CELLS, *schema.DISCLOSURE_CELLS, *schema.CASE_CELLS)
    }
    real = {
        name: [column.name for column in source.columns if column.name not in cells]
        for name in [*schema.TABLES, schema.FTS_TABLE, *schema.VIEWS]
        for source in [db[name]]
    }

    assert described() == real
    db.close()


def test_wide_views_have_a_column_for_every_cell_of_the_forms() -> None:
    forms = yaml.safe_load((ROOT / "config" / "forms.yml").read_text(encoding="utf-8"))
    cases = forms["review_litigation"]

    assert {row["id"] for row in forms["requests"]["rows"]} == set(schema.REQUEST_ROWS)
    assert {column["id"] for column in forms["requests"]["columns"]} == set(schema.APPLICANTS)
    assert set(schema.DISCLOSURE_CELLS) == {
        (row["id"], column)
        for row in forms["active_disclosure"]["rows"]
        for columns in row["columns"].values()
        for column in columns
    }
    assert set(schema.CASE_CELLS) == {
        (route["id"], outcome["id"]) for route in cases["routes"] for outcome in cases["outcomes"]
    }


def test_every_view_can_be_asked() -> None:
    db = Database(memory=True)
    schema.create_schema(db)

    assert not any(list(db[name].rows) for name in schema.VIEWS)
    db.close()
