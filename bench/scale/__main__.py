"""``python -m bench.scale``: a year, many machines and the whole country, as one JSON object.

Each part is a module of this package with ``measure(*, sample, seed)``, whose answer holds figures
and, under ``kept``, which lines of what we promise are kept. What the figures mean is told in
bench/README.md.
"""

import json
import os
import platform
import sys
import time
from importlib import import_module
from pathlib import Path
from typing import Any

import click

PARTS = ("year", "watching", "redis", "dask", "index", "national", "faults")


@click.command()
@click.option("--only", type=click.Choice(PARTS), multiple=True, help="These parts; else all.")
@click.option("--sample", is_flag=True, help="The fast sample of each part, as in the tests.")
@click.option("--seed", type=int, default=1, show_default=True)
@click.option("--output", type=click.Path(path_type=Path))
def main(only: tuple[str, ...], sample: bool, seed: int, output: Path | None) -> None:
    """Print what was measured, as JSON; exit status 1 where a promise is not kept."""
    found: dict[str, Any] = {"sample": sample, "seed": seed, "parts": {}}
    for name in only or PARTS:
        click.echo(f"{name} …", err=True)
        began, cpu = time.monotonic(), _cpu_seconds()
        figures = import_module(f"bench.scale.{name}").measure(sample=sample, seed=seed)
        figures["seconds"] = round(time.monotonic() - began)
        figures["cpu_seconds"] = round(_cpu_seconds() - cpu)
        found["parts"][name] = figures
        if output:
            # A part takes long: what is measured stands, whatever happens to the next.
            output.write_text(_told(found), "utf-8")
    found["kept"] = {name: part["kept"] for name, part in found["parts"].items()}
    found["machine"] = {
        "python": sys.version.split()[0],
        "cpus": os.cpu_count(),
        "load": [round(load, 1) for load in os.getloadavg()],
        "platform": platform.platform(),
    }
    if output:
        output.write_text(_told(found), "utf-8")
    click.echo(_told(found))
    sys.exit(0 if all(all(kept.values()) for kept in found["kept"].values()) else 1)


def _cpu_seconds() -> float:
    """Return the CPU time of this process and its children that have ended."""
    return sum(os.times()[:4])


def _told(found: dict[str, Any]) -> str:
    return json.dumps(found, ensure_ascii=False, indent=2) + "\n"


if __name__ == "__main__":
    main()
