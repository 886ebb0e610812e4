"""Units that run ``gkcrawl crawl --due`` every night: systemd, cron, GitHub Actions. Pure texts."""

import re
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, tzinfo
from pathlib import Path

from archive.deadlines import CHINA


@dataclass(frozen=True, slots=True)
class Job:
    """What is to run every night, and where."""

    program: Path
    """The command ``gkcrawl``, absolute."""
    home: Path
    """GKCRAWL_HOME, absolute."""
    folder: Path
    """Where it is run, absolute."""
    user: str
    at: time
    """In China's time."""
    spiders: Sequence[str] = ()
    """Empty: all."""
    environment: Mapping[str, str] = field(default_factory=dict)
    """The other variables GKCRAWL_…"""

    @property
    def words(self) -> list[str]:
        """The command line."""
        return [str(self.program), "crawl", "--due", *self.spiders]


def systemd(job: Job) -> dict[str, str]:
    """Return a service, its timer and its environment, by file name.

    Raises ValueError for a path or value that such files cannot hold.
    """
    _demand_lines([str(job.home), str(job.folder), *job.environment.values()])
    words = " ".join(_word(word).replace("$", "$$") for word in job.words)
    service = _SERVICE.format(
        user=job.user,
        folder=_percent(str(job.folder)),
        home=_word(str(job.home)),
        assignment=_word(f"GKCRAWL_HOME={job.home}"),
        settings=_percent(str(job.home / "gkcrawl.env")),
        words=words,
    )
    settings = "".join(f"{name}={_quoted(value)}\n" for name, value in job.environment.items())
    return {
        "gkcrawl.service": service,
        "gkcrawl.timer": _TIMER.format(at=f"{job.at:%H:%M}"),
        "gkcrawl.env": _ENVIRONMENT.format(home=job.home) + settings,
    }


def cron(job: Job, zone: tzinfo | None = None) -> dict[str, str]:
    """Return the lines of a crontab, by file name; ``zone``: of the machine, None: as it is set.

    Raises ValueError for a path or value that such files cannot hold.
    """
    variables = {"GKCRAWL_HOME": str(job.home), **job.environment}
    _demand_lines([*variables.values(), str(job.folder)])
    if hard := [value for value in variables.values() if '"' in value]:
        raise ValueError(f"{hard[0]!r}: a crontab cannot hold a value with a double quote")
    local = datetime.combine(datetime(2026, 1, 15), job.at, CHINA).astimezone(zone)
    log = job.home / "logs" / "schedule.log"
    command = (
        f"mkdir -p {shlex.quote(str(log.parent))} && cd {shlex.quote(str(job.folder))}"
        f" && nice -n 10 {shlex.join(job.words)} >> {shlex.quote(str(log))} 2>&1"
    )
    text = _CRONTAB.format(
        at=f"{job.at:%H:%M}",
        minute=local.minute,
        hour=local.hour,
        variables="".join(f'{name}="{value}"\n' for name, value in variables.items()),
        # To cron a percent sign is the end of the line.
        command=command.replace("%", r"\%"),
    )
    return {"crontab": text}


def github(job: Job) -> dict[str, str]:
    """Return a workflow of GitHub Actions, by file name."""
    there = datetime.combine(datetime(2026, 1, 15), job.at, CHINA).astimezone(UTC)
    text = _WORKFLOW.replace("MINUTE HOUR", f"{there.minute} {there.hour}")
    return {"crawl.yml": text.replace("SPIDERS", "".join(f" {name}" for name in job.spiders))}


def _demand_lines(texts: Sequence[str]) -> None:
    for text in texts:
        if re.search(r"[\x00-\x1f\x7f]", text):
            raise ValueError(f"{text!r}: a unit cannot hold control characters")


def _percent(text: str) -> str:
    return text.replace("%", "%%")


def _quoted(text: str) -> str:
    return '"' + re.sub(r'([\\"])', r"\\\1", text) + '"'


def _word(text: str) -> str:
    """Return one word for a line of a unit file (systemd.syntax(7))."""
    text = _percent(text)
    return text if re.fullmatch(r"[\w@%+=:,./-]+", text, re.ASCII) else _quoted(text)


_SERVICE = """\
# /etc/systemd/system/gkcrawl.service
[Unit]
Description=gkcrawl: fetch what is due
Wants=network-online.target
After=network-online.target

[Service]
Type=oneshot
User={user}
WorkingDirectory={folder}
Environment={assignment}
EnvironmentFile=-{settings}
ExecStart={words}
# The signal goes to gkcrawl alone, which passes it on: a second one would end the crawl at once.
KillMode=mixed
TimeoutStopSec=15min
SuccessExitStatus=130
Nice=10
IOSchedulingClass=idle
# It writes to its archive and to nothing else.
ProtectSystem=strict
ProtectHome=read-only
ReadWritePaths={home}
PrivateTmp=yes
NoNewPrivileges=yes
ProtectKernelTunables=yes
ProtectKernelModules=yes
ProtectControlGroups=yes
LockPersonality=yes
RestrictSUIDSGID=yes
"""
_TIMER = """\
# /etc/systemd/system/gkcrawl.timer
[Unit]
Description=gkcrawl every night

[Timer]
OnCalendar=*-*-* {at}:00 Asia/Shanghai
# A night in which the machine was off is made up for.
Persistent=true
RandomizedDelaySec=15min

[Install]
WantedBy=timers.target
"""
_ENVIRONMENT = """\
# {home}/gkcrawl.env: the variables of docs/operations.md
"""
_CRONTAB = """\
# Every night at {at}, China's time; the fields are in the time of this machine.
# A night in which the machine was off is made up for in the next: what was due stays due.
SHELL=/bin/sh
PATH=/usr/local/bin:/usr/bin:/bin
{variables}{minute} {hour} * * * {command}
"""
_WORKFLOW = """\
# .github/workflows/crawl.yml in a repository that holds gkcrawl
name: crawl
on:
  schedule:
    - cron: "MINUTE HOUR * * *" # UTC
  workflow_dispatch: {}
permissions:
  contents: read
# One at a time; another one waits.
concurrency:
  group: crawl
  cancel-in-progress: false
jobs:
  crawl:
    runs-on: ubuntu-latest
    timeout-minutes: 350
    env:
      GKCRAWL_HOME: ${{ github.workspace }}/data
      GKCRAWL_CONTACT: ${{ vars.GKCRAWL_CONTACT }}
      GKCRAWL_PROXY: ${{ secrets.GKCRAWL_PROXY }}
      GKCRAWL_NOTIFY_WEBHOOK: ${{ secrets.GKCRAWL_NOTIFY_WEBHOOK }}
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-python@v5
        with:
          python-version: "3.11"
      - run: python -m pip install .
      # A cache cannot be changed: each run saves its own and begins with the newest.
      - uses: actions/cache/restore@v4
        with:
          path: data
          key: archive-${{ github.run_id }}-${{ github.run_attempt }}
          restore-keys: archive-
      # Ended in time to be saved; the next night goes on.
      - run: timeout --foreground 300m gkcrawl crawl --dueSPIDERS || test $? -eq 124
      - uses: actions/cache/save@v4
        if: always()
        with:
          path: data
          key: archive-${{ github.run_id }}-${{ github.run_attempt }}
      - uses: actions/upload-artifact@v4
        if: always()
        with:
          name: warc-${{ github.run_id }}-${{ github.run_attempt }}
          path: data/warc
          if-no-files-found: ignore
"""
