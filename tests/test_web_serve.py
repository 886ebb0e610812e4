"""Serving: settings, headers, listeners, the end of it, proxies, and full replay's own host."""

import asyncio
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from needed import missing
from replayed_site import HOST, PAGE, make_site

from gkcrawl.web.listening import PortTaken, by_port, listening
from gkcrawl.web.replay import viewer, whole
from gkcrawl.web.replay.ranges import part
from gkcrawl.web.serve import Place, build_app, full_replay, split

ROOT = Path(__file__).parent.parent
PATIENCE = 60


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_site(tmp_path_factory.mktemp("site") / "home")


@pytest.fixture
def with_viewer(home: Path, tmp_path: Path) -> Path:
    """A copy of the archive with files in the place of the viewer's."""
    copy = Path(shutil.copytree(home, tmp_path / "home"))
    (copy / "replay").mkdir()
    for name in ("ui.js", "sw.js"):
        (copy / "replay" / name).write_text(f"// {name}")
    return copy


def free_port() -> int:
    """Return a port whose neighbour is free too."""
    for _ in range(100):
        with socket.socket() as one, socket.socket() as other:
            one.bind(("127.0.0.1", 0))
            port: int = one.getsockname()[1]
            try:
                other.bind(("127.0.0.1", port + 1))
            except (OSError, OverflowError):
                continue
            return port
    raise AssertionError("no two ports are free")


def ask(
    port: int, path: str = "/", method: str = "GET", **headers: str
) -> tuple[int, dict[str, str], bytes]:
    """Return status, headers and body of an answer; redirects are not followed."""

    class Stay(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *_: Any) -> None:
            return None

    request = urllib.request.Request(
        f"http://127.0.0.1:{port}{path}",
        method=method,
        headers={name.replace("_", "-"): value for name, value in headers.items()},
    )
    opener = urllib.request.build_opener(Stay, urllib.request.ProxyHandler({}))
    try:
        answer = opener.open(request, timeout=30)
    except urllib.error.HTTPError as error:
        answer = error
    with answer:
        told = {name.lower(): value for name, value in answer.headers.items()}
        return answer.status, told, answer.read()


@contextmanager
def served(home: Path, *options: str) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """Run ``gkcrawl serve`` until the block ends; give the process and the catalog's port."""
    port = free_port()
    environment = {**os.environ, "GKCRAWL_HOME": str(home)}
    process = subprocess.Popen(
        [sys.executable, "-m", "gkcrawl.cli", "serve", "--port", str(port), *options],
        env=environment,
        cwd=ROOT,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stderr is not None
        lines: list[str] = []
        for line in process.stderr:
            lines.append(line)
            if line.startswith("Ctrl-C"):
                break
        else:
            raise AssertionError("".join(lines))
        process.said = "".join(lines)  # type: ignore[attr-defined]
        yield process, port
    finally:
        process.kill()
        process.wait(PATIENCE)
        process.stderr.close()  # type: ignore[union-attr]


def test_a_server_that_is_told_to_end_ends_well(home: Path) -> None:
    for number, status in ((signal.SIGTERM, 0), (signal.SIGINT, 130)):
        with served(home) as (process, port):
            assert "not installed (gkcrawl replay install)" in process.said  # type: ignore[attr-defined]
            status_of_home, headers, body = ask(port)
            assert status_of_home == 200
            assert b"<html" in body
            assert "server" not in headers
            process.send_signal(number)
            assert process.wait(PATIENCE) == status


def test_every_answer_is_guarded(home: Path) -> None:
    with served(home) as (_, port):
        for path in ("/", "/nix", "/catalog.db", "/-/static-plugins/gkcrawl/gkcrawl.css",
                     "/catalog?sql=select+nothing", "/-/replay/x"):  # fmt: skip
            _, headers, _ = ask(port, path)
            assert headers["content-security-policy"].startswith("default-src 'self'"), path
            assert headers["x-content-type-options"] == "nosniff"
            assert headers["referrer-policy"] == "no-referrer"
        assert ask(port, "/catalog.db")[0] in (403, 404)
        status, headers, body = ask(port, f"/-/replay/20260120080000/{PAGE}", "HEAD")
        assert (status, body) == (200, b"")
        assert headers["memento-datetime"]
        assert ask(port, "/", "HEAD")[::2] == (200, b"")
        # A second process shows the same archive.
        with served(home) as (_, other):
            assert ask(other)[0] == 200


def test_the_port_of_another_program(home: Path) -> None:
    with listening("127.0.0.1", 0) as taken, pytest.raises(PortTaken, match="is taken"):
        listening("127.0.0.1", taken.getsockname()[1])


def test_the_public_address_stands_in_links(home: Path) -> None:
    with served(home, "--base-url", "https://catalog.example.cn/gk/") as (process, port):
        assert "Catalog: https://catalog.example.cn/gk/" in process.said  # type: ignore[attr-defined]
        _, headers, _ = ask(port, f"/gk/-/replay/20260120080000/{PAGE}")
        assert "<https://catalog.example.cn/gk/-/timemap/link/" in headers["link"]
        assert "img-src http://catalog.example.cn data:" in headers["content-security-policy"]


NGINX = """
pid {folder}/pid; error_log {folder}/error.log; daemon off; worker_processes 1;
events {{}}
http {{
  access_log off; client_body_temp_path {folder}/b; proxy_temp_path {folder}/p;
  fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  server {{
    listen 127.0.0.1:{listen};
    location /gk/ {{
      proxy_pass http://127.0.0.1:{port};
      proxy_set_header Host $http_host;
      proxy_set_header X-Forwarded-Proto https;
      proxy_set_header X-Forwarded-For $remote_addr;
    }}
  }}
}}
"""


def test_behind_nginx_with_a_prefix(home: Path, tmp_path: Path) -> None:
    nginx = shutil.which("nginx") or "/usr/sbin/nginx"
    if not Path(nginx).exists():
        missing("nginx")
    listen = free_port()
    with served(home, "--base-url", "/gk/") as (_, port):
        configuration = tmp_path / "nginx.conf"
        configuration.write_text(NGINX.format(folder=tmp_path, listen=listen, port=port))
        command = [nginx, "-c", str(configuration), "-p", str(tmp_path)]
        proxy = subprocess.Popen(command, stderr=subprocess.DEVNULL)
        try:
            for _ in range(200):
                try:
                    ask(listen, "/gk/")
                    break
                except OSError:
                    time.sleep(0.05)
            status, headers, body = ask(listen, f"/gk/-/replay/20260120080000/{PAGE}")
            assert status == 200
            assert f"<https://127.0.0.1:{listen}/gk/-/timemap/link/{HOST}" in headers["link"]
            assert f"img-src http://127.0.0.1:{listen} data:" in headers["content-security-policy"]
            assert b'href="/gk/-/replay/20260120080000cs_/http://' in body
            assert ask(listen, f"/gk/-/replay/20260120080000/{HOST}:8080/p?x=1")[0] == 200
            assert ask(listen, "/gk/nix")[0] == 404
        finally:
            proxy.terminate()
            proxy.wait(PATIENCE)


def test_a_catalog_that_is_replaced_is_opened_anew(home: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(home, tmp_path / "home"))
    app = build_app(copy)

    async def status(path: str) -> int:
        found: list[int] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: Any) -> None:
            found.extend([message["status"]] if "status" in message else [])

        scope = {"type": "http", "method": "GET", "scheme": "http", "path": path,
                 "raw_path": path.encode(), "query_string": b"", "headers": [(b"host", b"x")],
                 "http_version": "1.1", "server": ("127.0.0.1", 1)}  # fmt: skip
        await app(scope, receive, send)
        return found[0]

    async def replaced() -> tuple[int, int]:
        before = await status(f"/-/replay/20260120080000/{PAGE}")
        new = copy / "new.db"
        new.write_bytes((copy / "catalog.db").read_bytes())
        new.replace(copy / "catalog.db")
        return before, await status(f"/-/replay/20260120080000/{PAGE}")

    assert asyncio.run(replaced()) == (200, 200)


# -------------------------------------------------------------------------------- full replay


def test_full_replay_has_a_host_of_its_own(with_viewer: Path) -> None:
    with served(with_viewer) as (process, port):
        replay, named = port + 1, f"replay.gk.localhost:{port + 1}"
        said = process.said  # type: ignore[attr-defined]
        assert f"Full replay: http://{named}" in said
        assert f"Catalog: http://catalog.gk.localhost:{port}/" in said
        # Under any other name its scripts could read that name's cookies, and the other way round.
        assert ask(replay, "/")[0] == 421
        assert ask(port, "/", Host=named)[0] == 421
        assert ask(port, "/", Host=f"replay.gk.localhost:{port}")[0] == 421
        assert ask(port, "/", Host=f"catalog.gk.localhost:{port}")[0] == 200
        assert ask(replay, "/", Host=named)[0] == 200
        assert ask(replay, "/replay/sw.js", Host=named)[2] == b"// sw.js"
        assert ask(replay, "/replay/../catalog.db", Host=named)[0] == 404
        assert ask(replay, "/w/..%2Fcatalog.db", Host=named)[0] == 404
        assert ask(replay, "/", "POST", Host=named)[0] == 405
        page = ask(port, f"/-/replay/*/{PAGE}", Host=f"catalog.gk.localhost:{port}")[2].decode()
        assert 'target="_blank" rel="noopener noreferrer"' in page
        view = page.partition(f'href="http://{named}')[2].partition('"')[0]
        status, headers, body = ask(replay, view, Host=named)
        assert status == 200
        assert (
            f"frame-ancestors 'self' http://catalog.gk.localhost:{port}"
            in (headers["content-security-policy"])
        )
        index = body.decode().partition('source="')[2].partition('"')[0]
        lines = ask(replay, index, Host=named)[2].decode().splitlines()
        assert any(PAGE in line and '"status": "200"' in line for line in lines)
        (name,) = [path.name for path in (with_viewer / "warc").glob("*.warc.gz")]
        whole_file = (with_viewer / "warc" / name).read_bytes()
        tail = ask(replay, f"/w/{name}", Host=named, Range="bytes=-9")
        assert (tail[0], tail[2]) == (206, whole_file[-9:])
        size = len(whole_file)
        assert tail[1]["content-range"] == f"bytes {size - 9}-{size - 1}/{size}"
        assert ask(replay, f"/w/{name}", Host=named, Range=f"bytes={size}-")[0] == 416
        assert ask(replay, f"/w/{name}", Host=named)[2] == whole_file


@given(st.integers(0, 50), st.integers(0, 60), st.integers(0, 60))
def test_parts_of_a_file(size: int, first: int, last: int) -> None:
    data = bytes(range(size))
    found = part(f"bytes={first}-{last}", size)
    if first <= last:
        assert (data[slice(*found)] if found else b"") == data[first : last + 1]
    assert part(f"bytes=-{last}", size) == ((max(size - last, 0), size) if size and last else None)
    assert part("bytes=0-1,3-4", size) == part("lines=1-2", size) == part(None, size) == (0, size)


@pytest.mark.parametrize(
    ("place", "origin"),
    [
        (Place(), "http://replay.gk.localhost:8002"),
        (Place(host="0.0.0.0"), None),
        (
            Place(host="0.0.0.0", replay_url="https://replay.example.cn/"),
            "https://replay.example.cn",
        ),
    ],
)
def test_where_full_replay_is(with_viewer: Path, place: Place, origin: str | None) -> None:
    found = full_replay(with_viewer, place)
    assert (found.origin if found else None) == origin


def test_full_replay_may_not_share_the_catalogs_host(with_viewer: Path) -> None:
    place = Place(base_url="https://a.example.cn/", replay_url="https://a.example.cn/")
    with pytest.raises(ValueError, match="no host of its own"):
        full_replay(with_viewer, place)


def test_what_is_no_answer_has_no_full_replay() -> None:
    shown = {"id": "x", "url": "http://a.cn/", "status": 200}
    assert whole.link("http://r", shown) == "http://r/view/x"
    assert whole.link("http://r", shown | {"status": 304}) is None
    assert by_port is not None


def test_another_package_is_not_installed(tmp_path: Path) -> None:
    package = tmp_path / "x.tgz"
    package.write_bytes(b"not the one")
    with pytest.raises(viewer.ViewerError, match="nothing was installed"):
        viewer.install(tmp_path, str(package))
    with pytest.raises(viewer.ViewerError, match="could not be had"):
        viewer.install(tmp_path, str(tmp_path / "none.tgz"))
    assert viewer.installed(tmp_path) is None


def test_the_known_package_is_installed(tmp_path: Path) -> None:
    folder = Path(os.environ.get("GKCRAWL_REPLAYWEB", ROOT / ".replayweb" / "package"))
    package = folder.parent / f"replaywebpage-{viewer.VERSION}.tgz"
    if not package.exists():
        missing(str(package))
    viewer.install(tmp_path, str(package))
    assert viewer.installed(tmp_path) == tmp_path / "replay"
    assert "AFFERO" in (tmp_path / "replay" / "LICENSE").read_text()


def test_texts_and_configuration_part() -> None:
    told = {"title": "t", "databases": {"c": {"description": "d", "queries": {"q": {"sql": "s"}},
            "tables": {"r": {"title": "r", "facets": ["x"], "columns": {"a": "b"}}}}}}  # fmt: skip
    assert split(told) == (
        {"title": "t", "databases": {"c": {"description": "d", "tables": {
            "r": {"title": "r", "columns": {"a": "b"}}}}}},
        {"databases": {"c": {"queries": {"q": {"sql": "s"}}, "tables": {"r": {"facets": ["x"]}}}}},
    )  # fmt: skip
