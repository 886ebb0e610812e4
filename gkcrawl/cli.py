"""The command line: thin commands over the rooms of the house.

Results go to stdout, progress and remarks to stderr. Exit status: 0 done, 1 failed, 2 usage,
3 done but monitors failed, 130 interrupted. Every reporting command has ``--json``.
"""

import sys
from collections import UserDict
from importlib import import_module
from typing import Any, cast

import click

import gkcrawl
from gkcrawl.exits import INTERRUPTED
from gkcrawl.logs import LogsError, log_commands

_CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 96}

_COMMANDS = {
    "backup": "gkcrawl.backup:backup",
    "changes": "gkcrawl.happening:changes",
    "checks": "gkcrawl.judging:checks",
    "columns": "gkcrawl.finding:columns",
    "crawl": "gkcrawl.crawling:crawl",
    "demo": "gkcrawl.showing:demo",
    "diff": "gkcrawl.differing:diff",
    "doctor": "gkcrawl.doctor:doctor",
    "export": "gkcrawl.foreign:export",
    "findings": "gkcrawl.lacking:findings",
    "import": "gkcrawl.foreign:import_",
    "index": "gkcrawl.indexing:index",
    "missing": "gkcrawl.lacking:missing",
    "new-portal": "gkcrawl.probing:new_portal",
    "new-province": "gkcrawl.probing:new_province",
    "probe": "gkcrawl.probing:probe",
    "read": "gkcrawl.documents:read",
    "replay": "gkcrawl.serving:replay",
    "schedule": "gkcrawl.scheduling:schedule",
    "search": "gkcrawl.searching:search",
    "serve": "gkcrawl.serving:serve",
    "status": "gkcrawl.status:status",
    "verdict": "gkcrawl.judging:verdict",
    "verify": "gkcrawl.check:verify",
}


class _Rooms(UserDict[str, Any]):
    """Commands by name, each imported when it is asked for.

    All of them together take two seconds to import; most need a tenth of it.
    """

    def __getitem__(self, name: str) -> click.Command:
        module, _, attribute = self.data[name].partition(":")
        return cast("click.Command", getattr(import_module(module), attribute))


class _Commands(click.Group):
    """Commands whose foreseeable troubles end with a message, not with a stack trace."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            # click would end with 1, which is what failed.
            click.echo("interrupted", err=True)
            sys.exit(INTERRUPTED)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except Exception as error:
            if isinstance(error, _foreseeable()):
                raise click.ClickException(str(error)) from error
            raise


def _foreseeable() -> tuple[type[Exception], ...]:
    """Return what a command may end with; here, since each comes out of a room of its own."""
    from archive.catalog import CatalogError
    from archive.warc import WarcError
    from gkcrawl.monitoring.rules import MonitorsError
    from gkcrawl.portals import PortalError
    from gkcrawl.schedule import ScheduleError

    return CatalogError, LogsError, MonitorsError, PortalError, ScheduleError, WarcError, OSError


@click.group(cls=_Commands, commands=_Rooms(_COMMANDS), context_settings=_CONTEXT)
@click.version_option(gkcrawl.__version__, prog_name="gkcrawl")
def main() -> None:
    """Find, keep and read the annual reports on government information disclosure of China.

    The archive lies in the folder that GKCRAWL_HOME names (./data unless set).
    """
    log_commands()


if __name__ == "__main__":
    main()
