# Wordround: `make help` lists the targets. Needs Python 3.11, 3.12 or 3.13 and make; everything else comes with it and
# stays inside this folder.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
HOME_OF_CACHES := $(CURDIR)/.cache

# Nothing is written outside the clone, and nothing phones home.
export UV_CACHE_DIR := $(HOME_OF_CACHES)/uv
export PIP_CACHE_DIR := $(HOME_OF_CACHES)/pip
export PRE_COMMIT_HOME := $(HOME_OF_CACHES)/pre-commit
export XDG_CACHE_HOME := $(HOME_OF_CACHES)
export MPLCONFIGDIR := $(HOME_OF_CACHES)/matplotlib
export PYTHONDONTWRITEBYTECODE :=
export DO_NOT_TRACK := 1
export GX_ANALYTICS_ENABLED := false

.DEFAULT_GOAL := help
.PHONY: help demo web test test-fast test-bluesky-live up down lint format types bench profile chaos fuzz dictionary sample-data lock release clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-17s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: $(VENV)/.runtime ## Set up and run the main job on synthetic comments, through Airflow
	@$(BIN)/wordround demo

web: $(VENV)/.runtime ## Serve the web page of your own data, to this machine alone; of the demo's: make web DEMO=1
	@$(BIN)/wordround serve $(if $(DEMO),--demo)

# A process a core; tests/conftest.py says which files stay together and in which order they come.
PYTEST := $(BIN)/python -m pytest --numprocesses logical --maxprocesses 8 --dist loadscope --no-loadscope-reorder
test: $(VENV)/.dev ## Set up and run every test
	@$(PYTEST)

test-fast: $(VENV)/.dev ## Run what a change breaks first, in under a minute: unit tests and documentation
	@$(PYTEST) -m "not slow" --hypothesis-profile fast tests/unit tests/docs

BLUESKY := $(HOME_OF_CACHES)/bluesky-live
test-bluesky-live: $(VENV)/.dev ## Set up the real Bluesky server (needs Node and a compiler) and run the connector against it
	@tests/live/bluesky/setup.sh $(BLUESKY)
	@WORDROUND_LIVE_BLUESKY=$(BLUESKY) $(BIN)/python -m pytest tests/live

up: $(VENV)/.runtime ## Start Airflow for daily use, on this machine only
	@$(BIN)/wordround up

down: $(VENV)/.runtime ## Stop Airflow and everything it started
	@$(BIN)/wordround down

lint: $(VENV)/.dev ## Check style, types, SQL and who may import whom
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy && $(BIN)/sqlfluff lint dbt --processes 2 && $(BIN)/lint-imports

format: $(VENV)/.dev ## Format Python and SQL
	@$(BIN)/ruff check --fix . ; $(BIN)/ruff format . ; $(BIN)/sqlfluff fix dbt --processes 2

bench: $(VENV)/.dev ## Measure everything against plain loops, beside the last run: POSTS=1000000 SIZES="10000 100000 1000000" ONLY=chain
	@$(BIN)/python bench/run.py $(if $(POSTS),--posts $(POSTS)) $(if $(SIZES),--sizes $(SIZES)) $(if $(ONLY),--only $(ONLY))

profile: $(VENV)/.dev ## Show where the time of a step goes, on your own data: STEP=build, or STEP=ingest FILE=answers.csv
	@$(BIN)/python bench/profile_step.py $(STEP) $(FILE)

chaos: $(VENV)/.dev ## Let faults happen on both engines and look at what is left, for 20 minutes: MINUTES=20 SEED=1 ENGINE=duckdb KIND=killed
	@$(BIN)/python -m tests.chaos.campaign $(if $(MINUTES),--minutes $(MINUTES)) $(if $(SEED),--seed $(SEED)) $(if $(ENGINE),--engine $(ENGINE)) $(if $(KIND),--kind "$(KIND)")

fuzz: $(VENV)/.dev ## Change what others make and look how it is read, for 10 minutes a kind: MINUTES=10 SEED=1 WHAT="text tables"
	@$(BIN)/python -m tests.fuzz.campaign $(if $(MINUTES),--minutes $(MINUTES)) $(if $(SEED),--seed $(SEED)) $(if $(WHAT),--what "$(WHAT)")

dictionary: $(VENV)/.dev ## Write the data dictionary and dbt's page of models and lineage from the dbt project
	@$(BIN)/wordround dictionary

sample-data: $(VENV)/.dev ## Make the synthetic comments and posts again
	@$(BIN)/python sample_data/make_sample_data.py
	@$(BIN)/python sample_data/make_social_data.py

COMPILE = $(SET_UP) $(BIN)/uv pip compile --quiet --upgrade --universal --generate-hashes --no-header --no-emit-index-url --python-version 3.11
lock: $(VENV)/.uv ## Choose the newest allowed versions of everything, with hashes
	@$(COMPILE) pyproject.toml -o requirements.lock
	@$(COMPILE) pyproject.toml --group dev -c requirements.lock -o requirements-dev.lock
	@printf 'psycopg2-binary>=2.9\nasyncpg>=0.30\npsycopg[binary]>=3.2\n' | $(COMPILE) --no-annotate -c requirements.lock -c requirements-dev.lock - -o requirements-postgres.lock
	@printf 'duckdb-extension-ducklake\nduckdb-extension-postgres-scanner\nduckdb-extension-httpfs\npsycopg[binary]>=3.2\n' | $(COMPILE) --no-annotate -c requirements.lock -c requirements-dev.lock - -o requirements-ducklake.lock
	@printf 'apache-airflow-providers-celery>=3.26\ncelery<5.7\nredis>=6\n' | $(COMPILE) --no-annotate -c requirements.lock -c requirements-dev.lock - -o requirements-celery.lock
	@printf 'cyclonedx-bom>=7\n' | $(COMPILE) --no-annotate - -o requirements-release.lock
	@printf 'uv\nhatchling\neditables\n' | $(COMPILE) --no-annotate - -o requirements-setup.lock

# The tool that lists what is in the package has an environment of its own: nothing of Wordround needs what it needs.
SBOM := $(VENV)/sbom
$(SBOM)/.made: $(VENV)/.uv requirements-release.lock
	@$(SET_UP) $(PYTHON) -m venv --clear $(SBOM)
	@$(SET_UP) $(BIN)/uv pip install --quiet --python $(SBOM)/bin/python --require-hashes -r requirements-release.lock
	@touch $@

release: $(VENV)/.uv $(SBOM)/.made ## Build what a release holds, below dist/: wheel, source, SBOM (CycloneDX), what changed, checksums
	@$(SET_UP) $(PYTHON) release.py --uv $(BIN)/uv --sbom $(SBOM)/bin/cyclonedx-py $(if $(TAG),--tag '$(TAG)')

clean: ## Remove the environment and the caches; data stay
	rm -rf $(VENV) .cache .pytest_cache .mypy_cache .ruff_cache .hypothesis

# Gives pip and uv the network's certificates, proxy and index, and says in one sentence what refused.
SET_UP = $(PYTHON) set_up.py

$(VENV)/.uv: requirements-setup.lock
	@$(PYTHON) -c 'import sys; sys.exit(0 if (3, 11) <= sys.version_info[:2] <= (3, 13) else f"Wordround needs Python 3.11, 3.12 or 3.13; {sys.executable} is {sys.version.split()[0]}. Say which: make PYTHON=python3.12 demo")'
	@echo "Setting up in $(VENV) (once, about a minute) ..."
	@$(SET_UP) $(PYTHON) -m venv --clear $(VENV)
	@$(SET_UP) $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-setup.lock
	@touch $@

$(VENV)/.runtime: $(VENV)/.uv requirements.lock pyproject.toml
	@$(SET_UP) $(BIN)/uv pip install --quiet --compile-bytecode --require-hashes -r requirements.lock
	@$(SET_UP) $(BIN)/uv pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.runtime requirements-dev.lock
	@$(SET_UP) $(BIN)/uv pip install --quiet --compile-bytecode --require-hashes -r requirements-dev.lock
	@touch $@
