"""Write the parts of docs/ that follow from the code: ``make docs``.

docs/cli.md holds the help of every command as the program prints it; a test compares the two.
"""

from collections.abc import Iterator
from pathlib import Path

import click

from gkcrawl.cli import main

CLI_PAGE = Path(__file__).parent.parent / "docs" / "cli.md"

_HEAD = """# Which commands are there?

What each command says of itself (`gkcrawl COMMAND --help`). This page is written by `make docs`.

Exit status of every command: 0 done, 1 failed, 2 wrong usage, 3 done but a monitor failed
(a portal gave fewer reports than its entry in `config/portals/` expects), 130 interrupted.
Results go to standard output, progress and remarks to standard error.
"""


def helps() -> Iterator[tuple[str, str]]:
    """Yield (name, help text) of the program and of each of its commands."""
    # With the program's own settings: click keeps the help option of a command's first context.
    settings = main.context_settings
    context = click.Context(main, info_name="gkcrawl", terminal_width=92, **settings)
    yield from _helps(main, context, "gkcrawl")


def _helps(command: click.Command, context: click.Context, path: str) -> Iterator[tuple[str, str]]:
    yield path, command.get_help(context)
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            inner = command.get_command(context, name)
            assert inner is not None
            below = click.Context(inner, info_name=name, parent=context, terminal_width=92)
            yield from _helps(inner, below, f"{path} {name}")


def cli_page() -> str:
    """Return the text of docs/cli.md."""
    parts = [_HEAD]
    parts += [f"## {name}\n\n```text\n{text}\n```\n" for name, text in helps()]
    return "\n".join(parts)


if __name__ == "__main__":
    CLI_PAGE.write_text(cli_page(), "utf-8")
