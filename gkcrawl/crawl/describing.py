"""What a run says of itself, in every WARC file that it writes and in the catalog."""

import uuid

import scrapy
from scrapy.settings import BaseSettings

from archive.records import Run, timestamp
from gkcrawl import __version__
from gkcrawl.crawl import clock

# The settings that shape what is fetched; they stand in every WARC's warcinfo.
TOLD_SETTINGS = (
    "ROBOTSTXT_OBEY",
    "DOWNLOAD_DELAY",
    "CONCURRENT_REQUESTS_PER_DOMAIN",
    "AUTOTHROTTLE_ENABLED",
    "DOWNLOAD_TIMEOUT",
    "DOWNLOAD_MAXSIZE",
    "RETRY_TIMES",
    "DOWNLOAD_VERIFY_CERTIFICATES",
    "DOWNLOAD_TLS_MIN_VERSION",
    "COOKIES_ENABLED",
    "GKCRAWL_ALLOW_PRIVATE",
    "GKCRAWL_SELF_CONTAINED",
    "GKCRAWL_CONDITIONAL",
)


def describe_run(spider: str, settings: BaseSettings) -> Run:
    """Return a new run of ``spider`` with what its settings say of how it fetches."""
    told = {name: str(settings[name]) for name in TOLD_SETTINGS}
    # Whether, not which: a proxy's address and password are nobody's business.
    told["GKCRAWL_PROXY"] = "used" if settings["GKCRAWL_PROXY"] else "not used"
    return Run(
        id=uuid.uuid4().hex,
        spider=spider,
        started_at=timestamp(clock.now()),
        software=f"gkcrawl/{__version__} Scrapy/{scrapy.__version__}",
        user_agent=settings["USER_AGENT"],
        contact=settings["GKCRAWL_CONTACT"],
        settings=told,
    )
