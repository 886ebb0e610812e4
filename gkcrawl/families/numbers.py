"""Numbers of rows and pages, as sites and their scripts write them."""

import re
from typing import Any

_WHOLE = re.compile(r"[0-9]{1,9}")


def whole(value: Any) -> int | None:
    """Return a count as a number; None: it is none, negative, or larger than anything counted."""
    text = str(value).strip()
    return int(text) if _WHOLE.fullmatch(text) else None
