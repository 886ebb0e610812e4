"""Text against table: what the sentences say beside what the cells hold (文表一致).

A figure of the text conflicts only where nothing that it may stand for has its value, the sentence
speaks of the whole issuer, and no other sentence says what the table says.
"""

from collections.abc import Iterator

from archive.records import Finding, FindingStatus, Number
from archive.report.findings.claims import claims
from archive.report.findings.material import Material, Sum
from archive.report.findings.speech import Claim

_LONGEST_QUOTE = 80


def told(material: Material) -> Iterator[Finding]:
    """Yield a finding for every quantity that the text tells and the tables hold, ``text.<id>``."""
    if not any(map(material.table, ("active_disclosure", "requests", "review_litigation"))):
        return
    said: dict[str, list[Claim]] = {}
    for claim in claims(material):
        said.setdefault(claim.id, []).append(claim)
    for found in said.values():
        yield from _compared(found, material)


def _compared(found: list[Claim], material: Material) -> Iterator[Finding]:
    known = [claim for claim in found if claim.readings[0].values(material)]
    agreeing = ((claim, reading) for claim in known if (reading := _fitting(claim, material)))
    pair = next(agreeing, None)
    if pair is not None:
        claim, reading = pair
        message = f"the text and the table say {claim.value}"
        yield _finding(claim, "agrees", message, claim.value, reading)
    elif known and all(c.sure for c in known) and len({c.value for c in known}) == 1:
        claim, reading = known[0], known[0].readings[0]
        table = reading.values(material)[0]
        said = f"the text says {claim.value} (“{shortened(claim.quote)}”), the table {table}"
        yield _finding(claim, "conflict", said, table, reading)


def _fitting(claim: Claim, material: Material) -> Sum | None:
    """Return the first sum of cells that has the value of the claim; None: no sum has."""
    for reading in claim.readings:
        if any(abs(claim.value - value) <= claim.precision for value in reading.values(material)):
            return reading
    return None


def _finding(
    claim: Claim, status: FindingStatus, message: str, table: Number, reading: Sum
) -> Finding:
    return Finding(
        f"text.{claim.id}", status, message, claim.value, table, reading.cells(), claim.quote
    )


def shortened(sentence: str, longest: int = _LONGEST_QUOTE) -> str:
    """Return a sentence in one line, its middle left out where it is longer than ``longest``."""
    line = " ".join(sentence.split())
    half = longest // 2
    return line if len(line) <= longest else f"{line[:half]}…{line[-half:]}"
