"""What was published: WARC files, the reader of reports, the catalog.

Usable by itself: nothing in here imports Scrapy or Twisted.
"""
