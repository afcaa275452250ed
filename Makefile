# What can be done with this checkout: `make` lists it. Everything runs in .venv, which is made when needed.

.DEFAULT_GOAL := help
.PHONY: help setup run test test-fast lint format types routes coverage bench translations lock clean

BIN := .venv/bin
# Where it is set, nothing is ever compiled for good: each start would compile all packages anew, 1.8 s of the processor.
unexport PYTHONDONTWRITEBYTECODE
# Test processes at once; the database server and the browser of the tests come on top.
JOBS ?= logical
PARALLEL := -n $(JOBS) --maxprocesses 8 --dist worksteal

help: ## This list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: ## Make .venv and install what the product needs
	@tools/environment.sh run

run: setup ## Migrate, load the demo into an empty database, start web and worker; Ctrl-C stops both
	@exec $(BIN)/python -m flask serve

test: ## Everything: style, order, types, then all tests on SQLite and PostgreSQL and in a browser
	@tools/environment.sh test
	@CHROMIUM="$$(tools/browser.sh)" && export CHROMIUM && $(MAKE) --no-print-directory lint types && \
		$(BIN)/python -m pytest --engine both $(PARALLEL)

test-fast: ## The tests without browser and PostgreSQL
	@tools/environment.sh test
	@$(BIN)/python -m pytest $(PARALLEL) -m "not browser and not slow"

lint: ## Style and the order of packages (seconds)
	@tools/environment.sh test
	@bad=0; \
	$(BIN)/ruff check --quiet --output-format concise . || bad=1; \
	$(BIN)/ruff format --quiet --check --output-format concise . || bad=1; \
	$(BIN)/lint-imports --no-logo || bad=1; \
	exit $$bad

types: ## Types, strictly
	@tools/environment.sh test
	@$(BIN)/mypy

format: ## Put the code into the one format, and mend what can be mended by machine
	@tools/environment.sh test
	@$(BIN)/ruff check --fix --quiet . || true
	@$(BIN)/ruff format --quiet .

routes: ## Write tests/contracts/routes.txt anew: every route with its access, to be read as a diff
	@tools/environment.sh test
	@$(BIN)/python -m tests.contracts.write_routes

coverage: ## The tests without browser, measured; report in htmlcov/
	@tools/environment.sh test
	@$(BIN)/coverage run -m pytest -m "not browser and not slow" && $(BIN)/coverage html --quiet && $(BIN)/coverage report

bench: ## Measure the budgets on both engines and write them to docs/
	@tools/environment.sh test
	@$(BIN)/python -m tools.bench

translations: ## Collect all sentences into the catalogues; new ones are empty, none is guessed
	@tools/environment.sh run
	@$(BIN)/python -m tools.translations

lock: ## Pin the packages again after a change of a requirements.in
	@tools/environment.sh maintain
	@tools/lock.sh

clean: ## Remove .venv and caches; data and settings stay
	@rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis .coverage htmlcov test-results
