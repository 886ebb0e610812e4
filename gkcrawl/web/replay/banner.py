"""The line above an archived page: what this is, from when, and that nothing of it ran."""

import lxml.html

from archive.records import StoredExchange
from gkcrawl.web.labels import moment
from gkcrawl.web.language import current, say
from gkcrawl.web.replay.addresses import BYTES, REPLAY, exact_stamp, replay_path, written
from gkcrawl.web.replay.links import Links

# Each of them is more than what a page may say of all its elements.
_STYLES = {
    "div": {
        "all": "initial",
        "display": "block",
        "position": "relative",
        "z-index": "2147483647",
        "box-sizing": "border-box",
        "width": "100%",
        "margin": "0",
        "padding": "8px 14px",
        "border-bottom": "2px solid #14507f",
        "background": "#f3f5f8",
        "color": "#1c2430",
        "text-align": "left",
        "overflow-wrap": "anywhere",
        "font": "14px/1.6 'PingFang SC','Microsoft YaHei','Noto Sans CJK SC',"
        "'WenQuanYi Zen Hei',sans-serif",
    },
    "span": {"all": "unset", "color": "#1c2430"},
    "strong": {"all": "unset", "font-weight": "bold"},
    "a": {"all": "unset", "color": "#14507f", "text-decoration": "underline", "cursor": "pointer"},
}


def banner(stored: StoredExchange, links: Links) -> lxml.html.HtmlElement:
    """Return the element that stands above an archived page, in the language of the request."""
    capture = stored.capture
    made = _element("div")
    made.set("lang", current())
    _say(made, "strong", say("存档副本"))
    for fact in _facts(stored):
        _say(made, "span", " · " + fact)
    at = exact_stamp(capture.captured_at)
    ways = [
        (say("各次采集"), f"{REPLAY}*/{written(capture.url)}"),
        (say("原始字节"), replay_path(capture.url, at, BYTES)),
    ]
    if capture.kind == "rendered":
        ways.append((say("截图"), f"/capture/{capture.id}/screenshot"))
    for words, path in ways:
        _say(made, "span", " · ")
        _say(made, "a", words).set("href", links.path(path))
    return made


def _facts(stored: StoredExchange) -> list[str]:
    capture = stored.capture
    rendered = capture.kind == "rendered"
    facts = [
        say("采集于 {moment}", moment=moment(capture.captured_at)),
        say("原址 {url}", url=capture.url),
        say("摘要 {digest}", digest=capture.payload_digest or say("无")),
    ]
    if capture.status not in (200, None):
        facts.append(say("原站应答 {status}", status=capture.status))
    if stored.revisit:
        facts.append(say("内容与先前一次采集相同，取自那一次"))
    if stored.truncated:
        facts.append(say("接收不完整"))
    facts.append(
        say("采集时由浏览器渲染；在此未运行任何脚本") if rendered else say("未运行任何脚本")
    )
    return facts


def _say(parent: lxml.html.HtmlElement, tag: str, text: str) -> lxml.html.HtmlElement:
    made = _element(tag)
    made.text = "".join(c for c in text if c.isprintable())
    parent.append(made)
    return made


def _element(tag: str) -> lxml.html.HtmlElement:
    style = ";".join(f"{name}:{value}!important" for name, value in _STYLES[tag].items())
    return lxml.html.Element(tag, style=style)
