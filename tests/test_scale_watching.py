"""Judging what a run touched costs by the run's hosts, not by the archive."""

from bench.scale.watching import measure


def test_the_size_of_the_archive_does_not_matter() -> None:
    found = measure(sample=True, seed=1)

    assert all(found["kept"].values())
    assert found["alone"]["statements"] < 3 * found["captures_of_the_run"]
