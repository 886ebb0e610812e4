"""Scrapy's settings, where we deviate from its defaults; the reason stands in the line above.

``GKCRAWL_*`` are our own. They come from the environment variables of the same name and can be
given with ``-s`` like every other setting.
"""

import os

from gkcrawl import __version__

# The archive: warc/, catalog.db, quarantine/, logs/.
GKCRAWL_HOME = os.environ.get("GKCRAWL_HOME") or "data"
# http://host:port of a forward proxy for every request; empty: none, whatever http_proxy says.
GKCRAWL_PROXY = os.environ.get("GKCRAWL_PROXY", "")
# Where the owner of a site reaches whoever runs this crawl: a URL or a mail address.
GKCRAWL_CONTACT = os.environ.get("GKCRAWL_CONTACT", "")
# Lifts the doors to private and loopback addresses: for the demo and tests.
GKCRAWL_ALLOW_PRIVATE = os.environ.get("GKCRAWL_ALLOW_PRIVATE", "") not in ("", "0")
# redis://[user:password@]host:port/number, by which several workers, on one machine or many, share
# one crawl; empty: this machine works alone.
GKCRAWL_REDIS = os.environ.get("GKCRAWL_REDIS", "")
# Seconds after which a worker that says nothing is taken for dead, and its work done by others.
GKCRAWL_LEASE = os.environ.get("GKCRAWL_LEASE") or "60"
# Name of the shared crawl; empty: the day in China. Under another name all is visited again.
GKCRAWL_RUN = os.environ.get("GKCRAWL_RUN", "")
# 22:00-06:00: the hours, in China's time, in which portals are asked; empty: at any time.
GKCRAWL_HOURS = os.environ.get("GKCRAWL_HOURS", "")
# json: a JSON object a line in the log; empty or text: as Scrapy has it.
GKCRAWL_LOG_FORMAT = os.environ.get("GKCRAWL_LOG_FORMAT", "")
# A folder for the log, a file for each spider and month; `gkcrawl crawl --due` gives logs/ of the
# archive. Empty: the log goes to stderr, or where LOG_FILE says.
GKCRAWL_LOGS = os.environ.get("GKCRAWL_LOGS", "")
# The browser for the few pages that need one; empty: the first Chromium on the PATH.
GKCRAWL_CHROMIUM = os.environ.get("GKCRAWL_CHROMIUM", "")
# Answers from this archive (a home, a folder of WARC files, one file) instead of from the network.
GKCRAWL_REPLAY = os.environ.get("GKCRAWL_REPLAY", "")
# Bytes that must stay free on the archive's disk: with less a crawl ends, with less than twice as
# much none begins. 0: no such limit; empty: 512 MiB, or a twentieth of a smaller disk.
GKCRAWL_MIN_FREE = os.environ.get("GKCRAWL_MIN_FREE", "")
# Chunked bodies are stored with their framing, as they came over the wire.
GKCRAWL_WIRE_FRAMING = os.environ.get("GKCRAWL_WIRE_FRAMING", "") not in ("", "0")
# A run's WARC files are complete by themselves: no revisits of what other runs fetched.
GKCRAWL_SELF_CONTAINED = os.environ.get("GKCRAWL_SELF_CONTAINED", "") not in ("", "0")
# Servers are asked whether a page has changed since its last capture.
GKCRAWL_CONDITIONAL = os.environ.get("GKCRAWL_CONDITIONAL", "") not in ("", "0")
# When a WARC file is finished and another begun: its bytes, its age, and how long nothing was
# written to it, in seconds.
GKCRAWL_WARC_MAX_BYTES = os.environ.get("GKCRAWL_WARC_MAX_BYTES") or "1000000000"
GKCRAWL_WARC_MAX_AGE = os.environ.get("GKCRAWL_WARC_MAX_AGE") or "3600"
GKCRAWL_WARC_MAX_IDLE = os.environ.get("GKCRAWL_WARC_MAX_IDLE") or "600"
# Text and tables of each report are kept in the WARC files too.
GKCRAWL_CONVERSIONS = os.environ.get("GKCRAWL_CONVERSIONS", "1") not in ("", "0")

ADDONS = {"gkcrawl.crawl.shared.addon.Shared": 0}

BOT_NAME = "gkcrawl"
SPIDER_MODULES = ["spiders"]
NEWSPIDER_MODULE = "spiders"
# `scrapy crawl` with an exit status that tells how the run ended.
COMMANDS_MODULE = "gkcrawl.crawl.commands"
LOG_LEVEL = "INFO"

# An honest name, and how to complain about us.
USER_AGENT = f"gkcrawl/{__version__}" + (f" (+{GKCRAWL_CONTACT})" if GKCRAWL_CONTACT else "")
# The sites are Chinese; some answer in English where English is asked for.
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "zh-CN,zh;q=0.9",
}

# A guest asks first. Robots.txt goes through the recorder like every other request.
ROBOTSTXT_OBEY = True
# The product token alone: a contact's address may hold another crawler's name.
ROBOTSTXT_USER_AGENT = "gkcrawl"
DOWNLOADER_MIDDLEWARES = {
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    # What a run that was stopped has been told is not asked again, robots.txt included.
    "gkcrawl.crawl.resume.Resume": 90,
    "gkcrawl.crawl.robots.RobotsMiddleware": 100,
    # Below all that decodes: what it gives is decoded.
    "gkcrawl.crawl.conditional.Conditional": 950,
    "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": None,
    "gkcrawl.crawl.decoding.Decompression": 590,
    "scrapy.downloadermiddlewares.redirect.MetaRefreshMiddleware": None,
    "gkcrawl.crawl.refreshing.MetaRefresh": 580,
    # Above what counts and paces: nobody is asked while too much waits to be read.
    "gkcrawl.crawl.backlog.Backlog": 980,
    # Below all that retries and redirects, so that they hear of every try.
    "gkcrawl.crawl.budget.Budget": 985,
    "gkcrawl.crawl.manners.Manners": 990,
    # What has nothing to do here costs each page all the same.
    "scrapy.downloadermiddlewares.httpauth.HttpAuthMiddleware": None,
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
}
# Likewise.
SPIDER_MIDDLEWARES = {
    "scrapy.spidermiddlewares.depth.DepthMiddleware": None,
    "scrapy.spidermiddlewares.metacopy.MetaCopyDetectionMiddleware": None,
}
# One request at a time per host, and a pause between them; slow servers get longer ones, since
# AutoThrottle never goes below DOWNLOAD_DELAY and starts there.
CONCURRENT_REQUESTS_PER_DOMAIN = 1
DOWNLOAD_DELAY = 2.0
# The pause is a promise to the host: jitter would make every second one shorter.
DOWNLOAD_DELAY_JITTER = 0.0
AUTOTHROTTLE_ENABLED = True
AUTOTHROTTLE_START_DELAY = 0.0
# Many small hosts, each slow: more of them at once makes no one of them busier.
CONCURRENT_REQUESTS = 32
# Scrapy makes as many tasks for each response, whatever came of it: its 100 cost as much as
# fetching the page. Here a page gives one item, which has been waited for.
CONCURRENT_ITEMS = 1
# Scrapy would parse the source of a callback for each response.
WARN_ON_GENERATOR_RETURN_VALUE = False

# For the whole exchange. County portals are slow, but not slower than this.
DOWNLOAD_TIMEOUT = 120
# The largest reports are scans of some 30 MiB; the default of 1 GiB would be held in memory.
DOWNLOAD_MAXSIZE = 64 * 2**20
DOWNLOAD_WARNSIZE = 32 * 2**20
# More than ten are a loop.
REDIRECT_MAX_TIMES = 10
# Seconds: a page that sends on later than this is to be read; often it only reloads itself.
METAREFRESH_MAXDELAY = 10

# Portals run expired or foreign certificates and old TLS. What is archived is what any reader
# there gets; the archive says that certificates were not verified.
DOWNLOAD_VERIFY_CERTIFICATES = False
DOWNLOAD_TLS_MIN_VERSION = "TLSv1.0"
DOWNLOADER_CLIENT_TLS_CIPHERS = "ALL"

# Nobody is logged in anywhere; and Scrapy's cookie jar would fetch the public suffix list.
COOKIES_ENABLED = False
# Only GKCRAWL_PROXY decides; Scrapy's middleware would also listen to http_proxy and no_proxy.
HTTPPROXY_ENABLED = False
# Both would open a port that runs code.
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False

# Everything that is fetched is recorded; a page must not lead to local files or to other protocols.
DOWNLOAD_HANDLERS = {
    "http": "gkcrawl.crawl.leasing.Handler",
    "https": "gkcrawl.crawl.leasing.Handler",
    "file": None,
    "data": None,
    "ftp": None,
    "s3": None,
}
# Ours: by what crawls of one home hold a host to one request at a time.
HOST_KEEPER = "gkcrawl.crawl.keeping.files"
EXTENSIONS = {
    # Before the work begins.
    "gkcrawl.crawl.collecting.Collecting": -30,
    # Before anything is made: a crawl without room, or twice at once, does not begin.
    "gkcrawl.crawl.room.Room": -20,
    "gkcrawl.crawl.sole.Sole": -10,
    # Before the others, so that they find it.
    "gkcrawl.crawl.recorder.Recorder": 0,
    "gkcrawl.crawl.indexing.Indexer": 10,
    # Judges what the Indexer has read.
    "gkcrawl.crawl.monitors.Monitors": 20,
    "gkcrawl.crawl.night.Night": 30,
}
ITEM_PIPELINES = {"gkcrawl.crawl.indexing.ReportPipeline": 100}
