"""Reports as HTML under other names: Word's own HTML called .doc, and MHTML."""

import random
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText

from bench.testbed.articles import body_of, reference, tables_of
from bench.testbed.markup import Quirks
from bench.testbed.model import Document, document
from bench.testbed.samples import Sample


def _word_html(doc: Document, rng: random.Random) -> str:
    how = Quirks(cell="word", split_numbers=True, split_labels=rng.random() < 0.5)
    body = body_of(doc, rng, tables_of(doc, rng, how, split=rng.random() < 0.3))
    return (
        '<html xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:w="urn:schemas-microsoft-com'
        ':office:word" xmlns="http://www.w3.org/TR/REC-html40"><head><meta http-equiv=Content-Type '
        'content="text/html; charset=utf-8"><meta name=Generator content="Microsoft Word 15">'
        f"<title>{doc.title}</title><!--[if gte mso 9]><xml><w:WordDocument><w:View>Print</w:View>"
        "</w:WordDocument></xml><![endif]--><style>p.MsoNormal{mso-style-unhide:no}</style></head>"
        f"<body lang=ZH-CN><div class=WordSection1>{body}</div></body></html>"
    )


def _sample(name: str, seed: int, doc: Document, content: bytes, suffix: str) -> Sample:
    return Sample(
        rendering=name,
        seed=seed,
        content=content,
        url=None,
        doc=doc,
        media_type="application/msword",
        suffix=suffix,
        sentences=doc.paragraphs(),
        reference=reference(doc),
    )


def word_html(seed: int) -> Sample:
    """Return what Word saves as a web page, called .doc."""
    rng = random.Random(f"doc-html {seed}")
    doc = document(seed, salt="doc-html")
    return _sample("doc-html", seed, doc, _word_html(doc, rng).encode(), ".doc")


def mhtml(seed: int) -> Sample:
    """Return what Word saves as one file with all parts (MHTML), called .doc too."""
    rng = random.Random(f"mhtml {seed}")
    doc = document(seed, salt="mhtml")
    whole = MIMEMultipart("related", boundary=f"----=_NextPart_{seed:08}")
    part = MIMEText(_word_html(doc, rng), "html", "utf-8")
    part["Content-Location"] = "file:///C:/report.htm"
    whole.attach(part)
    return _sample("mhtml", seed, doc, whole.as_bytes(), ".doc")
