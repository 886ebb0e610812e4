"""What the runs were held against, and what of a run and of those before it that is judged by."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from archive.catalog.database import Database

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Earlier:
    """A run of the same spider that came to an end before."""

    id: str
    counts: dict[str, int]
    measured: dict[tuple[str, str], float]
    """(monitor, portal) -> what was measured."""


@dataclass(frozen=True, slots=True)
class Yield:
    """What was read of the reports that one run captured."""

    reports: int
    with_form: int
    """Of a form that has tables."""
    with_tables: int
    """Of these, those with a table that was read."""
    with_year: int
    with_issuer: int
    with_published: int


def earlier(db: Database, spider: str, started_at: str, limit: int = 30) -> list[Earlier]:
    """Return the spider's last runs before ``started_at`` that ended, newest first."""
    found = db.execute(_EARLIER, [spider, started_at, limit]).fetchall()
    return [
        Earlier(
            run,
            json.loads(counts or "{}"),
            {(name, portal): value for name, portal, value in db.execute(_MEASURED, [run])},
        )
        for run, counts in found
    ]


def killed(db: Database, spider: str, run_id: str) -> dict[str, str]:
    """Return the ids of those runs of a spider, and when they began, that never ended, since the
    last that was judged (a run that is stopped is not) and before the run ``run_id``."""
    return dict(db.execute(_KILLED, {"spider": spider, "run": run_id}).fetchall())


def newest_moment(db: Database, run_id: str) -> str | None:
    """Return the latest time that any other run has told of; None: there is no other."""
    (moment,) = db.execute(_NEWEST, [run_id]).fetchone()
    return str(moment) if moment else None


def pages(db: Database, run_id: str) -> dict[str, str]:
    """Return what came in the end of each address that a run asked: its last outcome, ``pending``
    where it was not read, ``failed`` where nothing came."""
    tried = dict.fromkeys((url for (url,) in db.execute(_TRIED, [run_id])), "failed")
    return tried | {url: outcome or "pending" for url, outcome in db.execute(_PAGES, [run_id])}


def read_of(db: Database, run_id: str) -> Yield:
    """Return what was read of the reports that a run captured."""
    return Yield(*(count or 0 for count in db.execute(_YIELD, [run_id]).fetchone()))


def run_ids(db: Database) -> set[str]:
    """Return the ids of all runs."""
    return {run for (run,) in db.execute("select id from runs")}


def runs(
    db: Database,
    limit: int,
    *,
    spiders: Sequence[str] | None = None,
    before: str | None = None,
) -> list[Row]:
    """Return the newest runs (of some spiders, that began before a time).

    Each has id, spider, started_at, ended_at, reason, ``counts`` as a mapping, and how many
    monitors ``failed`` of those that were ``judged``.
    """
    names = json.dumps(spiders) if spiders is not None else None
    rows = db.query(_RUNS, {"spiders": names, "before": before, "limit": limit})
    return list(map(_with_counts, rows))


def one_run(db: Database, run_id: str) -> Row | None:
    """Return a run as ``runs`` does; None: it is not known."""
    return next(map(_with_counts, db.query(f"{_RUN} where r.id = ?", [run_id])), None)


def of_run(db: Database, run_id: str) -> list[Row]:
    """Return all that a run was held against, in its order."""
    return list(db.query("select * from monitors where run_id = ? order by n", [run_id]))


def noticed(db: Database, run_id: str) -> list[Row]:
    """Return the notices of a run, in their order."""
    return list(db.query("select * from notices where run_id = ? order by n", [run_id]))


def last_runs(db: Database) -> list[Row]:
    """Return the last run of each spider, as ``runs`` does."""
    return list(map(_with_counts, db.query(_LAST_RUNS)))


def failed(
    db: Database, limit: int, *, since: str = "", run_ids: Sequence[str] | None = None
) -> list[Row]:
    """Return the failed monitors of the runs that started at ``since`` or later (or of some of
    them), those of the newest run first: the columns of ``monitors``, ``spider`` and ``ended_at``.
    """
    ids = json.dumps(run_ids) if run_ids is not None else None
    return list(db.query(_FAILED, {"since": since, "limit": limit, "ids": ids}))


def failing_before(db: Database, run_id: str) -> frozenset[tuple[str, str]]:
    """Return (name, portal) of what failed in the judged run of the same spider before a run."""
    return frozenset(db.execute(_FAILING_BEFORE, {"run": run_id}).fetchall())


def standing(db: Database) -> list[Row]:
    """Return the monitors of the last run of each spider that was judged, as ``failed`` does, those
    that did not fail too."""
    return list(db.query(_STANDING))


def _with_counts(run: Row) -> Row:
    return run | {"counts": json.loads(run["counts"] or "{}")}


_EARLIER = """
    select id, counts from runs
    where spider = ? and started_at < ? and ended_at is not null
    order by started_at desc, id limit ?"""
_MEASURED = "select name, portal, measured from monitors where run_id = ?"
_KILLED = """
    select id, started_at from runs
    where spider = :spider and id <> :run and ended_at is null
      and started_at <= (select started_at from runs where id = :run)
      and started_at > coalesce(
        (select max(started_at) from runs
         where spider = :spider and id <> :run and ended_at is not null
           and id in (select run_id from monitors)), '')
    order by started_at"""
_NEWEST = "select max(max(started_at, coalesce(ended_at, ''))) from runs where id <> ?"
_TRIED = "select distinct url from failures where run_id = ?"
_PAGES = "select url, outcome from captures where run_id = ? order by captured_at, id"
_YIELD = """
    select count(*), sum(r.form is not 'pre2019'),
      sum(r.form is not 'pre2019' and g.tables_read + g.tables_inconsistent > 0),
      sum(r.year is not null), sum(r.agency_id is not null), sum(r.published is not null)
    from captures c join readings g on g.capture_id = c.id join reports r on r.id = g.report_id
    where c.run_id = ?"""
_RUN = """
    select r.id, r.spider, r.started_at, r.ended_at, r.reason, r.counts,
      (select count(*) from monitors m where m.run_id = r.id and m.status = 'failed') as failed,
      (select count(*) from monitors m where m.run_id = r.id) as judged
    from runs r"""
_LAST_RUNS = f"""{_RUN}
    where r.spider <> '' and r.started_at = (
      select max(o.started_at) from runs o where o.spider = r.spider)
    order by r.spider"""
_RUNS = f"""{_RUN}
    where r.spider <> ''
      and (:spiders is null or r.spider in (select value from json_each(:spiders)))
      and (:before is null or r.started_at < :before)
    order by r.started_at desc, r.id limit :limit"""
_FAILED = """
    select m.*, r.spider, r.ended_at from runs r join monitors m on m.run_id = r.id
    where r.started_at >= :since and m.status = 'failed'
      and (:ids is null or r.id in (select value from json_each(:ids)))
    order by r.started_at desc, r.id, m.n limit :limit"""
_FAILING_BEFORE = """
    select name, portal from monitors where status = 'failed' and run_id = (
      select o.id from runs o join runs r on r.id = :run
      where o.spider = r.spider and o.started_at < r.started_at
        and exists (select 1 from monitors j where j.run_id = o.id)
      order by o.started_at desc, o.id limit 1)"""
_STANDING = """
    select m.*, r.spider, r.ended_at
    from (select spider, max(started_at) as last from runs o
          where spider <> '' and exists (select 1 from monitors j where j.run_id = o.id)
          group by spider) l
    join runs r on r.spider = l.spider and r.started_at = l.last
    join monitors m on m.run_id = r.id
    order by r.spider, m.n"""
