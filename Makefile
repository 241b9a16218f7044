# tieout: every target is described by `make help`.
.DEFAULT_GOAL := help
SHELL := /bin/bash

PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --quiet --quiet --disable-pip-version-check

export DBT_SEND_ANONYMOUS_USAGE_STATS := false
export GX_ANALYTICS_ENABLED := false
export RUNTIME__DLTHUB_TELEMETRY := false
export PATH := $(CURDIR)/$(BIN):$(PATH)

.PHONY: help setup setup-dev run test test-fast bench bench-load bench-engine bench-chain mutants seeds month-ends lint format docs lock clean

help: ## Show the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sort | awk -F ':.*## ' '{printf "  %-10s %s\n", $$1, $$2}'

$(VENV)/.runtime: requirements.lock pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing what tieout runs on (a few minutes the first time)"
	@$(PIP) install --require-hashes -r requirements.lock
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.runtime
	@echo "Installing the tools for tests and linting"
	@$(PIP) install --require-hashes -r requirements-dev.lock
	@touch $@

setup: $(VENV)/.runtime ## Install what a run needs into .venv

setup-dev: $(VENV)/.dev ## Install what tests and linters need as well

run: setup ## Set up and run the whole path: load, build, check, publish, report
	@$(BIN)/tieout run

test: setup-dev ## Set up and run all tests
	@$(BIN)/python -m pytest --numprocesses 2 --dist loadfile --no-loadscope-reorder

test-fast: setup-dev ## Run the tests that start neither dlt, dbt nor Great Expectations
	@$(BIN)/python -m pytest -m "not integration and not end_to_end"

bench: bench-load bench-engine bench-chain ## Measure everything against its budgets (many minutes)

bench-engine: setup ## Measure the engine on a million contract lines against its budgets (minutes)
	@$(BIN)/python -m benchmarks.engine

bench-chain: setup ## Measure the reconciliation of a million contract lines against its budgets (minutes)
	@$(BIN)/python -m benchmarks.chain

bench-load: setup ## Measure the load of a million rows a source against its budgets (minutes)
	@$(BIN)/python -m benchmarks.load

mutants: setup-dev ## Break each rule once and see that a test notices (an hour)
	@$(BIN)/python -m proofs.mutants

seeds: setup-dev ## Compare the reconciliation of many companies with their answer keys (many minutes)
	@$(BIN)/python -m proofs.seeds

month-ends: setup-dev ## Live through 24 month-ends with late facts and compare with a full refresh (many minutes)
	@$(BIN)/python -m proofs.month_ends

lint: setup-dev ## Check Python, SQL and YAML style, types and the layer boundaries
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/yamllint --strict .
	$(BIN)/sqlfluff lint --processes 2 models tests/core tests/engine tests/marts
	$(BIN)/dbt parse --quiet
	$(BIN)/dbt-bouncer run

format: setup-dev ## Rewrite Python and SQL in the house style
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/sqlfluff fix --processes 2 models tests/core tests/engine tests/marts

docs: setup ## Build the dbt documentation into target/
	$(BIN)/dbt docs generate

lock: setup-dev ## Compile the lock files again from requirements/*.in
	$(BIN)/python -m piptools compile $(LOCK_FLAGS) -o requirements.lock requirements/runtime.in
	$(BIN)/python -m piptools compile $(LOCK_FLAGS) -o requirements-dev.lock requirements/dev.in

LOCK_FLAGS := --quiet --generate-hashes --allow-unsafe --no-strip-extras --no-header \
	--no-emit-options --resolver=backtracking

clean: ## Remove build products; published snapshots and loaded data stay
	rm -rf target logs .pytest_cache .mypy_cache .ruff_cache
