"""What only LibreOffice opens (Word 6 and 95, Microsoft Works, ODT), turned into DOCX by it.

LibreOffice is not a part of gkcrawl: where it is not installed the document says so. It runs with
a profile of its own that runs no macros and loads nothing from elsewhere, in a folder that is gone
afterwards, and is killed with its children when it takes too long.
"""

import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

from archive.report.media.docx import docx_to_html
from archive.report.media.limits import Refused

_SECONDS = 60.0
_NAMES = ("soffice", "libreoffice")
_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop>
<prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop>
</item>
<item oor:path="/org.openoffice.Inet/Settings">
<prop oor:name="ooInetProxyType" oor:op="fuse"><value>2</value></prop>
<prop oor:name="ooInetHTTPProxyName" oor:op="fuse"><value>127.0.0.1</value></prop>
<prop oor:name="ooInetHTTPProxyPort" oor:op="fuse"><value>9</value></prop>
<prop oor:name="ooInetHTTPSProxyName" oor:op="fuse"><value>127.0.0.1</value></prop>
<prop oor:name="ooInetHTTPSProxyPort" oor:op="fuse"><value>9</value></prop>
</item>
</oor:items>
"""


def office_to_html(content: bytes) -> str:
    """Return a document as HTML by way of LibreOffice; raises Refused."""
    program = next(filter(None, map(shutil.which, _NAMES)), None)
    if program is None:
        raise Refused("needs_libreoffice", "only LibreOffice opens this document")
    with tempfile.TemporaryDirectory(prefix="gkcrawl-office-") as name:
        folder = Path(name)
        settings = folder / "profile" / "user" / "registrymodifications.xcu"
        settings.parent.mkdir(parents=True)
        settings.write_text(_SETTINGS, encoding="utf-8")
        source = folder / "document.doc"
        source.write_bytes(content)
        _run(
            [
                program,
                "--headless",
                "--norestore",
                "--nolockcheck",
                f"-env:UserInstallation={(folder / 'profile').as_uri()}",
                "--convert-to",
                "docx",
                "--outdir",
                str(folder / "out"),
                str(source),
            ]
        )
        made = folder / "out" / "document.docx"
        if not made.exists():
            raise Refused("broken", "LibreOffice cannot open the document")
        return docx_to_html(made.read_bytes())


def _run(command: list[str]) -> None:
    """Run to its end, or kill it and what it started once the time is used up."""
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        process_group=0,  # the session stays: whoever ends it reaches LibreOffice too
    )
    try:
        process.wait(_SECONDS)
    except subprocess.TimeoutExpired as error:
        raise Refused("too_large", f"LibreOffice takes more than {_SECONDS:g} s") from error
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
