"""What kind of document bytes are, by the bytes: names and headers are often wrong."""

import io
import re
import zipfile

import olefile

from archive.report.article.decode import decode_text, is_noise

# How files begin (https://en.wikipedia.org/wiki/List_of_file_signatures).
_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "pdf"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (olefile.MAGIC, "ole"),
    (b"{\\rtf", "rtf"),
    (b"Rar!\x1a\x07", "rar"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"\x1f\x8b", "gzip"),
    (b"WARC/1.", "warc"),
    (b"\x89PNG\r\n", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"GIF87a", "image"),
    (b"GIF89a", "image"),
    (b"II*\x00", "image"),
    (b"MM\x00*", "image"),
    (b"\x00\x00\x01\x00", "image"),
    (b"\xd7\xcd\xc6\x9a", "wmf"),
    (b"AT&TFORM", "djvu"),
    (b"%!PS", "postscript"),
)
# What a ZIP is by a part that it must have, in this order.
_PACKAGES: tuple[tuple[str, str], ...] = (
    ("ofd.xml", "ofd"),
    ("word/document.xml", "docx"),
    ("xl/workbook.xml", "xlsx"),
    ("xl/workbook.bin", "xlsb"),
    ("ppt/presentation.xml", "pptx"),
    ("word/", "docx"),
    ("xl/", "xlsx"),
    ("content.xml", "odt"),
)
# What an OLE file is by its streams: Word and WPS write the same.
_STREAMS: tuple[tuple[str, str], ...] = (
    ("EncryptedPackage", "encrypted"),
    ("WordDocument", "doc"),
    ("Workbook", "xls"),
    ("Book", "xls"),
    ("PowerPoint Document", "ppt"),
    ("MatOST", "wps"),
    ("CONTENTS", "wps"),
)
_MAIL = re.compile(rb"(?:[\w-]{1,40}:[^\n]{0,2000}\n){0,30}?(?:MIME-Version|Content-Type):", re.I)
_MULTIPART = re.compile(rb"multipart/|text/html", re.I)
_WORDML = re.compile(r"<\w*:?(?:wordDocument|package)[\s>]")
_HEAD = 200_000


def media_kind(content: bytes, media_type: str | None = None) -> str | None:
    """Return the kind of a document by its bytes; None: unknown, or nothing is there.

    html, mhtml, text, json, xml, wordml, pdf, docx, doc (Word and WPS), wps (Works), rtf, xlsx,
    xls, odt, ofd, zip, rar, 7z, gzip, warc, pptx, ppt, xlsb, ole, encrypted (Office with a
    password), image, … ``media_type`` is only asked for the charset of text.
    """
    head = content[:1024].lstrip(b"\xef\xbb\xbf \t\r\n\x00")
    kind = next((name for magic, name in _SIGNATURES if head.startswith(magic)), None)
    if kind is None:
        return _other_kind(content, head, media_type)
    return _package(content) if kind == "zip" else _ole(content) if kind == "ole" else kind


def _other_kind(content: bytes, head: bytes, media_type: str | None) -> str | None:
    # Portals put blank lines before PDF, and the standard allows 1024 bytes of anything.
    if b"%PDF-" in head:
        return "pdf"
    if head.startswith(b"BM") and content[6:10] == b"\0\0\0\0":
        return "image"
    if head.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return "image"
    if head.startswith(b"\x01\0\0\0") and content[40:44] == b" EMF":
        return "emf"
    if _MAIL.match(head) and _MULTIPART.search(content[:10_000]):
        return "mhtml"
    return _written(content, media_type)


def _written(content: bytes, media_type: str | None) -> str | None:
    """Return what kind of text the bytes are; None: they are no text."""
    decoded = decode_text(content, media_type)
    text = decoded.text[:_HEAD]
    if not text.strip("\ufeff\x00 \t\r\n") or is_noise(text):
        return None
    start = text.lstrip("\ufeff\x00 \t\r\n\u3000")
    if start.startswith("<?xml") and _WORDML.search(text, 0, 10_000):
        return "wordml"
    return decoded.kind


def _package(content: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            names = [name.replace("\\", "/").lstrip("/").lower() for name in package.namelist()]
    except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError):
        # Cut off before its directory: the names still stand before the parts.
        low = content.lower()
        return next((kind for part, kind in _PACKAGES if part.encode() in low), "zip")
    for part, kind in _PACKAGES:
        if any(name.startswith(part) for name in names):
            return kind
    return "zip"


def _ole(content: bytes) -> str:
    try:
        with olefile.OleFileIO(io.BytesIO(content)) as ole:
            names = {entry[0].lower() for entry in ole.listdir()}
    except Exception:  # olefile raises many kinds on a broken directory; the magic was right
        return "ole"
    return next((kind for stream, kind in _STREAMS if stream.lower() in names), "ole")
