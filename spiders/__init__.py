"""Who publishes: one short module a province or document site; file name = spider name."""
