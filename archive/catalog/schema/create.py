"""Makes the tables, indexes and views of an empty catalog."""

from archive.catalog.database import Database
from archive.catalog.schema.spec import TableSpec
from archive.catalog.schema.tables import TABLES
from archive.catalog.schema.views import VIEWS
from archive.catalog.tokens import TOKENIZER

VERSION = 5
"""``PRAGMA user_version`` of a catalog that this module made. Whoever changes the schema after a
release counts on here and adds a step to ``archive.catalog.migrations``."""

# Contentless: the text stands in reports, the index holds what archive.catalog.tokens makes of it.
FTS_TABLE = "report_fts"
FTS_SQL = f"""create virtual table {FTS_TABLE}
    using fts5(text, names, tags, content='', tokenize="{TOKENIZER}")"""


def create_schema(db: Database) -> None:
    """Make every table, index and view in the empty database ``db`` and stamp its version."""
    for name, spec in TABLES.items():
        create_table(db, name, spec)
    db.execute(FTS_SQL)
    create_views(db)
    db.execute(f"pragma user_version = {VERSION}")


def create_table(db: Database, name: str, spec: TableSpec) -> None:
    """Make one table with its indexes."""
    sql = db.create_table_sql(name, spec.columns, pk=spec.pk, foreign_keys=list(spec.foreign_keys))
    db.execute(sql.rstrip("; \n") + (" without rowid" if spec.small_rows else ""))
    table = db.table(name)
    for columns in spec.indexes:
        table.create_index(list(columns))
    for column in spec.unique:
        table.create_index([column], unique=True)


def create_views(db: Database) -> None:
    """Make the views, which must not be there yet."""
    for name, sql in VIEWS.items():
        db.create_view(name, sql)
