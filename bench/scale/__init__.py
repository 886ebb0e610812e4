"""Years unattended, and more than one machine: what is measured of both (bench/README.md)."""
