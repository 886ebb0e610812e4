"""The standard tables of a report: found, read cell by cell, and held against their sums."""
