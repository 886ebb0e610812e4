"""The exit statuses of commands and of ``scrapy crawl``; 0 is done, 2 is click's, for usage."""

FAILED = 1
MONITORS_FAILED = 3
"""Done, but something was not as expected."""
INTERRUPTED = 130
