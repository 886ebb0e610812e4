"""Several workers, on one machine or many, share one crawl (``GKCRAWL_REDIS``).

What they share is not single requests but the visits of portals: a visit is begun, and brought to
its end, by one worker, which alone knows where it stands. Of a worker that dies, others begin its
visits anew, by the question that makes every resuming: is this page due? And whoever asks a host
holds its lease, so that it is never asked twice at once. docs/many-machines.md says why.

``frontier`` is the queue of visits, ``hosts`` the leases, ``scheduler`` and ``dupefilter`` are what
Scrapy is given, ``sharing`` is what a worker does besides. ``addon`` puts them in place; nothing
else imports them, so that one machine alone needs neither Redis nor its library.
"""

SHARING_FAILED = "sharing_failed"
"""The finish reason of a worker that a fault of this program put out of the shared crawl."""
REDIS_LOST = "redis_lost"
"""The finish reason of a worker that had to end because Redis was gone for too long."""
