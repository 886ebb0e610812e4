"""What of an archived page is shown: elements and attributes that can neither run nor load.

All else is left out, or becomes a ``span`` where it may hold text: portals have elements of their
own (``ucapcontent``, ``o:p``). Where an address stands is not said here but in ``markup``.
"""

import re


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


ELEMENTS = _words("""
    html head body address article aside footer header h1 h2 h3 h4 h5 h6 hgroup main nav section
    blockquote dd dir div dl dt figcaption figure hr li menu ol p pre ul a abbr acronym b bdi bdo
    big br cite code data del dfn em font i ins kbd mark nobr q rb rp rt rtc ruby s samp small span
    strike strong sub sup time tt u var wbr area img map audio video source track caption col
    colgroup table tbody td tfoot th thead tr button datalist fieldset input label legend meter
    optgroup option output progress select textarea details summary center style link svg
""")
# Their content goes too: it is no text of the page, or is read differently by different parsers.
DROPPED = _words("""
    script noscript template noembed noframes math base param bgsound keygen title meta
    portal fencedframe dialog slot selectedcontent isindex basefont
""")
RENAMED = {"form": "div", "marquee": "div", "xmp": "pre", "listing": "pre", "plaintext": "pre"}
# Other documents inside this one: a link stands in their place. Attribute -> where.
EMBEDDED = {
    "iframe": "src",
    "frame": "src",
    "embed": "src",
    "object": "data",
    "applet": "code",
    "ilayer": "src",
    "layer": "src",
}

ATTRIBUTES = _words("""
    abbr align alt axis bgcolor border bordercolor cellpadding cellspacing char charoff checked
    class clear color cols colspan compact controls coords datetime dir disabled face for frame
    headers height hidden high hspace id label lang link low max maxlength media min
    multiple muted name noshade nowrap open optimum placeholder role rows rowspan rules scope
    selected shape size sizes span start summary text title type usemap valign value vspace
    width wrap
""")
PREFIXED = re.compile(r"(?:data|aria)-[a-z0-9-]{1,60}")
INPUTS = _words("text search checkbox radio button submit reset number date password")

# Of SVG what draws and no more: no script, no animation, no foreign content, no loads.
DRAWING = _words("""
    svg g path rect circle ellipse line polyline polygon text tspan textpath defs symbol use
    lineargradient radialgradient stop clippath mask pattern marker
""")
DRAWING_ATTRIBUTES = _words("""
    class clip-path clip-rule clippathunits color cx cy d dominant-baseline dx dy fill fill-opacity
    fill-rule font-family font-size font-style font-weight fx fy gradienttransform gradientunits
    height id letter-spacing marker-end marker-mid marker-start markerheight markerunits
    markerwidth mask maskcontentunits maskunits offset opacity orient overflow
    patterncontentunits patterntransform patternunits points preserveaspectratio r refx refy rotate
    role rx ry spreadmethod stop-color stop-opacity stroke stroke-dasharray stroke-dashoffset
    stroke-linecap stroke-linejoin stroke-miterlimit stroke-opacity stroke-width style text-anchor
    textlength transform version viewbox visibility width x x1 x2 xml:space y y1 y2
""")
