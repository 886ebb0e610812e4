"""A fast sample of the measure of reading: its documents are read, and its figures are there."""

from bench.scale.index import measure


def test_the_sample_reads_its_reports_and_nothing_of_the_web() -> None:
    figures = measure(sample=True, seed=1)

    assert figures["crawl"]["reports"] == figures["crawl"]["mix"]["report"]
    assert figures["web"]["reports"] == 0
    # How fast is for the whole measure to say: a busy machine is no fault.
    assert figures["crawl"]["factor"] > 0
    assert set(figures["kept"]) == {
        "index_1.5_times_trafilatura",
        "non_reports_20_times_trafilatura",
    }
