"""MHTML (单个文件网页, RFC 2557): the HTML part of a page saved as one mail-like file."""

import email
import email.policy
from email.message import Message

from archive.report.article.decode import decode_text
from archive.report.media.limits import Refused
from archive.report.media.markup import document, paragraph


def mhtml_to_html(content: bytes) -> str:
    """Return the first HTML part, else the plain text, of a MIME message; raises Refused.

    A page with frames has several HTML parts; the longest holds the text.
    """
    message = email.message_from_bytes(
        content.lstrip(b"\xef\xbb\xbf \t\r\n"), policy=email.policy.compat32
    )
    pages = [_text(part) for part in message.walk() if part.get_content_type() == "text/html"]
    if any(page.strip() for page in pages):
        return max(pages, key=len)
    plain = [_text(part) for part in message.walk() if part.get_content_type() == "text/plain"]
    if any(text.strip() for text in plain):
        return document(paragraph(line) for text in plain for line in text.splitlines())
    raise Refused("empty", "the message has no HTML part")


def _text(part: Message) -> str:
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes):
        return ""
    return decode_text(payload, str(part.get("Content-Type", ""))).text
