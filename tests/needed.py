"""What a test needs from outside: where it is missing the test is skipped, in CI it fails."""

import importlib.util
import os
from typing import NoReturn

import pytest

CI = os.environ.get("CI") == "true"


def missing(what: str) -> NoReturn:
    """Skip the test that needs ``what``; in CI, which installs everything, fail it."""
    pytest.fail(f"{what} is not there") if CI else pytest.skip(f"{what} is not there")


def demand_module(name: str) -> None:
    """Skip the test, or fail it in CI, where a module of an extra is not installed."""
    if importlib.util.find_spec(name) is None:
        missing(f"the module {name}")
