# What one does with Telisik while working on it. `make` alone lists the targets.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
DATA ?= $(TELISIK_DATA)

WHOOSH2_VENV ?= .venv-whoosh2
WHOOSH2_READY := $(WHOOSH2_VENV)/.ready
WHOOSH2_TESTS := $(addprefix tests/test_,$(addsuffix .py,analysis stemming store postings segments writer kill \
	whoosh_traps search_exact query_rows likeness wordbook highlights census entries))

.PHONY: help demo lighthouse test test-whoosh2 lint bench bench-large bench-http bench-pages eval eval-parts ner tagger people-sample topics \
	screenshots messages lock clean

help: ## list the targets
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z0-9-]+):.*## /\1\t/' | expand -t 14

$(READY): requirements.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

demo: $(READY) ## an archive of the sample articles, searchable in the browser
	$(BIN)/telisik demo

test: $(READY) ## all tests; what needs a browser or real data skips with its reason where that is absent
	$(BIN)/pytest

$(WHOOSH2_READY): requirements.lock pyproject.toml
	$(PYTHON) -m venv $(WHOOSH2_VENV)
	$(WHOOSH2_VENV)/bin/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(WHOOSH2_VENV)/bin/pip uninstall --quiet --yes whoosh3
	$(WHOOSH2_VENV)/bin/pip install --quiet --disable-pip-version-check --force-reinstall --no-deps whoosh==2.7.4
	@touch $@

test-whoosh2: $(WHOOSH2_READY) ## the tests of index and search with Whoosh 2.7.4 in place of whoosh3
	$(WHOOSH2_VENV)/bin/python -c 'import whoosh; assert whoosh.__version__ == (2, 7, 4), whoosh.__version__'
	$(WHOOSH2_VENV)/bin/python -m pytest $(WHOOSH2_TESTS)

lint: $(READY) ## style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: $(READY) ## speed, size and memory at 10,000 and 100,000 articles, then quality on the retrieval sets (needs TELISIK_DATA)
	$(BIN)/python -m tests.bench.speed 10000 100000
	$(BIN)/python -m tests.bench.quality

bench-large: $(READY) ## speed, size and memory at a million articles: half an hour, 20 GB of disk (needs TELISIK_DATA)
	$(BIN)/python -m tests.bench.speed 1000000 --engines telisik,tantivy,fts5

bench-http: $(READY) ## /search.json at 100,000 articles under eight clients (needs TELISIK_DATA and wrk)
	$(BIN)/python -m tests.bench.http_load 100000

bench-pages: $(READY) ## result pages and pages of persons and topics at 100,000 articles (needs TELISIK_DATA)
	$(BIN)/python -m tests.bench.pages 100000

eval: $(READY) ## quality alone: MRR@10, nDCG@10 and Recall@100 beside SQLite FTS5 and Snowball (needs TELISIK_DATA)
	$(BIN)/python -m tests.bench.quality

ner: $(READY) ## how well persons, organisations and places are found, by cross-validation: four minutes (needs TELISIK_DATA)
	$(BIN)/python -m tests.bench.ner

tagger: $(READY) ## train the tagger again and write its model: two minutes (needs TELISIK_DATA)
	$(BIN)/python -m tests.bench.train_tagger

eval-parts: $(READY) ## what each part of the ranking is worth, and settings cross-validated: ten minutes (needs TELISIK_DATA)
	$(BIN)/python -m tests.bench.parts

people-sample: $(READY) ## how the persons of 200 real articles are found, against what a reader noted (needs TELISIK_DATA)
	$(BIN)/python -m tests.bench.people_sample

topics: $(READY) ## how the shipped topics agree with sections: precision, recall and F1 (needs TELISIK_DATA)
	$(BIN)/python -m tests.bench.topics

screenshots: $(READY) ## the pictures of the README (needs chromium)
	$(BIN)/python -m tests.screenshots

lighthouse: $(READY) ## what Lighthouse says of the search and the article page (needs chromium and npx)
	$(BIN)/python -m tests.bench.lighthouse

messages: $(READY) ## update the Indonesian catalogue from the code
	$(BIN)/python -m tests.catalogue

lock: $(READY) ## resolve the dependencies of pyproject.toml again, with hashes
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--extra dev --extra browser --extra bench --no-header --output-file requirements.lock pyproject.toml

clean: ## remove what was made here
	rm -rf $(VENV) $(WHOOSH2_VENV) build *.egg-info .pytest_cache .mypy_cache .ruff_cache .bench
