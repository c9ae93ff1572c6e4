# newsbeam: `make help` lists everything. Every target makes the environment it needs.

PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check
STAMP := $(VENV)/.installed
COVERED := tests/schemas tests/transforms tests/newsroom tests/newsbeam

.DEFAULT_GOAL := help

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{ printf "  %-12s %s\n", $$1, $$2 }'

venv: $(STAMP) ## the environment in .venv, from the lock file

# uv installs in a tenth of pip's time; where it cannot (it does not read pip.conf, with a mirror's address), pip does.
$(STAMP): requirements.lock pyproject.toml setup.py
	$(PYTHON) -m venv $(VENV)
	awk '/^[^ ]/ { is_uv = /^uv==/ } is_uv' requirements.lock > $(VENV)/uv.lock
	$(PIP) install --require-hashes -r $(VENV)/uv.lock
	$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements.lock || \
		$(PIP) install --require-hashes -r requirements.lock
	$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

demo: venv ## the main job against the bundled newsroom, twice, and what came of it
	$(BIN)/newsbeam demo

test: venv ## the whole suite, but for what has a target of its own below
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder tests

test-slow: venv ## floods, hostile pages and feeds, and what else takes more than a few seconds
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder -m 'slow and not stream' tests

test-crash: venv ## only the runs that are killed, also at each storage operation, and run again
	$(BIN)/python -m pytest -n 2 --dist load -m crash tests

test-stream: venv ## whole runs of a stream, without a cluster and in one process (`make test-crash` kills it 20 times)
	$(BIN)/python -m pytest -n 2 --dist loadfile -m 'stream' tests/stream tests/test_warm_stream.py

test-upkeep: venv ## whole runs of backfill, rebuild and forget, and recipes of readers that need no other environment
	$(BIN)/python -m pytest -n 2 --dist loadfile -m upkeep tests

test-s3: venv ## lakes in an object store: a real S3 server on loopback, which Go builds into .tools at the first time
	$(BIN)/python -m tests.s3.versitygw
	$(BIN)/python -m pytest -n 2 --dist loadfile -rs -m s3 tests/s3

test-readers: venv ## only the readers in docs/reading.md and Iceberg, in an environment that it makes; Spark needs Java 17
	$(BIN)/python -m pytest -n 2 --dist loadfile -rs -m readers tests/readers

test-browser: venv ## the report page in headless Chromium, which it installs from Debian's packages where it is root
	$(BIN)/python -m tests.browser.chromium
	$(BIN)/python -m pytest -p no:randomly -rs -m browser tests/browser

test-flink: venv ## only the runs on a Flink cluster, which it fetches and starts on loopback; needs Java, Maven and gcc
	$(BIN)/python -m pytest -p no:randomly -m flink tests/flink

test-deploy: venv ## only deploy/ against the schemas of Kubernetes, Flink's operator and Grafana, and a real Prometheus, which it fetches
	$(BIN)/python -m pytest -p no:randomly -rs -m schemas tests/deploy

test-archive: venv ## exports of pages replayed by pywb and judged by wacz, which pip fetches into .tools at the first time
	$(BIN)/python -m pytest -p no:randomly -rs -m archive tests/archive

coverage: venv ## which lines no test reaches, in what is tested within one process
	$(BIN)/python -m pytest -n 2 --dist loadfile --cov --cov-report=term-missing:skip-covered $(COVERED)

train: venv ## the models of text blocks anew, from folders of pages: make train PAGES="FOLDER FOLDER" [HELD="--held FOLDER"]
	$(PIP) install 'catboost>=1.2.10,<2'
	$(BIN)/python -m benchmarks.train_blocks $(PAGES) $(HELD) --old_layouts --output transforms/extract/body

lint: venv ## ruff, mypy, and vulture for dead code
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/vulture

docs: venv ## docs/commands.md, the tables of docs/tables.md, settings.md and metrics.md and the schema of settings anew, from the code
	$(BIN)/python -m schemas.column_docs
	$(BIN)/python -m pipelines.config.schema
	$(BIN)/python -m pipelines.telemetry.metric_docs
	$(BIN)/python -m pipelines.reference.command_docs

format: venv ## let ruff write the code's layout
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock: venv ## requirements.lock anew from the ranges in pyproject.toml
	$(BIN)/uv pip compile pyproject.toml --extra test --extra traces --generate-hashes --python-version 3.11 --no-header --quiet --output-file requirements.lock
	UV_CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/uv pip compile pyproject.toml --constraint requirements.lock --generate-hashes --python-version 3.11 --no-annotate --quiet --output-file deploy/requirements.lock

clean: ## remove what was made, but no lake of yours
	rm -rf $(VENV) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage demo-lake
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.PHONY: help venv demo test test-slow test-crash test-stream test-upkeep test-s3 test-flink test-deploy test-archive test-readers test-browser coverage train lint docs format lock clean
