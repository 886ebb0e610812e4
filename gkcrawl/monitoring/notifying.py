"""Who is told after a crawl, by which hooks; a hook that fails is told and breaks nothing."""

import shlex
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from gkcrawl.monitoring import hooks
from gkcrawl.monitoring.report import Report
from gkcrawl.monitoring.rules import MonitorsError, Notify, url

COMMAND, WEBHOOK = "GKCRAWL_NOTIFY_COMMAND", "GKCRAWL_NOTIFY_WEBHOOK"
USER, PASSWORD = "GKCRAWL_NOTIFY_SMTP_USER", "GKCRAWL_NOTIFY_SMTP_PASSWORD"


def with_secrets(notify: Notify, environment: Mapping[str, str]) -> Notify:
    """Return who is told, with what the environment says in place of what the file does.

    Raises MonitorsError where a variable is none of what it should be.
    """
    if command := environment.get(COMMAND):
        try:
            notify = replace(notify, command=tuple(shlex.split(command)))
        except ValueError as error:
            raise MonitorsError(f"{COMMAND}: {error}") from error
    if webhook := environment.get(WEBHOOK):
        try:
            notify = replace(notify, webhook=url(webhook))
        except ValueError as error:
            raise MonitorsError(f"{WEBHOOK}: expected {error}") from error
    return notify


def tell(report: Report, notify: Notify, environment: Mapping[str, str]) -> list[str]:
    """Hand the report to each hook, where it is wanted; return what went wrong, a line each."""
    if not report.is_wanted(notify.when):
        return []
    problems = []
    for hook in _hooks(report, notify, environment):
        try:
            hook()
        except hooks.HookError as error:
            problems.append(str(error))
    return problems


def _hooks(
    report: Report, notify: Notify, environment: Mapping[str, str]
) -> Iterator[Callable[[], None]]:
    command, webhook, mail = notify.command, notify.webhook, notify.mail
    if command:
        yield lambda: hooks.run_command(command, report)
    if webhook:
        yield lambda: hooks.post(webhook, report)
    if mail:
        user, password = environment.get(USER, ""), environment.get(PASSWORD, "")
        yield lambda: hooks.send(mail, report, user, password)
