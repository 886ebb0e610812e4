"""In which stage of a crawl the CPU time goes: its stack is looked at every millisecond of it."""

import signal
from collections import Counter
from types import FrameType

EVERY = 0.001
"""CPU seconds between two looks."""
STAGES: tuple[tuple[str, str], ...] = (
    ("/archive/warc/", "warc"),
    ("/archive/catalog/", "catalog"),
    ("/archive/watching/", "catalog"),
    ("/archive/evaluation/", "catalog"),
    ("/archive/conversions.py", "conversions"),
    ("/gkcrawl/families/", "families"),
    ("/gkcrawl/schedule/", "schedule"),
    ("/gkcrawl/monitoring/", "monitors"),
    ("/gkcrawl/crawl/monitors.py", "monitors"),
    ("/gkcrawl/crawl/indexing.py", "reading"),
    ("/concurrent/futures/", "reading"),
    ("/archive/worker.py", "reading"),
    *((f"/gkcrawl/crawl/{name}.py", "recorder") for name in ("recorder", "exchanges", "wire")),
    *((f"/gkcrawl/crawl/{name}.py", "recorder") for name in ("handler", "pool", "clock")),
    *((f"/gkcrawl/crawl/{name}.py", "manners") for name in ("manners", "robots", "breaker")),
    *((f"/gkcrawl/crawl/{name}.py", "manners") for name in ("keeping", "leasing", "doors")),
    *((f"/gkcrawl/crawl/{name}.py", "manners") for name in ("budget", "resume", "conditional")),
    ("/gkcrawl/", "spider"),
    ("/logging/", "log"),
    ("/scrapy/", "scrapy"),
    ("/twisted/", "scrapy"),
    ("/asyncio/", "scrapy"),
)
"""Part of a file's path -> stage; the innermost frame that has one decides, each module that is
called from it included."""


class Sampler:
    """Counts stages by the kernel's timer of this process's CPU time."""

    def __init__(self) -> None:
        self._seen: Counter[str] = Counter()
        self._lines: Counter[str] = Counter()
        self._known: dict[str, str] = {}

    def start(self) -> None:
        """Count from now on."""
        signal.signal(signal.SIGPROF, self._look)
        signal.setitimer(signal.ITIMER_PROF, EVERY, EVERY)

    def stop(self) -> dict[str, float]:
        """Count no more; return the share of each stage, largest first."""
        signal.setitimer(signal.ITIMER_PROF, 0)
        every = self._seen.total() or 1
        return {stage: round(n / every, 3) for stage, n in self._seen.most_common()}

    def _look(self, _signal: int, frame: FrameType | None) -> None:
        while frame is not None:
            name = frame.f_code.co_filename
            stage = self._known.get(name)
            if stage is None:
                stage = next((told for part, told in STAGES if part in name), "")
                self._known[name] = stage
            if stage:
                self._seen[stage] += 1
                return
            frame = frame.f_back
        self._seen["rest"] += 1
