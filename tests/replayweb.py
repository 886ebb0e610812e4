"""A place on this machine where ReplayWeb.page shows a WACZ file, and finding the page it shows."""

import functools
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler
from pathlib import Path
from typing import Any

from loopback import served

EMBEDDED = """<!DOCTYPE html><meta charset="utf-8"><script src="/ui.js"></script>
<replay-web-page source="/{name}" url="{url}" ts="{timestamp}" replayBase="/replay/"
 embed="replayonly" style="height: 900px"></replay-web-page>"""


class _Handler(SimpleHTTPRequestHandler):
    """Serves files with ranges, which the standard library's handler knows nothing of."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        path = Path(self.translate_path(self.path))
        if not path.is_file():
            self.send_error(404)
            return
        data = path.read_bytes()
        wanted = re.fullmatch(r"bytes=(\d*)-(\d*)", self.headers.get("Range", ""))
        start, end = 0, len(data)
        if wanted and wanted[1]:
            start, end = int(wanted[1]), min(end, int(wanted[2] or end) + 1)
        elif wanted:
            start = max(0, len(data) - int(wanted[2]))
        self.send_response(206 if wanted else 200)
        self.send_header("Content-Type", self.guess_type(str(path)))
        self.send_header("Content-Length", str(end - start))
        self.send_header("Accept-Ranges", "bytes")
        if wanted:
            self.send_header("Content-Range", f"bytes {start}-{end - 1}/{len(data)}")
        self.end_headers()
        self.wfile.write(data[start:end])

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def replaying(folder: Path, viewer: Path, wacz: Path) -> Iterator[str]:
    """Serve the viewer (the unpacked npm package) and a WACZ file; give the address."""
    (folder / "replay").mkdir()
    for name, source in (
        (wacz.name, wacz),
        ("ui.js", viewer / "ui.js"),
        ("replay/ui.js", viewer / "ui.js"),
        ("replay/sw.js", viewer / "sw.js"),
    ):
        (folder / name).symlink_to(source.resolve())
    handler = functools.partial(_Handler, directory=str(folder))
    with served(handler) as address:
        yield address


LOADINGS, PATIENCE = 3, 40
"""On a busy machine the viewer's service worker may miss the first loading of its page."""


def shown(page: Any, folder: Path, address: str, wacz: str, url: str, timestamp: str) -> str:
    """Return the text of an archived page once the viewer shows one."""
    name = f"{timestamp}.html"
    html = EMBEDDED.format(name=wacz, url=url, timestamp=timestamp)
    (folder / name).write_text(html, "utf-8")
    for _ in range(LOADINGS):
        page.goto(f"{address}/{name}")
        last = time.monotonic() + PATIENCE
        while time.monotonic() < last:
            for frame in page.frames:
                if "mp_/" in frame.url and (text := frame.evaluate("document.body?.innerText")):
                    return str(text)
            page.wait_for_timeout(200)
    raise AssertionError(f"the viewer shows nothing: {[frame.url for frame in page.frames]}")


def verification(page: Any) -> dict[str, bool | None]:
    """Return what the viewer found when it checked the package: id -> whether it matched."""
    viewer = next(frame for frame in page.frames if "/replay/?" in frame.url)
    rows: list[dict[str, Any]] = viewer.evaluate(_VERIFICATION)
    return {row["id"]: row["matched"] for row in rows}


# The viewer's own record of it, in the browser's database.
_VERIFICATION = """async () => {
  const done = (request) => new Promise((resolve) => {
    request.onsuccess = () => resolve(request.result);
  });
  const rows = [];
  for (const { name } of await indexedDB.databases()) {
    const db = await done(indexedDB.open(name));
    if (db.objectStoreNames.contains("verification"))
      rows.push(...await done(db.transaction("verification").objectStore("verification").getAll()));
    db.close();
  }
  return rows;
}"""
