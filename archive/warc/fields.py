"""``application/warc-fields``: the text in ``warcinfo`` and ``metadata`` records.

The format (ISO 28500, annex A) has one ``name: value`` a line and no way to write a line break.
A value that could not be read back as it is (line breaks, blanks at its ends, control
characters) is therefore written as a JSON string, and so is one that begins with a quotation mark.
"""

import json
from collections.abc import Iterable
from urllib.parse import quote, unquote

MEDIA_TYPE = "application/warc-fields"

Fields = list[tuple[str, str]]


def encode_fields(fields: Iterable[tuple[str, str | None]]) -> bytes:
    """Return the fields as the block of a record; those whose value is None are left out."""
    lines = (f"{name}: {_written(value)}\r\n" for name, value in fields if value is not None)
    return "".join(lines).encode()


def decode_fields(block: bytes) -> Fields:
    """Return the fields in order; lines without a colon, which no field has, are passed over."""
    fields: Fields = []
    for line in block.decode("utf-8", "replace").split("\n"):
        name, colon, value = line.partition(":")
        if colon:
            fields.append((name.strip(), _read(value.strip())))
    return fields


def prefixed(prefix: str, values: Iterable[tuple[str, str]]) -> Fields:
    """Return a mapping's items as fields ``<prefix><key>``; odd characters of keys are escaped."""
    return [(prefix + quote(key, safe=""), value) for key, value in values]


def unprefixed(prefix: str, fields: Fields) -> dict[str, str]:
    """Return the mapping that ``prefixed`` made into fields."""
    ours = ((name, value) for name, value in fields if name.startswith(prefix))
    return {unquote(name.removeprefix(prefix)): value for name, value in ours}


def _written(value: str) -> str:
    plain = value.isprintable() and value == value.strip() and not value.startswith('"')
    return value if plain else json.dumps(value)


def _read(value: str) -> str:
    if value.startswith('"'):
        try:
            text = json.loads(value)
        except ValueError:
            return value  # other people's fields may begin with a quotation mark
        if isinstance(text, str):
            return text
    return value
