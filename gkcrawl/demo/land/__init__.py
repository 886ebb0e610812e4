"""The land: a large world of portals on every publishing system, as the test bed of finding.

The small world beside it is a tour of what gkcrawl does; this one asks whether it finds everything,
with how many requests, and how it behaves. Its truth names every report and every decoy.
"""

from gkcrawl.demo.land.world import Land

__all__ = ["Land"]
