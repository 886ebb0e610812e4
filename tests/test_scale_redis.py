"""Three workers, one of them killed at a chance moment: a sample of ``make bench-scale``."""

from needed import missing

from bench.scale.redis import measure
from bench.scale.redis_server import is_installed


def test_three_workers_of_which_one_is_killed_find_what_one_finds() -> None:
    if not is_installed():
        missing("redis-server")
    figures = measure(sample=True, seed=1)
    assert all(figures["kept"].values()), figures
    assert figures["reports"] >= 10
