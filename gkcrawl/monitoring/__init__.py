"""Whether a crawl went as it should: what is expected of it, what was measured, who is told.

``rules`` reads what is expected, ``facts`` says what a run is judged by, ``measuring`` makes
numbers of that and ``judging`` verdicts of the numbers; these four do no I/O beyond reading the
file of rules. ``notifying`` tells people, ``metrics`` programs.
"""
