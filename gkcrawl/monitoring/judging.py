"""Whether a run is as it should be: its numbers held against the rules. Pure."""

from collections.abc import Iterator

from archive.records import Monitor, MonitorStatus
from gkcrawl.monitoring.facts import Facts
from gkcrawl.monitoring.kinds import KINDS, RULES
from gkcrawl.monitoring.measuring import measure
from gkcrawl.monitoring.rules import Expected


def judge(facts: Facts, expected: Expected) -> Iterator[Monitor]:
    """Yield what became of each expectation that could be judged.

    Of portals only those that failed: thousands are as they should be.
    """
    for one in measure(facts):
        rule = RULES[one.rule]
        numbers = expected.of(one.rule, one.portal)
        if numbers is None:
            continue
        judged = KINDS[rule.kind].judge(one, numbers)
        if judged is None or (rule.of_portal and not judged.failed):
            continue
        status: MonitorStatus = "failed" if judged.failed else "ok"
        yield Monitor(one.rule, one.portal, status, judged.value, judged.expected, one.said)
