"""Whether the archive is as it was written: ``gkcrawl verify``."""

import random
import sys
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict
from pathlib import Path

import click

from archive.catalog import Catalog, Difference, differences, is_whole, mend
from archive.verifying import problems_of
from archive.warc import WarcError, warc_files
from archive.warc.verify import (
    NOTES,
    REPAIR,
    Looked,
    Problem,
    interrupted,
    repair_files,
    repair_merged_index,
    verify_file,
    verify_sample,
)
from gkcrawl.home import bring_up, home_folder, open_catalog
from gkcrawl.monitoring import verified
from gkcrawl.output import as_json, print_json
from gkcrawl.progress import Advance, progress


class _Share(click.ParamType[float]):
    """``5%`` as 0.05, ``500`` as 500."""

    name = "share"

    def convert(
        self, value: str | float, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        if isinstance(value, float):
            return value
        try:
            number = float(value.removesuffix("%"))
        except ValueError:
            number = -1.0
        percent = value.endswith("%")
        if not (0 < number < 100 if percent else number >= 1 and number.is_integer()):
            self.fail(f"{value!r}: expected a percentage between 0% and 100%, or a number", param)
        return number / 100 if percent else number


@click.command()
@click.argument(
    "files",
    nargs=-1,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="[FILE]...",
)
@click.option("--repair", is_flag=True, help="First do what is safe: see below.")
@click.option("--sample", type=_Share(), metavar="5%|N", help="Look at a part of the captures.")
@click.option("--seed", type=int, help="With --sample: choose the same again.")
@click.option(
    "--resume/--no-resume",
    default=None,
    help="Trust what an earlier verify found of files that have not changed since. Without either: "
    "where that was interrupted.",
)
@as_json
def verify(
    files: tuple[Path, ...],
    repair: bool,
    sample: float | None,
    seed: int | None,
    resume: bool | None,
    as_json: bool,
) -> None:
    """Hold WARC files, indexes and catalog against one another, or check FILEs.

    Exit status 0 only if all agree. With --repair the files of killed runs are finished, missing
    and wrong indexes made, what killed imports left removed and unknown captures entered first;
    nothing that is damaged is overwritten. A verify that is interrupted goes on where it was.
    FILEs are WARC or WACZ files of any make, which need not be in the archive.
    """
    if files and (repair or sample or resume is not None):
        raise click.UsageError("--repair, --sample and --resume are of the archive, not of FILEs")
    if sample and (repair or resume is not None):
        raise click.UsageError("--sample goes with neither --repair nor --resume")
    if seed is not None and not sample:
        raise click.UsageError("--seed goes with --sample")
    if files:
        _tell(_alone(files), as_json)
    elif sample:
        looked = _sampled(sample, seed)
        verified.note(home_folder(), len(looked.problems), whole=False)
        _tell_sample(looked, as_json)
    else:
        problems = _whole(repair=repair, resume=resume)
        verified.note(home_folder(), len(problems), whole=True)
        _tell(problems, as_json)


def _alone(files: Sequence[Path]) -> list[Problem]:
    with _progress(files) as advance:
        return [problem for file in files for problem in verify_file(file, advance)]


def _whole(*, repair: bool, resume: bool | None) -> list[Problem]:
    home = home_folder()
    path = home / "catalog.db"
    if path.exists() and not is_whole(path):
        remedy = "move it away, then run: gkcrawl index --rebuild"
        return [Problem(path.name, None, None, "the catalog is damaged", remedy)]
    if repair:
        _repair(home)
    notes = home / NOTES
    with open_catalog(home) as catalog:
        if resume is None and (done := interrupted(notes)) is not None:
            resume = True
            message = f"going on behind {done} files that an interrupted verify has done"
            click.echo(f"{message}; from the beginning: --no-resume", err=True)
        with _progress(warc_files(home / "warc")) as advance:
            found = problems_of(home, catalog, notes=notes, resume=bool(resume), advance=advance)
        with progress("catalog", None) as advance:
            return [*found, *map(_of_catalog, differences(catalog.db, advance))]


def _of_catalog(found: Difference) -> Problem:
    return Problem("catalog.db", None, found.key, f"{found.table}: {found.message}", REPAIR)


def _repair(home: Path) -> None:
    for done in repair_files(home):
        click.echo(done, err=True)
    if (home / "catalog.db").exists():
        with Catalog(home / "catalog.db") as catalog:
            if mended := mend(catalog.db):
                click.echo(f"catalog.db: {len(mended)} faults, derived anew", err=True)
    try:
        bring_up(home)
    except WarcError as error:
        # What is damaged is named by what follows.
        click.echo(f"not all could be repaired: {error}", err=True)
    for done in repair_merged_index(home):
        click.echo(done, err=True)


def _sampled(share: float, seed: int | None) -> Looked:
    home = home_folder()
    with open_catalog(home) as catalog:
        chosen = random.randrange(10**6) if seed is None else seed
        return verify_sample(home, catalog.captures, catalog.failures, share=share, seed=chosen)


def _progress(files: Sequence[Path]) -> AbstractContextManager[Advance]:
    """Show a bar of the bytes of these files."""
    size = sum(path.stat().st_size for path in files if path.exists())
    return progress("verify", size, size=True)


def _tell_sample(looked: Looked, as_json: bool) -> None:
    if as_json:
        print_json(asdict(looked))
        sys.exit(1 if looked.problems else 0)
    share = looked.captures / looked.of_captures if looked.of_captures else 1
    click.echo(
        f"looked at {looked.captures} of {looked.of_captures} captures ({share:.1%}) in "
        f"{looked.files} of {looked.of_files} files, {looked.size} of {looked.of_size} bytes "
        f"(--seed {looked.seed})",
        err=True,
    )
    _tell(looked.problems, as_json)


def _tell(problems: Sequence[Problem], as_json: bool) -> None:
    """Print the problems and end with the exit status that goes with them."""
    if as_json:
        print_json([asdict(problem) for problem in problems])
    else:
        for problem in problems:
            place = problem.file
            if problem.offset is not None:
                place += f", offset {problem.offset}"
            record = f" ({problem.record_id})" if problem.record_id else ""
            click.echo(f"{place}{record}: {problem.message}. {problem.remedy}")
        click.echo("all agree" if not problems else f"{len(problems)} problems", err=True)
    sys.exit(1 if problems else 0)
