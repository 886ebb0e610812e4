"""Makes everything anew that follows from readings, where something in it is not what follows."""

from collections.abc import Collection

from archive.catalog.database import Database, transaction
from archive.catalog.derived import Difference, differences
from archive.catalog.settle import settle_all
from archive.catalog.states import rewatch


def mend(db: Database) -> list[Difference]:
    """Make all that is derived anew where anything differs; return what differed.

    A reading that is spoilt is left out, and its capture marked as unread.
    """
    told: list[Difference] = []
    while found := list(differences(db)):
        told += found
        spoilt = {one.key for one in found if one.is_spoilt}
        with transaction(db.conn):
            # First all that is spoilt, which is not told at once: nothing can be made of it.
            if spoilt:
                _leave_out(db, spoilt)
            else:
                settle_all(db)
                rewatch(db.conn)
        if not spoilt:
            break
    return told


def _leave_out(db: Database, captures: Collection[str]) -> None:
    for capture_id in captures:
        db.execute("delete from readings where capture_id = ?", [capture_id])
        db.execute("update captures set outcome = null, message = null where id = ?", [capture_id])
