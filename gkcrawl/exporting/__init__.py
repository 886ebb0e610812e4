"""Data out of the catalog: CSV, Parquet and JSON Lines with a description, and a site to publish.

What a column means is taken from docs/data-dictionary.md (English) and config/datasette.yml
(Chinese), never written a second time.
"""
