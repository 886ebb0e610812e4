"""Document-sharing sites (文库): copies of reports that a portal may have taken down.

What they show was uploaded by anybody, so such a copy never stands above the official one. Only
what an anonymous visitor is shown is kept, at one request in ten seconds.

History
  2026-11-22  first version, one site
"""

from gkcrawl.crawl.documentsites import DocumentSiteSpider


class WenkuSpider(DocumentSiteSpider):
    name = "wenku"
