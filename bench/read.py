"""``python -m bench.read``: how exactly and how fast reports are read, as one JSON object."""

import json
import os
import platform
import tempfile
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from archive.report import read
from bench import peers, renderings, summary, timing
from bench.scoring import Score, score
from bench.testbed.samples import Sample

PEER_SAMPLES = 8
"""Of each rendering, read by the peers too."""
TIMED_PAGES = 24


def reading(sample: Sample) -> Score:
    """Read one sample by the product's own call and compare."""
    try:
        result = read(sample.content, url=sample.url, media_type=sample.media_type)
    except Exception as error:  # That it never raises is measured, too.
        return Score(sample, False, "raised", raised=f"{type(error).__name__}: {error}")
    return score(sample, result)


def measure(
    names: list[str],
    seeds: list[int],
    costly: list[int],
    *,
    each: Callable[[Score], None] = lambda _: None,
    beside: bool = True,
) -> dict[str, Any]:
    """Return the whole measurement; ``each`` is told every score, ``beside``: with the peers."""
    scores = []
    for sample in renderings.samples(names, seeds, costly):
        scores.append(reading(sample))
        each(scores[-1])
    report = summary.summarise(scores)
    report["skipped"] = renderings.skipped(names)
    if beside:
        first = set(seeds[:PEER_SAMPLES])
        same = [s.sample for s in scores if s.sample.doc and s.sample.seed in first]
        compared = peers.compare([s for s in same if s.suffix in (".html", ".txt")])
        timed = timing.measure(TIMED_PAGES, seeds[0])
        report = summary.with_peers(report, compared, timed)
    return report


@click.command()
@click.option("--count", default=40, show_default=True, help="Samples of each rendering.")
@click.option("--costly", default=12, show_default=True, help="The same of Word and PDF files.")
@click.option("--seed", default=0, show_default=True, help="Seed of the first sample.")
@click.option("--only", help="Renderings, with commas; NAME- takes all that begin so.")
@click.option("--case", help="Show one case, RENDERING:SEED, and keep its document.")
@click.option("--cases", is_flag=True, help="List every fault on stderr.")
@click.option("--peers/--no-peers", "beside", default=True, help="Measure the peers and time.")
@click.option("--json", is_flag=True, help="JSON on stdout; it is JSON anyway.", expose_value=False)
@click.option("--output", type=click.Path(path_type=Path), help="Write to this file instead.")
def main(
    count: int,
    costly: int,
    seed: int,
    only: str | None,
    case: str | None,
    cases: bool,
    beside: bool,
    output: Path | None,
) -> None:
    """Print the bar, the renderings, the peers and the timing as one JSON object."""
    try:
        names = renderings.chosen(only)
        shown = show(case) if case else None
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    if shown is None:
        seeds = list(range(seed, seed + max(count, costly)))
        tell = _tell if cases else lambda _: None
        shown = measure(names, seeds[:count], seeds[:costly], each=tell, beside=beside)
        shown |= {"machine": machine(), "seed": seed, "count": count, "costly": costly}
    text = json.dumps(shown, ensure_ascii=False, indent=1, default=str)
    if output is None:
        click.echo(text)
        return
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text(text + "\n", encoding="utf-8")


def _tell(one: Score) -> None:
    if faults := one.faults():
        click.echo(f"{one.sample.name}  " + "; ".join(faults)[:600], err=True)


def machine() -> dict[str, object]:
    """Return what the figures of time were measured on."""
    return {
        "python": platform.python_version(),
        "system": platform.platform(),
        "cores": os.cpu_count(),
    }


def show(case: str) -> dict[str, Any]:
    """Return one case in full: where its document lies, the truth, the reading, what differs."""
    sample = renderings.one(case)
    folder = Path(tempfile.gettempdir()) / "gkcrawl-bench"
    folder.mkdir(exist_ok=True)
    path = folder / f"{sample.rendering}-{sample.seed}{sample.suffix}"
    path.write_bytes(sample.content)
    shown = {"document": str(path), "url": sample.url, "truth": _truth(sample)}
    result = read(sample.content, url=sample.url, media_type=sample.media_type)
    return shown | {"faults": score(sample, result).faults(), "reading": result.as_dict()}


def _truth(sample: Sample) -> dict[str, Any] | None:
    doc = sample.doc
    if doc is None:
        return None
    return {
        "title": doc.title,
        "year": doc.year,
        "form": doc.form,
        "published": doc.published,
        "organ": asdict(doc.organ) | {"codes": sorted(doc.organ.codes)},
        "tables": sample.numbers(),
        "broken": sample.broken(),
    }


if __name__ == "__main__":
    main()
