"""Requests and responses as the spiders make and take them."""

import gzip

import pytest
from scrapy import Request
from scrapy.exceptions import IgnoreRequest
from scrapy.http import HtmlResponse, Response
from scrapy.utils.test import get_crawler

from gkcrawl.crawl.decoding import LARGEST, Decompression
from gkcrawl.crawl.responses import page_of


def test_a_header_that_is_no_utf8_keeps_nobody_from_the_page() -> None:
    """Names of attachments stand in GBK in the headers of old portals."""
    name = 'attachment; filename="年报.doc"'.encode("gbk")
    headers = {"Content-Disposition": name, "Content-Type": "text/html; charset=gbk"}
    body = '<a href="1.htm">年报</a>'.encode("gbk")
    page = page_of(HtmlResponse("http://www.example.gov.cn/", headers=headers, body=body))
    assert [link.title for link in page.links] == ["年报"]
    assert page.headers["content-type"] == "text/html; charset=gbk"


@pytest.mark.parametrize(("size", "passes"), [(LARGEST, True), (LARGEST + 1, False)])
def test_what_unpacks_to_more_than_a_page_can_be_is_left(size: int, passes: bool) -> None:
    unpacking = Decompression.from_crawler(get_crawler())
    request = Request("http://www.example.gov.cn/")
    body = gzip.compress(bytes(size), mtime=0)
    response = Response(request.url, headers={"Content-Encoding": "gzip"}, body=body)
    if passes:
        assert len(unpacking.process_response(request, response).body) == size
    else:
        with pytest.raises(IgnoreRequest):
            unpacking.process_response(request, response)
