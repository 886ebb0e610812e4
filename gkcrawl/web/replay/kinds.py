"""As what an archived document is sent: by its bytes first, since what servers say is often wrong.

Only types that a browser shows without running anything of them; the rest is a file to save.
"""

import re

from archive.report.article.decode import TEXT_KINDS
from archive.report.media import media_kind
from gkcrawl.web.replay.drawing import is_drawing

HTML, STYLE, DRAWING, TEXT = "html", "css", "svg", "text"
"""Kinds that are written anew; each other one is a media type, sent with the bytes as they are."""
PDF = "application/pdf"

# How files begin (https://mimesniff.spec.whatwg.org/#matching-an-image-type-pattern and below).
_SIGNATURES: tuple[tuple[re.Pattern[bytes], str], ...] = tuple(
    (re.compile(pattern, re.DOTALL), media_type)
    for pattern, media_type in (
        (rb"\x89PNG\r\n\x1a\n", "image/png"),
        (rb"\xff\xd8\xff", "image/jpeg"),
        (rb"GIF8[79]a", "image/gif"),
        (rb"RIFF....WEBP", "image/webp"),
        (rb"BM....\x00\x00\x00\x00", "image/bmp"),
        (rb"\x00\x00\x01\x00[\x01-\x40]\0", "image/x-icon"),
        (rb"....ftypavi[fs]", "image/avif"),
        (rb"wOFF", "font/woff"),
        (rb"wOF2", "font/woff2"),
        (rb"OTTO", "font/otf"),
        (rb"\x00\x01\x00\x00\x00[\x04-\x40]", "font/ttf"),
        (rb"ttcf", "font/collection"),
        (rb"....ftyp(?:mp4|M4V|iso|avc|dash|MSNV)", "video/mp4"),
        (rb"\x1aE\xdf\xa3", "video/webm"),
        (rb"OggS", "application/ogg"),
        (rb"ID3|\xff[\xf2\xf3\xfa\xfb]", "audio/mpeg"),
        (rb"RIFF....WAVE", "audio/wav"),
    )
)
_STYLE_NAME = re.compile(r"\.css(?:[?#]|$)", re.IGNORECASE)


def kind_of(
    content: bytes, media_type: str | None, url: str, *, as_style: bool = False
) -> str | None:
    """Return the kind of a document, or the media type that it is sent as; None: to be saved.

    ``as_style``: a page loads it as a style sheet.
    """
    for pattern, found in _SIGNATURES:
        if pattern.match(content):
            return found
    read = media_kind(content, media_type)
    if read == "pdf":
        return PDF
    if read not in TEXT_KINDS:
        return None
    if is_drawing(content):
        return DRAWING
    if as_style or media_type == "text/css" or (read == "text" and _STYLE_NAME.search(url)):
        return STYLE
    return HTML if read == "html" else TEXT
