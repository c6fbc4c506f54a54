# WealthNexus. `make help` lists what there is; README.md explains it.
SHELL := bash
.DEFAULT_GOAL := help
.PHONY: help setup demo test soak bench check lock build browser e2e

help: ## List these targets
	@awk -F ':.*## ' '/^[a-z0-9_-]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo
	@echo "  make demo RESET=1   start over with empty data     make test BROWSER=0   without the browser tests"

setup: ## Install everything from the lock files (instant when nothing changed)
	@PYTHON="$(PYTHON)" bash scripts/setup.sh

build: setup ## Build the web app into frontend/dist
	@bash scripts/build.sh

demo: build ## Run everything here with two demo firms, until Ctrl-C
	@exec .venv/bin/wealthnexus demo $(if $(filter-out 0,$(RESET)),--reset --yes)

test: setup ## Run every check and test, browser tests included
	@BROWSER="$(or $(BROWSER),1)" bash scripts/test.sh

soak: setup ## Run the long programmes in full
	@SOAK=1 bash scripts/test.sh

bench: setup ## Measure speed; prints ratios with the machine they were measured on
	@bash scripts/peers.sh
	@.venv/bin/pytest -q -s -m benchmark --timeout 1800 tests/benchmarks

check: setup ## Style, types and layers of both sides, without tests
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports --no-cache
	npm --prefix frontend run --silent check

e2e: build ## Run only the browser tests
	@bash scripts/e2e.sh $(ARGS)

browser: ## Find a Chromium for the browser tests, or install Debian's
	@bash scripts/browser.sh

lock: setup ## Write the Python lock files anew from pyproject.toml
	@bash scripts/lock.sh
