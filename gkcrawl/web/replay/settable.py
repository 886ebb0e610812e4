"""Text as lxml lets it be set."""

_CONTROLS = [n for n in range(0x20) if chr(n) not in "\t\n\r"]
_REPLACED: dict[int, str | None] = {
    **dict.fromkeys([*_CONTROLS, *range(0xD800, 0xE000), 0xFFFE, 0xFFFF]),
    0x0C: " ",  # white space in HTML
}


def settable(text: str) -> str:
    """Return ``text`` without what is no character of XML 1.0 (§2.2).

    lxml reads such characters, as bytes or as ``&#1;``, and refuses to set them: where text goes
    from an archived document into a tree, it goes through here.
    """
    return text.translate(_REPLACED)
