"""What ``scrapy`` does otherwise here than elsewhere; each module is a command of that name."""
