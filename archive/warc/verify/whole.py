"""The whole archive: all files, then what has to agree across them."""

import os
from collections.abc import Iterable
from pathlib import Path

from archive.records import Capture, Failure
from archive.warc.names import OPEN, warc_files
from archive.warc.verify import across
from archive.warc.verify.catalog import Rows, against_catalog
from archive.warc.verify.files import Advance, check_file
from archive.warc.verify.growing import Growing
from archive.warc.verify.indexed import merged_index
from archive.warc.verify.leftovers import leftovers
from archive.warc.verify.notes import Notes
from archive.warc.verify.problems import Problem
from archive.warc.verify.rows import Values


def verify_archive(
    home: Path,
    captures: Iterable[Capture],
    failures: Iterable[Failure] = (),
    *,
    runs: Iterable[Values] | None = None,
    notices: Iterable[Values] | None = None,
    monitors: Iterable[Values] | None = None,
    notes: Path | None = None,
    resume: bool = False,
    advance: Advance = lambda size: None,
) -> list[Problem]:
    """Return everything that is wrong under ``home/warc`` and between it and the catalog's rows.

    ``captures``, ``failures``, ``runs``, ``notices`` and ``monitors`` are all rows that the catalog
    has (of the last three None: they are not looked at). An empty list means: every byte is as it
    was written, and files, indexes and catalog agree. Files that a living process is writing are
    checked as far as their last whole group.

    ``notes``: where to note what was done, so that another call can go on after an interruption;
    None, or in a folder that cannot be written: nowhere. ``resume``: trust what is noted there of
    finished files that have not changed since. ``advance`` is told of bytes that are done. Memory
    does not grow with the archive. Raises VerifyBusy where another process uses ``notes``.
    """
    if notes is not None and not os.access(notes.parent, os.W_OK):
        notes = None
    with Notes(notes, resume=resume) as noted:
        growing = Growing()
        trusted = noted.trusted(warc_files(home / "warc")) if resume else set()
        # Crawls go on meanwhile and begin new files.
        while new := [path for path in warc_files(home / "warc") if growing.is_new(path)]:
            for path in new:
                growing.seen.add(path.name)
                if path.name in trusted:
                    advance(path.stat().st_size)
                else:
                    _check(path if path.exists() else _finished(path), noted, growing, advance)
        noted.make_ready()
        found = [
            *noted.problems(),
            *leftovers(home),
            *merged_index(home),
            *across.twice(noted),
            *across.references(noted),
            *against_catalog(
                home, noted, growing, Rows(captures, failures, runs, notices, monitors)
            ),
        ]
        noted.finish()
    return found


def _check(path: Path, noted: Notes, growing: Growing, advance: Advance) -> None:
    with noted.noting(path, growing=path.name.endswith(OPEN)):
        for problem in check_file(path, noted, growing, advance):
            noted.problem(problem)


def _finished(path: Path) -> Path:
    return path.with_name(path.name.removesuffix(OPEN))
