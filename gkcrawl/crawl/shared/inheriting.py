"""What a dead worker left in this archive: its file is finished, its captures are read and used.

On another machine there is nothing of it, and its visits are made from their beginning.
"""

from scrapy.crawler import Crawler

from gkcrawl.crawl.indexing import Indexer
from gkcrawl.crawl.recorder import Recorder
from gkcrawl.crawl.resume import Resume


def inherit(crawler: Crawler) -> None:
    """Take over what killed runs left in the archive of this worker."""
    recorder, indexer = crawler.get_extension(Recorder), crawler.get_extension(Indexer)
    assert recorder is not None, "see EXTENSIONS in gkcrawl.settings"
    assert indexer is not None, "see EXTENSIONS in gkcrawl.settings"
    with recorder.writing():
        recorder.take_over()
    indexer.take_up()
    if resume := crawler.get_downloader_middleware(Resume):
        resume.look_again()
