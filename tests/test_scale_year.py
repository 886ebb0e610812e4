"""Some days of the simulated year: what happens to the sites is found, once, and nothing else."""

from bench.scale.year import measure


def test_the_first_days_of_a_season() -> None:
    found = measure(sample=True, seed=1)
    assert found["missed"] == found["doubled"] == found["wrong"] == found["false"] == []
    assert found["found"] == found["planned"]["new"] + 3
    assert found["kept"]
    assert all(found["kept"].values())
    # The first night takes all; then lists, what is fresh, and the neighbours of what changed.
    assert found["requests"] < found["requests_daily_full"] / 3
