"""Scrapy with other budgets: ``python -m bench.find_endless_crawl BUDGETS crawl yunnan ...``.

``BUDGETS`` is a JSON object, module -> name -> value: what stands in the crawl as a constant, and
is something else in this process.
"""

import importlib
import json
import sys

from scrapy.cmdline import execute


def main(budgets: str, *command: str) -> None:
    """Crawl with other budgets."""
    for module, names in json.loads(budgets).items():
        target = importlib.import_module(module)
        for name, value in names.items():
            if not hasattr(target, name):
                raise AttributeError(f"{module} has no {name}")
            setattr(target, name, value)
    execute(["scrapy", *command])


if __name__ == "__main__":
    main(*sys.argv[1:])
