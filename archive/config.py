"""Where the facts that a person edits are found (``config/`` in a checkout).

A file is looked for in the folder that ``GKCRAWL_CONFIG`` names, then among the
files that come with the project, so that one's own folder needs to hold only what differs.
"""

import os
from pathlib import Path

_ROOT = Path(__file__).resolve().parent.parent
# A checkout keeps config/ at its root; the wheel carries the same folder inside gkcrawl.
_SHIPPED = next(p for p in (_ROOT / "gkcrawl" / "config", _ROOT / "config") if p.is_dir())


def config_path(name: str) -> Path:
    """Return the path of the configuration file or folder ``name``, e.g. ``portals/yunnan.yml``.

    Raises FileNotFoundError, naming the places that were searched, when there is none.
    """
    own = os.environ.get("GKCRAWL_CONFIG")
    places = [Path(own)] if own else []
    places.append(_SHIPPED)
    for place in places:
        if (place / name).exists():
            return place / name
    searched = ", ".join(str(place) for place in places)
    raise FileNotFoundError(f"configuration {name!r} was not found in {searched}")
