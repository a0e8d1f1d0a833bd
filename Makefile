# What one does with Telisik while working on it. `make` alone lists the targets.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
DATA ?= $(TELISIK_DATA)

.PHONY: help demo test lint bench eval screenshots messages lock clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 14

$(READY): requirements.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

demo: $(READY) ## an archive of the sample articles, searchable in the browser
	$(BIN)/telisik demo

test: $(READY) ## all tests; what needs a browser or real data skips with its reason where that is absent
	$(BIN)/pytest

lint: $(READY) ## style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: $(READY) ## speed, size and memory at 10,000 articles, then quality on the retrieval sets (needs TELISIK_DATA)
	$(BIN)/python -m tests.bench.speed
	$(BIN)/python -m tests.bench.quality

eval: $(READY) ## quality alone: MRR@10 and Recall@100 beside SQLite FTS5 and Snowball (needs TELISIK_DATA)
	$(BIN)/python -m tests.bench.quality

screenshots: $(READY) ## the pictures of the README (needs chromium)
	$(BIN)/python -m tests.screenshots

messages: $(READY) ## update the Indonesian catalogue from the code
	$(BIN)/python -m tests.catalogue

lock: $(READY) ## resolve the dependencies of pyproject.toml again, with hashes
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--extra dev --extra browser --extra bench --no-header --output-file requirements.lock pyproject.toml

clean: ## remove what was made here
	rm -rf $(VENV) build *.egg-info .pytest_cache .mypy_cache .ruff_cache .bench
