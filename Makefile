# Two commands matter: `make demo` and `make test`. Both set up what they need.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
TOOLS := .venv-tools
TOOLS_READY := $(TOOLS)/.ready
PYWB := .venv-pywb
NEXT := .datasette-next
# More workers than processors, since half the time they wait for browsers, crawls and pauses; the
# order is that of tests/conftest.py.
SIDE_BY_SIDE = --numprocesses $(shell expr $$(getconf _NPROCESSORS_ONLN) \* 3 / 2) --dist loadfile --no-loadscope-reorder
NEXT_TESTS := $(wildcard tests/test_web.py tests/test_web_[c-r]*.py tests/test_web_stats.py)
VIEWER := .replayweb
VIEWER_VERSION := 2.5.3
VIEWER_SHA256 := b7d35c39c4da9b7121c5a393911d8675d4cc6f19513c380191e16b086bea812c

.PHONY: help setup tools demo test lint types imports pytest next bench-read bench-archive bench-find bench-web bench-scale test-faults golden docs lock dist dist-check clean

help:
	@echo "make demo    crawl the embedded world and show what came of it"
	@echo "make golden  keep a small archive of this version for the tests of later ones"
	@echo "make test    lint, types, import contract and the whole test suite"
	@echo "make next    the tests of the pages under the newest alpha of Datasette 1.0"
	@echo "make bench-read  how exactly and how fast reports are read, beside other tools, as JSON"
	@echo "make bench-find  what share of all reports is found, with how many requests, as JSON"
	@echo "make bench-archive  what keeping everything costs, beside other tools, as JSON"
	@echo "make bench-web   how quickly pages and search answer over 100,000 reports, as JSON"
	@echo "make bench-scale  a simulated year, many machines, the whole country, as JSON (hours)"
	@echo "make test-faults  the slow proofs: 200 kills, double starts, bodies of 2 GB"
	@echo "make lock    resolve the dependencies anew"
	@echo "make dist    build the wheel; make dist-check runs it in a venv and a folder of its own"
	@echo "make docs    write the CLI's help into docs/"

setup: $(READY)

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("gkcrawl needs Python 3.11 or newer; try: make PYTHON=python3.11 setup") if sys.version_info < (3, 11) else None'
	@$(PYTHON) -m venv $(VENV) || { echo "no venv module here; on Debian: apt-get install python3-venv"; exit 1; }
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --editable .
	@touch $@

# Other people's archive tools judge our files from a venv of their own: they pin what we do not.
$(TOOLS_READY): requirements-tools.lock
	$(PYTHON) -m venv $(TOOLS)
	$(TOOLS)/bin/python -m pip install --quiet --upgrade pip
	$(TOOLS)/bin/python -m pip install --quiet --require-hashes -r requirements-tools.lock
	@touch $@

# pywb pins versions that the other tools do not take, so it has a venv of its own.
$(PYWB)/.ready: requirements-pywb.lock
	$(PYTHON) -m venv $(PYWB)
	$(PYWB)/bin/python -m pip install --quiet --upgrade pip
	$(PYWB)/bin/python -m pip install --quiet --require-hashes -r requirements-pywb.lock
	@touch $@

# The viewer of ReplayWeb.page, as its makers publish it.
$(VIEWER)/.ready: Makefile
	@mkdir -p $(VIEWER)
	@if command -v npm >/dev/null; then \
		cd $(VIEWER) && npm pack --silent replaywebpage@$(VIEWER_VERSION) >/dev/null && \
		echo "$(VIEWER_SHA256)  replaywebpage-$(VIEWER_VERSION).tgz" | sha256sum --check --quiet && \
		tar xzf replaywebpage-$(VIEWER_VERSION).tgz && touch .ready; \
	else echo "npm is not here: replay in a browser is not tested"; fi

# Datasette's next major version, laid before the one that we depend on.
$(NEXT)/.ready: requirements-next.lock $(READY)
	rm -rf $(NEXT)
	$(BIN)/python -m pip install --quiet --no-warn-conflicts --require-hashes --no-deps --target $(NEXT) -r requirements-next.lock
	@touch $@

tools: $(TOOLS_READY) $(PYWB)/.ready $(VIEWER)/.ready

demo: $(READY)
	$(BIN)/gkcrawl demo

test: lint types imports pytest

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/yamllint --strict config
	$(BIN)/codespell

types: $(READY)
	$(BIN)/mypy

imports: $(READY)
	$(BIN)/lint-imports

pytest: $(READY) tools
	$(BIN)/pytest $(SIDE_BY_SIDE)

# May fail: it says what the next Datasette will ask of us.
next: $(NEXT)/.ready
	PYTHONPATH=$(NEXT) $(BIN)/pytest $(SIDE_BY_SIDE) $(NEXT_TESTS)

bench-read: $(READY)
	@mkdir -p artifacts
	$(BIN)/python -m bench.read --output artifacts/bench-read.json

test-faults: $(READY)
	$(BIN)/pytest tests/faults/kills.py tests/faults/huge.py

bench-archive: $(READY)
	@mkdir -p artifacts
	$(BIN)/python -m bench.archive --output artifacts/bench-archive.json

bench-find: $(READY)
	@mkdir -p artifacts
	$(BIN)/python -m bench.find --output artifacts/bench-find.json

bench-web: $(READY)
	@mkdir -p artifacts
	$(BIN)/python -m bench.web --output artifacts/bench-web.json

bench-scale: $(READY)
	@mkdir -p artifacts
	$(BIN)/python -m bench.scale --output artifacts/bench-scale.json

golden: $(READY)
	$(BIN)/python tools/golden.py

docs: $(READY)
	$(BIN)/python tools/write_docs.py

lock: $(READY)
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile --quiet --upgrade --generate-hashes --group dev --group bench --extra browser --extra ocr --extra parquet --extra redis --extra dask pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile --quiet --upgrade --generate-hashes requirements-tools.in -o requirements-tools.lock
	$(BIN)/uv pip compile --quiet --upgrade --generate-hashes requirements-pywb.in -o requirements-pywb.lock
	$(BIN)/uv pip compile --quiet --upgrade --prerelease allow --generate-hashes requirements-next.in -o requirements-next.lock

dist: $(READY)
	$(BIN)/python -m build --wheel

# The wheel with nothing of the checkout near it: an empty venv, an empty folder.
dist-check: dist
	rm -rf build/check && mkdir -p build/check/empty
	$(PYTHON) -m venv build/check/venv
	build/check/venv/bin/python -m pip install --quiet --upgrade pip
	build/check/venv/bin/python -m pip install --quiet dist/gkcrawl-*.whl
	cd build/check/empty && env -u GKCRAWL_HOME ../venv/bin/gkcrawl demo
	cd build/check/empty && GKCRAWL_HOME=demo-data ../venv/bin/gkcrawl verify

clean:
	rm -rf $(VENV) $(TOOLS) $(PYWB) $(NEXT) $(VIEWER) build dist demo-data artifacts .mypy_cache .ruff_cache .pytest_cache
