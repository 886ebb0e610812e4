"""Pages for the archive's measurements, and a web server for them in a process of its own."""

import gzip
import itertools
import random
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

WORDS = "政府信息公开工作年度报告主动申请行政复议诉讼条例机关公民法人组织规范性文件制发数量答复结果"
MEDIAN_BYTES = 40_000

_NGINX = """daemon off; error_log stderr crit; pid {folder}/nginx.pid;
events {{}}
http {{
  types {{ text/html html; }}
  access_log off; gzip_static on;
  client_body_temp_path {folder}/t1; proxy_temp_path {folder}/t2; fastcgi_temp_path {folder}/t3;
  uwsgi_temp_path {folder}/t4; scgi_temp_path {folder}/t5;
  server {{ listen 127.0.0.1:{port}; root {folder}/site; keepalive_requests 100000; }}
}}
"""


def page(number: int) -> bytes:
    """Return an article of a portal of some 20 to 60 KB, the same for the same number."""
    chance = random.Random(number)
    size = chance.triangular(0.5, 1.5, 1.0) * MEDIAN_BYTES
    lines: list[str] = []
    while sum(map(len, lines)) * 2 < size:
        text = "".join(chance.choices(WORDS, k=chance.randint(20, 120)))
        lines.append(
            f'<li class="item"><a href="/news/t{chance.randrange(10**6)}.html">{text}</a>'
            f"<span>2024-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}</span></li>\n"
        )
    head = f'<html><head><meta charset="utf-8"><title>第{number}页</title></head><body>\n'
    return (head + "".join(lines) + "</body></html>").encode()


def write_site(folder: Path, count: int) -> None:
    """Write ``count`` pages, every second one compressed beforehand, and an index of them."""
    folder.mkdir(parents=True)
    links = "".join(f'<a href="{number}.html">{number}</a>\n' for number in range(count))
    (folder / "index.html").write_text(f"<html><body>\n{links}</body></html>", "utf-8")
    for number in range(count):
        body = page(number)
        (folder / f"{number}.html").write_bytes(body)
        if number % 2:
            (folder / f"{number}.html.gz").write_bytes(gzip.compress(body, 6, mtime=0))


@contextmanager
def served(folder: Path) -> Iterator[tuple[str, str]]:
    """Serve ``folder/site`` on loopback; give the address and the server's name."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    nginx = shutil.which("nginx")
    command = [sys.executable, "-m", "http.server", "--protocol", "HTTP/1.1"]
    command += ["--bind", "127.0.0.1", "--directory", str(folder / "site"), str(port)]
    if nginx:
        folder.chmod(0o755)  # its workers are nobody when a root starts it
        config = folder / "nginx.conf"
        config.write_text(_NGINX.format(folder=folder, port=port), "utf-8")
        command = [nginx, "-p", str(folder), "-c", str(config)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _await(port)
        yield f"http://127.0.0.1:{port}/", "nginx" if nginx else "python -m http.server"
    finally:
        server.terminate()
        server.wait(10)


def _await(port: int) -> None:
    for tries in itertools.count():
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            if tries == 100:
                raise
            time.sleep(0.05)
