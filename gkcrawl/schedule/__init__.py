"""When a page is fetched again: the question that makes both resuming and recrawling (断点续爬).

A crawl that was killed is started again and goes on, since what it captured is not due yet. There
is no saved frontier besides the catalog. The rules stand in ``config/schedule.yml``.
"""

from gkcrawl.schedule.deciding import VISITED, Due, Past, Seen, due, is_changed
from gkcrawl.schedule.rules import ELSEWHERE, Rules, ScheduleError, load_rules, read_rules

__all__ = [
    "ELSEWHERE",
    "VISITED",
    "Due",
    "Past",
    "Rules",
    "ScheduleError",
    "Seen",
    "due",
    "is_changed",
    "load_rules",
    "read_rules",
]
