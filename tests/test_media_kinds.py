"""The kind of a document is what its bytes say, whatever it is called."""

from pathlib import Path

import media_examples as examples
import pytest

from archive.report.media import media_kind

PAGES = Path(__file__).parent / "pages" / "media"


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"\r\n\r\n%PDF-1.7\n", "pdf"),
        (b"{\\rtf1 x}", "rtf"),
        (b"Rar!\x1a\x07\x00", "rar"),
        (b"7z\xbc\xaf\x27\x1c", "7z"),
        (b"\x89PNG\r\n\x1a\n", "image"),
        (b"\xff\xd8\xff\xe0", "image"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "image"),
        (b"\x01\0\0\0" + bytes(36) + b" EMF" + bytes(60), "emf"),
        (b"\xd7\xcd\xc6\x9a" + bytes(60), "wmf"),
        (b"BM\x36\x00\x00\x00\x00\x00\x00\x00", "image"),
        (b"\xef\xbb\xbf\n<!DOCTYPE html><html></html>", "html"),
        ("<html><body><p>无</p></body></html>".encode("utf-16"), "html"),
        ("<table><tr><td>规章</td></tr></table>".encode("gbk"), "html"),
        ("一、总体情况\n无。".encode("gb18030"), "text"),
        (b'{"a": 1}', "json"),
        (b"<?xml version='1.0'?><datastore/>", "xml"),
        (b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=x\r\n\r\n", "mhtml"),
        (b"From: x\nSubject: y\nContent-Type: text/html\n\n<p>", "mhtml"),
        (examples.zipped({"a.txt": "x"}), "zip"),
        (examples.zipped({"ppt/presentation.xml": "x"}), "pptx"),
        (examples.zipped({"mimetype": "x", "content.xml": "x"}), "odt"),
        (examples.report_docx()[:2000], "docx"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "ole"),
        (b"", None),
        (b" \r\n\0", None),
        (bytes(range(256)) * 4, None),
    ],
)
def test_the_first_bytes_tell(content: bytes, kind: str | None) -> None:
    assert media_kind(content) == kind


@pytest.mark.parametrize("path", sorted(PAGES.iterdir()), ids=lambda path: path.name)
def test_saved_documents_are_what_they_are_called(path: Path) -> None:
    assert media_kind(path.read_bytes()) == path.suffix[1:]
