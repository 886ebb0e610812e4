"""What a sentence claims, and whose figures it tells."""

import re
from dataclasses import dataclass
from typing import Literal

from archive.records import Number
from archive.report.findings.clauses import Clause
from archive.report.findings.material import Material, Sum, plain_name
from archive.report.findings.words import AREA, LEAD, OWN_OFFICE, PART, TRAIL, WHOLE

Whose = Literal["whole", "unsure", "part"]
# Whose the figures of the whole area (全市) are, by the kind of issuer; unsure where not named.
_AREAS: dict[str | None, Whose] = {
    "government": "whole",
    "town_government": "whole",
    "subdistrict_office": "whole",
    "development_zone": "whole",
    "department": "part",
    "public_institution": "part",
}


@dataclass(frozen=True, slots=True)
class Claim:
    """One figure of the text that stands for cells of a table."""

    id: str
    """Without ``text.``: new_requests, granted, review, …"""
    value: Number
    readings: tuple[Sum, ...]
    """What it may stand for, the plainest first."""
    quote: str
    sure: bool = True
    """False: it may be of a part of the issuer, so it can agree and never conflict."""
    precision: Number = 0
    """How far the cell may be away."""


@dataclass(slots=True)
class Speech:
    """What a paragraph has spoken of so far."""

    material: Material
    section: str
    topic: str | None = None
    """requests, a route of review and litigation, a row of documents, other; None: nothing yet."""
    about: bool = False
    """Disclosure of information was mentioned."""
    part: bool = False
    """The last figures were those of a part of the issuer."""
    within: bool = False
    """其中 has begun to divide a figure of this sentence."""
    divided: bool = False
    """It divides what was received by bodies: the figures that follow are theirs."""
    other_year: bool = False
    """The sentence speaks of another year."""

    def is_whole(self) -> bool:
        """Whether figures without a subject are those of the issuer."""
        return not (self.part or self.divided)


def whose(who: str, clause: Clause, speech: Speech) -> Whose:
    """Return whose figures follow the words ``who``: the issuer's, perhaps its, or a part's."""
    issuer, names = speech.material.issuer, speech.material.names()
    said = subject(who)
    if not said:
        parts = (plain_name(found[0]) for found in PART.finditer(clause.before + who))
        return "unsure" if any(part not in names for part in parts) else "whole"
    aggregate = issuer.scope == "aggregate"
    if WHOLE.fullmatch(said):
        if AREA.match(said):
            return _AREAS.get(issuer.kind, "unsure")
        return "unsure" if aggregate and OWN_OFFICE.fullmatch(said) else "whole"
    if said in names:
        # 市政府 in the report of a city may be the city or the government's own office.
        return "unsure" if aggregate and said.endswith("政府") else "whole"
    return "part"


def subject(who: str) -> str:
    """Return the organ that ``who`` names, without times and adverbs; "": it names none."""
    lead = LEAD.match(who)
    return plain_name(TRAIL.sub("", who[lead.end() :] if lead else who))


def count(clause: Clause, match: re.Match[str] | None = None) -> int:
    """Return the first count of a clause, or the one before the group ``rest`` of ``match``."""
    end = len(clause.text)
    place = clause.text.find("#") if match is None else clause.text.rfind("#", 0, match.end("n"))
    before = clause.text[: place if place >= 0 else end]
    value = clause.values[before.count("#") + before.count("$")]
    assert isinstance(value, int), "a rule for counts matched"
    return value
