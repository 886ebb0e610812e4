"""Certificates are kept once for each host and change; chunk framing is kept where it is wanted."""

import ssl
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from cryptography.x509 import load_pem_x509_certificates
from test_recorder_wire import ANSWERS, PAGE
from warcio.archiveiterator import ArchiveIterator
from wire_crawl import crawl
from wire_server import WireServer, certificate

from archive.catalog import Catalog
from archive.records import Exchange, Run
from archive.warc import WarcWriter, read_exchange, verify_archive

FRAMED = (
    "/chunked",
    "/gzip-chunked-trailers",
    "/early-hints",
    "/plain",
    "/short-chunk",
    "/garbage",
)


def records(home: Path) -> Iterator[tuple[str, str, dict[str, str], bytes]]:
    """Yield type, URI, fields and block of every record, as warcio reads them."""
    for path in sorted((home / "warc").glob("*.warc.gz")):
        with path.open("rb") as file:
            for record in ArchiveIterator(file, no_record_parse=True):
                fields = dict(record.rec_headers.headers)
                block = record.raw_stream.read()
                yield record.rec_type, fields.get("WARC-Target-URI", ""), fields, block


def test_a_host_s_certificates_are_kept_once(tmp_path: Path) -> None:
    tls = certificate(tmp_path)
    with WireServer(ANSWERS, tls) as one, WireServer(ANSWERS, tls) as other:
        urls = [one.url("/plain"), one.url("/404"), other.url("/plain"), one.url("/nothing")]
        hosts = {f"127.0.0.1:{server.port}" for server in (one, other)}
        recorded = crawl(tmp_path, [{"url": url} for url in urls])
    kept = {
        uri: (fields, block)
        for kind, uri, fields, block in records(recorded["home"])
        if kind == "resource"
    }
    assert set(kept) == {f"urn:x-gkcrawl:tls:{host}" for host in hosts}
    served = [ssl.DER_cert_to_PEM_cert(ssl.PEM_cert_to_DER_cert(tls_pem(tmp_path)))]
    for fields, block in kept.values():
        assert fields["Content-Type"] == "application/pem-certificate-chain"
        assert fields["WARC-IP-Address"] == "127.0.0.1"
        assert [block.decode()] == served
        assert "wire.example" in load_pem_x509_certificates(block)[0].subject.rfc4514_string()
    told = [block for kind, _, _, block in records(recorded["home"]) if kind == "metadata"]
    assert sum(b"tls-version: TLSv1." in block for block in told) == 3
    with Catalog(recorded["home"] / "catalog.db") as catalog:
        assert verify_archive(recorded["home"], catalog.captures(), catalog.failures()) == []


def tls_pem(folder: Path) -> str:
    """Return the certificate that the server was given."""
    text = (folder / "certificate.pem").read_text("ascii")
    return text[text.index("-----BEGIN CERTIFICATE") :]


def test_changed_certificates_are_kept_again(tmp_path: Path) -> None:
    writer = WarcWriter(tmp_path / "warc", Run("0" * 32, "test", "2026-01-01T00:00:00.000000Z"))
    for number, chain in enumerate([b"first", b"first", b"second", b"first", None]):
        writer.write(
            Exchange(
                url=f"https://www.puershi.gov.cn/{number}",
                started_at=datetime(2026, 1, 1, tzinfo=UTC),
                request=b"GET / HTTP/1.1\r\n\r\n",
                response=b"HTTP/1.1 204 No Content\r\n\r\n",
                tls_version="TLSv1.2",
                certificates=chain,
            )
        )
    writer.close()
    kept = [block for kind, _, _, block in records(tmp_path) if kind == "resource"]
    assert kept == [b"first", b"second", b"first"]


def test_framing_is_kept_where_it_is_wanted(tmp_path: Path) -> None:
    with WireServer(ANSWERS) as server:
        requests = [{"url": server.url(path)} for path in FRAMED]
        recorded = crawl(tmp_path, requests, GKCRAWL_WIRE_FRAMING=True)
    home = recorded["home"]
    with Catalog(home / "catalog.db") as catalog:
        assert verify_archive(home, catalog.captures(), catalog.failures()) == []
    blocks = {
        uri.rpartition("/")[2]: block
        for kind, uri, _, block in records(home)
        if kind in ("response", "resource")
    }
    for path in FRAMED:
        sent = ANSWERS[path].sent
        final = sent[sent.rindex(b"HTTP/1.1") :] if b"HTTP/1.1" in sent else sent
        assert blocks[path[1:]] == final
    for exchange, kept in recorded["exchanges"]:
        stored = read_exchange(home / "warc" / kept.warc, kept.offset)
        assert stored.capture.payload_digest == kept.payload_digest
        if exchange.url.endswith("chunked") or exchange.url.endswith("trailers"):
            assert stored.content == PAGE
