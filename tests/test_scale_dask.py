"""A fast sample of the measure of reading on a cluster keeps what is promised."""

from bench.scale.dask import measure


def test_every_catalog_is_the_same() -> None:
    figures = measure(sample=True, seed=1)

    assert all(figures["kept"].values()), figures
    assert figures["seconds_of"].keys() >= {"local", "one_worker", "many_workers"}
