# newsbeam: `make help` lists everything. Every target makes the environment it needs.

# Whichever of python3.11, python3.12, python3.13 and python3 comes first; `make PYTHON=… venv` names another.
PYTHON ?=
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check
STAMP := $(VENV)/.installed
COVERED := tests/schemas tests/transforms tests/newsroom tests/newsbeam

.DEFAULT_GOAL := help

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{ printf "  %-14s %s\n", $$1, $$2 }'

venv: $(STAMP) ## the environment in .venv, from the lock file

# uv installs in a tenth of pip's time; where it cannot (it does not read pip.conf, with a mirror's address), pip does.
$(STAMP): requirements.lock pyproject.toml setup.py
	@python=$$(deploy/pick_python.sh $(PYTHON)) && "$$python" -m venv $(VENV)
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
	$(BIN)/python -m pytest -n 2 --dist loadfile -rs -m s3 tests/s3 tests/howto

test-readers: venv ## only the readers in docs/reading.md and Iceberg, in an environment that it makes; Spark needs Java 17
	$(BIN)/python -m pytest -n 2 --dist loadfile -rs -m readers tests/readers

test-browser: venv ## the report page in headless Chromium, which it installs from Debian's packages where it is root
	$(BIN)/python -m tests.browser.chromium
	$(BIN)/python -m pytest -p no:randomly -rs -m browser tests/browser

test-flink: venv ## only the runs on a Flink cluster, which it fetches and starts on loopback; needs Java, Maven and gcc
	$(BIN)/python -m pytest -p no:randomly -m flink tests/flink

test-deploy: venv ## what is in deploy/ by the programs it is for, which it fetches: Airflow, hadolint, Prometheus, schemas of Kubernetes and Grafana
	$(BIN)/python -m pytest -p no:randomly -rs -m deploy tests/deploy tests/howto

test-pythons: venv ## the tests that depend most on the interpreter, on each other Python from 3.11 to 3.13 that is here
	$(BIN)/python -m tests.other_pythons

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

# For all Pythons at once: what only one of them, or another system, needs stands there with its condition. Packages for
# Windows alone are left out.
LOCK := uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --quiet \
	--no-emit-package colorama --no-emit-package tzdata

lock: venv ## both lock files anew from the ranges in pyproject.toml
	$(BIN)/$(LOCK) --extra test --extra traces --no-header --output-file requirements.lock
	UV_CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/$(LOCK) --constraint requirements.lock --no-annotate --output-file deploy/requirements.lock

sbom: venv ## dist/newsbeam.cdx.json: all packages that an installation runs, with licences and hashes, as CycloneDX
	$(BIN)/python -m deploy.sbom dist/newsbeam.cdx.json

check-pythons: venv ## that both lock files are to be had as wheels for each Python and processor; fetches none of them
	@for lock in requirements.lock deploy/requirements.lock; do for python in 3.11 3.12 3.13; do for cpu in x86_64 aarch64; do \
		$(BIN)/uv pip install --dry-run --quiet --require-hashes --only-binary :all: --python-version $$python \
			--python-platform $$cpu-manylinux_2_28 --target $(VENV)/none --requirements $$lock || exit 1; \
		echo "$$lock: wheels for Python $$python on $$cpu"; \
	done; done; done

clean: ## remove what was made, but no lake of yours
	rm -rf $(VENV) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage demo-lake
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.PHONY: help venv demo test test-slow test-crash test-stream test-upkeep test-s3 test-flink test-deploy test-archive test-readers test-browser test-pythons coverage train lint docs format lock sbom check-pythons clean
