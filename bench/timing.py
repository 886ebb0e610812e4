"""CPU time of ``read()`` beside one default ``trafilatura.extract`` of the same page."""

import gc
import itertools
import statistics
import time
from collections.abc import Callable
from typing import Any

import trafilatura

from archive.report import read
from bench.peers import markup
from bench.testbed.pages import html_timing

MUST = 0.6

LEAST, MOST = 30_000, 80_000
"""Bytes of an ordinary page of a portal."""


def measure(pages: int, seed: int, rounds: int = 3) -> dict[str, Any]:
    """Return medians in CPU ms a page and their ratio; both calls alternate, page by page.

    A page's time is the least of its rounds. ``read`` gets the bytes and decodes them itself;
    trafilatura gets the decoded page.
    """
    made = map(html_timing, itertools.count(seed))
    fitting = (s for s in made if LEAST <= len(s.content) <= MOST)
    samples = list(itertools.islice(fitting, pages))
    ours, theirs = [], []
    # What both load on first use is not the page's cost.
    for sample in samples[:2]:
        read(sample.content, url=sample.url, media_type=sample.media_type)
        trafilatura.extract(markup(sample))
    for sample in samples:
        page = markup(sample)
        pairs = [
            (
                _cpu(lambda s=sample: read(s.content, url=s.url, media_type=s.media_type)),
                _cpu(lambda p=page: trafilatura.extract(p)),
            )
            for _ in range(rounds)
        ]
        ours.append(min(a for a, _ in pairs))
        theirs.append(min(b for _, b in pairs))
    sizes = [len(s.content) for s in samples]
    return {
        "pages": pages,
        "page_kilobytes": [min(sizes) // 1000, max(sizes) // 1000],
        "read_cpu_ms": round(statistics.median(ours), 2),
        "trafilatura_cpu_ms": round(statistics.median(theirs), 2),
        "ratio_of_medians": round(statistics.median(ours) / statistics.median(theirs), 3),
        "ratio_worst_page": round(max(a / b for a, b in zip(ours, theirs, strict=True)), 3),
    }


def _cpu(call: Callable[[], object]) -> float:
    gc.collect()
    start = time.process_time()
    call()
    return (time.process_time() - start) * 1000
