# newsbeam: `make help` lists everything. Every target makes the environment it needs.

PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
PACKAGES := schemas transforms pipelines newsroom

.DEFAULT_GOAL := help

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{ printf "  %-12s %s\n", $$1, $$2 }'

venv: $(STAMP) ## the environment in .venv, from the lock file

$(STAMP): requirements.lock pyproject.toml setup.py
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

demo: venv ## the main job against the bundled newsroom, twice, and what came of it
	$(BIN)/newsbeam demo

test: venv ## the whole suite, but for the runs that are killed
	$(BIN)/python -m pytest -n 2 --dist loadfile tests

test-crash: venv ## only the runs that are killed, also at each storage operation, and run again
	$(BIN)/python -m pytest -n 2 --dist load -m crash tests/test_crash.py tests/test_crash_points.py

train: venv ## the models of text blocks anew, from folders of pages: make train PAGES="FOLDER FOLDER"
	$(BIN)/python -m pip install --quiet --disable-pip-version-check 'catboost>=1.2.10,<2'
	$(BIN)/python -m benchmarks.train_blocks $(PAGES) --output transforms/extract/body

lint: venv ## ruff, mypy, and vulture for dead code
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/vulture

format: venv ## let ruff write the code's layout
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock: venv ## requirements.lock anew from the ranges in pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check 'uv>=0.9'
	$(BIN)/uv pip compile pyproject.toml --extra test --generate-hashes --python-version 3.11 --no-header --quiet --output-file requirements.lock
	UV_CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/uv pip compile pyproject.toml --constraint requirements.lock --generate-hashes --python-version 3.11 --no-annotate --quiet --output-file deploy/requirements.lock

clean: ## remove what was made, but no lake of yours
	rm -rf $(VENV) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis demo-lake
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.PHONY: help venv demo test test-crash train lint format lock clean
