"""RAR archives, unpacked by a program that is installed: no free library reads them.

The programs are asked one member at a time and write to a pipe, so that no name in an archive
reaches the disk and a member that grows without end is cut off.
"""

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from archive.report.media import limits
from archive.report.media.limits import Refused

_SECONDS = 15.0
"""For one call of the program."""
# Program, how it lists the names of an archive a line each, how it writes one to its output.
_PROGRAMS: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...] = (
    ("bsdtar", ("-tf",), ("-xOf",)),
    ("unrar", ("lb", "-p-", "--"), ("p", "-inul", "-p-", "--")),
)


@dataclass(frozen=True, slots=True)
class RarArchive:
    """The members of a RAR archive."""

    path: Path
    program: str
    listing: tuple[str, ...]
    extraction: tuple[str, ...]

    def members(self) -> Iterator[bytes]:
        """Yield the members in their order; raises Refused."""
        names = self._output(*self.listing, str(self.path)).splitlines()
        if len(names) > limits.MEMBERS:
            raise Refused("too_large", f"more than {limits.MEMBERS} parts")
        for name in names:
            # Programs take such names for options and lists of names.
            if not name.endswith(b"/") and not name.startswith((b"-", b"@")):
                yield self._output(*self.extraction, str(self.path), name)

    def _output(self, *arguments: str | bytes) -> bytes:
        """Return what the program writes, up to the largest document; raises Refused."""
        with subprocess.Popen(
            [self.program, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        ) as process:
            assert process.stdout is not None
            try:
                output = process.stdout.read(limits.INPUT + 1)
                if len(output) > limits.INPUT:
                    raise Refused("too_large", f"a part unpacks to more than {limits.INPUT} bytes")
                if process.wait(_SECONDS) != 0:
                    raise Refused("broken", f"{Path(self.program).name} cannot open the archive")
            except subprocess.TimeoutExpired as error:
                raise Refused("too_large", f"unpacking takes over {_SECONDS:g} s") from error
            finally:
                process.kill()
        return output


def rar_members(content: bytes) -> Iterator[bytes]:
    """Yield the members of a RAR archive; raises Refused, also where no program is installed."""
    for name, listing, extraction in _PROGRAMS:
        if program := shutil.which(name):
            with tempfile.NamedTemporaryFile(prefix="gkcrawl-", suffix=".rar") as file:
                file.write(content)
                file.flush()
                yield from RarArchive(Path(file.name), program, listing, extraction).members()
            return
    wanted = " or ".join(name for name, _, _ in _PROGRAMS)
    raise Refused("unsupported", f"RAR archives are unpacked by {wanted}, none is installed")
