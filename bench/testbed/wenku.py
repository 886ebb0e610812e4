"""Reports on document-sharing sites (文库): flattened text in the wrapper of the site."""

import html
import random
import re

from bench.testbed.chrome import WORDS
from bench.testbed.flat import flatten
from bench.testbed.model import document
from bench.testbed.samples import Sample

HOSTS = (
    "www.360docs.net",
    "max.book118.com",
    "www.renrendoc.com",
    "www.docin.com",
    "www.taodocs.com",
)


def _lines(rng: random.Random, count: int) -> list[str]:
    return [t.format(k=rng.randint(3, 40)) for t in rng.sample(WORDS["wenku"], count)]


def wenku(seed: int) -> Sample:
    """Return the text of a document page as another's extractor left it."""
    rng = random.Random(f"wenku {seed}")
    doc = document(seed, salt="wenku")
    order = rng.choice(("rows", "columns", "displaced", "split", "marked"))
    name = doc.title + rng.choice((".docx", ".doc", ".pdf", ""))
    above, below = _lines(rng, 3), _lines(rng, 3)
    repeated = rng.choice((name * rng.randint(2, 6), name, ""))
    other = f"某县{doc.year - 1}年政府工作报告.docx"
    top = [
        above[0],
        "",
        name,
        "",
        f"云淡风轻。{rng.randint(3, 30)} 页 2.023 MB{above[1]}",
        repeated,
    ]
    doc.titled = True
    text = "\n".join([*top, above[2], name, "", flatten(doc, rng, order), "", *below, other])
    return _sample("wenku", seed, doc, text, [*above, *below, other], rng)


def wenku_html(seed: int) -> Sample:
    """Return the page of a document site: the text in boxes, one a page of the document."""
    rng = random.Random(f"wenku-html {seed}")
    doc = document(seed, salt="wenku-html")
    doc.titled = True
    order = rng.choice(("rows", "columns", "displaced", "split"))
    text = flatten(doc, rng, order)
    size = rng.randint(700, 1500)
    # A page of the document ends between two words or lines, never inside a number.
    pages = re.findall(rf"(?s).{{1,{size}}}(?=\s|$)\s?", text)
    above, below = _lines(rng, 4), _lines(rng, 5)
    boxes = "".join(
        f'<div class="page" id="p{k}"><div class="txt">{html.escape(p, quote=False)}</div></div>'
        for k, p in enumerate(pages, 1)
    )
    menu = "".join(f"<li><a href=/{k}>{x}</a></li>" for k, x in enumerate(above))
    foot = "".join(f"<p>{x}</p>" for x in below)
    page = (
        "<!DOCTYPE html><html><head><meta charset=utf-8>"
        f"<title>{doc.title} - 文库</title></head><body>"
        f"<ul class=nav>{menu}</ul><h1>{doc.title}</h1><div class=doc>{boxes}</div>"
        f"<div class=foot>{foot}</div></body></html>"
    )
    sample = _sample("wenku-html", seed, doc, page, [*above, *below], rng)
    sample.media_type, sample.suffix = "text/html", ".html"
    return sample


def _sample(name, seed, doc, text, chrome, rng) -> Sample:
    return Sample(
        rendering=name,
        seed=seed,
        content=text.encode(),
        url=f"https://{rng.choice(HOSTS)}/doc/{seed}.html",
        doc=doc,
        media_type="text/plain",
        suffix=".txt",
        chrome=chrome,
        sentences=doc.paragraphs(),
        flattened=True,
    )
