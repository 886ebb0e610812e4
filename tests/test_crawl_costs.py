"""What a crawl does not do for each page: look for garbage, and for redirects that cannot be."""

import gc
from collections.abc import Iterator

import pytest
from scrapy import Request
from scrapy.http import HtmlResponse, Response
from scrapy.utils.test import get_crawler

from gkcrawl.crawl.collecting import ALLOCATIONS, Collecting
from gkcrawl.crawl.refreshing import SEARCHED, MetaRefresh

URL = "http://www.ynxx.gov.cn/zfxxgk/"
HEAD = '<html><head><META HTTP-EQUIV="{}" content="0; url=gknb/"></head>'


@pytest.fixture
def collection() -> Iterator[None]:
    before = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*before)


@pytest.mark.usefixtures("collection")
def test_what_stands_at_the_beginning_is_not_looked_through_again() -> None:
    Collecting().begin()
    assert gc.get_freeze_count() > 10_000
    assert gc.get_threshold()[0] == ALLOCATIONS


def answer(body: bytes, encoding: str) -> tuple[MetaRefresh, Request, Response]:
    request = Request(URL)
    response = HtmlResponse(URL, body=body, encoding=encoding, request=request)
    crawler = get_crawler(settings_dict={"METAREFRESH_MAXDELAY": 10})
    crawler.spider = crawler._create_spider()
    return MetaRefresh.from_crawler(crawler), request, response


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("name", ["refresh", "Refresh", "REFRESH"])
def test_a_page_that_sends_on_is_followed_in_any_encoding(name: str, encoding: str) -> None:
    body = HEAD.format(name).encode(encoding)
    middleware, request, response = answer(body, encoding)
    followed = middleware.process_response(request, response)
    assert isinstance(followed, Request)
    assert followed.url == URL + "gknb/"


def test_any_other_page_is_not_even_decoded() -> None:
    body = HEAD.format("description").encode() + b" " * SEARCHED + b"refresh"
    middleware, request, response = answer(body, "utf-8")
    assert middleware.process_response(request, response) is response
    assert getattr(response, "_cached_ubody", None) is None
