"""The short way to a sort key, and the short way to read a head, lead where the long ones do."""

import re
from io import BytesIO

from hypothesis import given
from hypothesis import strategies as st
from warcio.statusandheaders import StatusAndHeadersParser

from archive.warc import surt
from archive.warc.cdxj import index_line
from archive.warc.record import Record

LABEL = st.sampled_from(["www", "www2", "wwww", "a", "x-1", "gov", "cn", "0a"])
HOST = st.lists(LABEL, min_size=1, max_size=4).map(".".join)
PIECES = ["/", "a", "B.", ".", "..", "-", "_", "7", "(S(x))", "%41", "//", ".aspx", "index.jsp"]
PATH = st.lists(st.sampled_from(PIECES), max_size=7).map("".join)
PAIRS = ["a=1", "B=2", "a-b=3", "a", "=", "c.d=%20", "sid=" + "0" * 32, "PHPSESSID=" + "f" * 32]
QUERY = st.lists(st.sampled_from(PAIRS), max_size=4).map("&".join)


@given(st.sampled_from(["http", "https"]), HOST, PATH, st.sampled_from(["", "?"]), QUERY)
def test_a_plain_address_has_the_key_that_any_other_way_gives(
    scheme: str, host: str, path: str, mark: str, query: str
) -> None:
    url = f"{scheme}://{host}/{path}{mark}{query if mark else ''}"
    assert surt.url_key(url) == surt._key(url.encode()).decode()


LINES = [
    b"Content-Type: text/html; charset=gbk",
    b"content-type:text/plain",
    b"Content-Type : a/b",
    b"X: y",
    b" folded",
    b"no header",
    b"Transfer-Encoding: chunked",
    b"X-N: \xc4\xe3",
    b":empty",
]
STATUS = [b"HTTP/1.1 200 OK", b"HTTP/1.0 404", b"HTTP/1.1  200", b"HTTP/2 200", b"HTTP/1.1 100 Go"]


@given(st.sampled_from(STATUS), st.lists(st.sampled_from(LINES), max_size=4), st.booleans())
def test_status_and_type_in_the_index_are_those_that_warcio_reads(
    status: bytes, lines: list[bytes], bare: bool
) -> None:
    end = b"\n" if bare else b"\r\n"
    block = end.join([status, *lines, b"", b"body"])
    fields = (("WARC-Target-URI", "http://a.cn/"), ("WARC-Date", "2026-11-22T00:20:34Z"))
    line = index_line(Record("response", fields, block), "x.warc.gz") or ""
    head = StatusAndHeadersParser([], verify=False).parse(BytesIO(block))
    media_type = re.split(r"[;\s]", head.get_header("content-type") or "")[0]
    assert f'"status": "{head.get_statuscode()}"' in line
    assert (f'"mime": "{media_type}"' in line) == bool(media_type)
