"""The words of the form for what evaluations name."""

from functools import lru_cache

import yaml

from archive.config import config_path


@lru_cache(maxsize=1)
def applicants() -> dict[str, str]:
    """Return column id -> label of the applicants of Table III, 总计 last (config/forms.yml)."""
    form = yaml.safe_load(config_path("forms.yml").read_text(encoding="utf-8"))
    return {column["id"]: column["label"] for column in form["requests"]["columns"]}
