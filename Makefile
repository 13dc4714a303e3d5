# Standpoint: `make run` and `make test` on a bare Debian 12 with python3, venv and GNU Make.
# Every path here is relative and every expansion quoted, so that a checkout's path may hold a space.

PYTHON ?= python3
PORT ?= 8000
DATA ?= $(or $(STANDPOINT_DATA),./standpoint-data)

# The shell reads these from its environment: no quoting in a recipe can then go wrong.
export PYTHON PORT DATA
export PIP_DISABLE_PIP_VERSION_CHECK = 1

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run test fuzz-text lock bench bench-attribution bench-figures bench-models bench-stance bench-store bank-report bank-table clean gold-report release-scores train-language train-encoder train-stance train-stance-head train-attribution train-figures train-blocks bench-map bench-pages openapi fuzz-api bench-search bench-stories accuracy screenshots bench-updates bench-judging fuzz-exports bench-exports torture-readers bench-briefing golden bench-ingest torture-ingest bench-api

PY := .venv/bin/python
LOCKED := pyproject.toml constraints.txt
INSTALL := $(PY) -m pip install -qq --constraint constraints.txt --editable

help: ## show this list
	@sed -n 's/^\([a-z-]*\):.*## /make \1\t/p' Makefile

# The port is tried before the analysis: nobody should wait for a map and then read that it is taken.
run: .venv/.run ## analyse the samples, print the map, serve it (PORT=8000 DATA=./standpoint-data)
	@$(PY) -c 'import os; from api.cli import require_free_port; require_free_port(os.environ["PORT"])'
	@.venv/bin/standpoint ingest --data "$$DATA" corpora/samples
	@.venv/bin/standpoint map --data "$$DATA"
	@.venv/bin/standpoint serve --data "$$DATA" --port "$$PORT" || [ $$? -eq 130 ]

test: .venv/.test ## formatter, linter, types, import contracts, tests, quality gate
	@$(PY) -m ruff format --no-cache --quiet --check --output-format concise .
	@$(PY) -m ruff check --no-cache --quiet --output-format concise .
	@$(PY) -m mypy --no-error-summary
	@.venv/bin/lint-imports --no-logo
	@$(PY) -m pytest -q -n auto --dist loadfile
	@.venv/bin/standpoint evaluate corpora/gold --split dev --topics corpora/gold/topics.json --gate

openapi: .venv/.run ## write api/openapi.json and api/briefing.schema.json anew, which tests hold the API to
	@.venv/bin/standpoint openapi > api/openapi.json
	@.venv/bin/standpoint brief --schema > api/briefing.schema.json

fuzz-api: .venv/.test ## Schemathesis with CASES=20000 cases, every check (some twenty minutes)
	@CASES="$${CASES:-20000}" $(PY) -m pytest -q -s tests/api/test_fuzz.py

fuzz-text: .venv/.test ## the property tests of texts with 100,000 examples each, over an hour (TEXTS=1000)
	@HYPOTHESIS_PROFILE=texts $(PY) -m pytest -q -m texts

fuzz-exports: .venv/.test ## every format of export read back by another reader, on ROWS=2000 hostile rows
	@ROWS="$${ROWS:-2000}" $(PY) -m pytest -q tests/api/test_exports.py
torture-readers: .venv/.test ## read DAMAGED=10000 files of the zoo with faults put in (SEED=11)
	@DAMAGED="$${DAMAGED:-10000}" $(PY) -m pytest -q tests/nlp/test_zoo.py -k damaged

bench: .venv/.run ## time the analysis of one article, the register and --help
	@$(PY) tests/bench_article.py

bench-attribution: .venv/.run ## measure who said what: scores on gold and PolNeAR, calibration, speed
	@$(PY) tests/bench_attribution.py

bench-map: .venv/.test ## time the map and the comparisons on a synthetic store (STATEMENTS=200000)
	@$(PY) tests/bench_map.py $(or $(STATEMENTS),200000)

bench-pages: .venv/.test ## time the map page in Chromium: first byte, largest paint, bytes, on a synthetic store (STATEMENTS=200000)
	@$(PY) tests/bench_pages.py $(or $(STATEMENTS),200000)

bench-updates: .venv/.test ## time the feed of updates on a synthetic store (STATEMENTS=200000)
	@$(PY) tests/bench_updates.py $(or $(STATEMENTS),200000)
bench-judging: .venv/.test ## time judgements, merges and their undoing on a synthetic store (STATEMENTS=20000)
	@$(PY) tests/bench_judging.py $(or $(STATEMENTS),20000)
bench-briefing: .venv/.test ## time briefings in every format on a synthetic store (STATEMENTS=200000)
	@$(PY) tests/bench_briefing.py $(or $(STATEMENTS),200000)

golden: .venv/.test ## write the golden briefings of the samples anew (tests/api/golden); read the diff
	@GOLDEN=write $(PY) -m pytest -q tests/api/test_briefing_golden.py

bench-stance: .venv/.train ## measure who stands where: scores, calibration, each method alone, speed
	@$(PY) tests/bench_stance.py

bench-figures: .venv/.run ## measure quoted money: the table beside two libraries, scores on gold, speed
	@$(PY) tests/bench_figures.py

bench-api: .venv/.test ## eight clients at one server over a synthetic store, both engines (ENGINES=sqlite STATEMENTS=200000 SECONDS=60)
	@$(PY) tests/bench_api.py $(ENGINES) --statements $(or $(STATEMENTS),200000) --seconds $(or $(SECONDS),60)

bench-store: .venv/.test ## measure the store on both engines: writers, pages, search, map (ENGINES=sqlite STATEMENTS=50000)
	@$(PY) tests/bench_store.py $(ENGINES) --statements $(or $(STATEMENTS),50000)
bench-exports: .venv/.test ## time exports of a synthetic store (ROWS=1000000, some ten minutes to fill it)
	@$(PY) tests/bench_exports.py $(or $(ROWS),1000000)

bench-search: .venv/.run ## measure search: quality on judged queries over gold, speed on synthetic statements
	@$(PY) tests/bench_search.py

bench-stories: .venv/.run ## measure one story of many copies: found and false, time of SIGNATURES=100000
	@$(PY) tests/bench_stories.py $(or $(SIGNATURES),100000)
bench-ingest: .venv/.run ## measure ingest: articles a second, stages, workers, memory of a long run (COUNT=100000 ARTICLES=400)
	@$(PY) tests/bench_ingest.py --articles $(or $(ARTICLES),400) --count $(or $(COUNT),100000)

torture-ingest: .venv/.test ## kill workers, parents, a cluster and readers at random (KILLS=500 ARTICLES=10000 FILES=10000)
	@KILLS=$(KILLS) ARTICLES=$(ARTICLES) SEED=$(SEED) $(PY) tests/torture_ingest.py local
	@SEED=$(SEED) $(PY) tests/torture_ingest.py cluster
	@FILES=$(FILES) SEED=$(SEED) $(PY) tests/torture_ingest.py malformed

gold-report: .venv/.run ## what the gold corpus holds, and how varied it is
	@$(PY) -m nlp.corpus_report corpora/gold

bank-report: .venv/.run ## what the statement bank holds, how varied it is, how far two readers agree
	@$(PY) -m nlp.bank_report corpora/bank

bank-table: .venv/.train ## support told from oppose on dev: lexicon, tone, cross-encoder, joined
	@$(PY) -m nlp.learn.baselines
	@$(PY) -m nlp.learn.baselines --batches

train-language: .venv/.train ## train the language pipeline (about an hour on two cores)
	@$(PY) -m nlp.learn.language

train-encoder: .venv/.train ## export the sentence encoder
	@$(PY) -m nlp.learn.encoder

train-stance: .venv/.train ## train the stance cross-encoder, and its halves for the head (an hour or two on two cores)
	@$(PY) -m nlp.learn.stance --halves

train-stance-head: .venv/.train ## train the stance head on what train-stance left (some minutes)
	@$(PY) -m nlp.learn.stance_head

train-attribution: .venv/.train ## train the linear models of attribution (a minute or two)
	@$(PY) -m nlp.learn.attribution

train-figures: .venv/.train ## train the models of funding figures (half a minute)
	@OMP_NUM_THREADS=1 $(PY) -m nlp.learn.figures

train-blocks: .venv/.train ## train the block model (some minutes on one core)
	@$(PY) -m nlp.learn.blocks

bench-models: .venv/.train ## measure the models: scores, speed, memory, size
	@$(PY) tests/bench_models.py

release-scores: .venv/.run ## score the test split, which nothing else may look at
	@.venv/bin/standpoint evaluate corpora/gold --split test --topics corpora/gold/topics.json

accuracy: .venv/.run ## measure the table of accuracy (README, page About) into models/accuracy.toml
	@.venv/bin/standpoint evaluate corpora/gold --split test --topics corpora/gold/topics.json --json > .venv/test.json
	@.venv/bin/standpoint evaluate "$${STANDPOINT_SHARED:-../shared}/gold" --json > .venv/press.json
	@$(PY) -m nlp.accuracy .venv/test.json .venv/press.json

screenshots: .venv/.test ## pictures of the pages over the samples, into tests/screenshots (needs Chromium)
	@$(PY) tests/make_screenshots.py

lock: .venv/.lock ## renew constraints.txt
	@$(PY) -m uv pip compile --quiet --universal --python-version 3.11 --upgrade --extra test --extra lock --extra train --extra bench --extra cluster \
	  --custom-compile-command "make lock" --output-file constraints.txt pyproject.toml

clean: ## remove the environment, caches and build output (never DATA)
	@rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis build dist
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/.made:
	@"$$PYTHON" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
	  { echo "Standpoint needs Python 3.11 or newer; '$$PYTHON' is none (make PYTHON=/path/to/python3.11)" >&2; exit 5; }
	@"$$PYTHON" -c 'import ensurepip, venv' 2>/dev/null || \
	  { echo "Python's venv module is missing (apt-get install python3-venv)" >&2; exit 5; }
	@"$$PYTHON" -m venv --clear .venv
	@touch $@

.venv/.run: $(LOCKED) | .venv/.made
	@echo "Installing Standpoint into .venv (once, a minute or two)" >&2
	@$(INSTALL) .
	@touch $@

.venv/.test: $(LOCKED) | .venv/.made
	@echo "Installing Standpoint and what its tests need into .venv (once, some minutes)" >&2
	@$(INSTALL) '.[test]'
	@touch $@ .venv/.run

.venv/.train: $(LOCKED) | .venv/.made
	@echo "Installing what training needs, PyTorch among it, into .venv (once, some minutes)" >&2
	@$(PY) -m pip install -qq --constraint constraints.txt "$$(grep -o '^torch==[^ ]*' constraints.txt)"
	@$(INSTALL) '.[test,train]'
	@touch $@ .venv/.run .venv/.test

.venv/.lock: pyproject.toml | .venv/.made
	@$(PY) -m pip install --quiet uv
	@touch $@
