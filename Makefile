# Everything here runs inside .venv, which is made once and remade when pyproject.toml or constraints.txt change.

PYTHON ?= $(or $(shell command -v python3.11 2>/dev/null),$(shell command -v python3 2>/dev/null),python3)
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check -qq
WORKERS ?= 2

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:

.PHONY: help
help: ## Show what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: tend
tend: $(VENV)/.installed ## Show what a tending of patterns/ would change
	$(BIN)/garden tend patterns --report reports/latest

# A date that is given makes a run reproducible: it then takes no time either.
.PHONY: example
example: $(VENV)/.installed ## Make the kept example of a report anew, and what README.md shows of it
	SOURCE_DATE_EPOCH=1795305600 $(BIN)/garden tend patterns --report reports/example
	SOURCE_DATE_EPOCH=1795305600 $(BIN)/python -m docs.make.readme

.PHONY: serve
serve: $(VENV)/.installed ## Tend patterns/ each Monday, with pages to look at on this machine
	$(BIN)/garden serve patterns --cron "0 5 * * 1"

# A file's tests stay in one worker, so that what they share is made once: a server, a library tended whole. The many
# commands that tests start find the code compiled, whatever the environment says of keeping what Python compiles.
.PHONY: test
test: check ## Check everything, then run all tests
	$(BIN)/python -m compileall -q garden flows
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder --hypothesis-profile steady

.PHONY: check
check: lint types contracts ## Lint, types and import contracts

.PHONY: lint
lint: $(VENV)/.installed-dev ## Style and likely mistakes
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

.PHONY: format
format: $(VENV)/.installed-dev ## Put the style right
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

.PHONY: types
types: $(VENV)/.installed-dev ## Types, strictly
	$(BIN)/mypy

.PHONY: contracts
contracts: $(VENV)/.installed-dev ## Which room may import which
	$(BIN)/lint-imports --no-logo

.PHONY: install
install: $(VENV)/.installed-dev ## Make the environment, with the developers' tools

# Needs Node 20 and npm. The bundle is kept in git, so nobody else does; a test tells one that is stale.
.PHONY: web
web: ## Build the report's page from web/ anew
	cd web && npm ci && npm run check && npm run build

# Pages ask nothing of the network; links and anchors that lead nowhere fail the build.
.PHONY: docs
docs: $(VENV)/.installed-dev ## Build the documentation into site/
	NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --strict -q

.PHONY: docs-serve
docs-serve: $(VENV)/.installed-dev ## Show the documentation at http://localhost:8000, as it is written
	NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs serve

.PHONY: tutorial
tutorial: $(VENV)/.installed-dev ## Run the tutorial's commands and write their outputs into it
	$(BIN)/python -m docs.make.console docs/tutorial.md

.PHONY: lock
lock: ## Pin the newest set that pyproject.toml allows, torch as it is
	rm -rf $(VENV)-lock
	$(PYTHON) -m venv $(VENV)-lock
	$(VENV)-lock/bin/python -m pip -qq install $(shell sed -n '/^torch==/p' constraints.txt) setuptools
	$(VENV)-lock/bin/python -m pip -qq install --no-build-isolation -e '.[dev]'
	$(VENV)-lock/bin/python -m pip check
	{ sed -n '/^#/p' constraints.txt; \
	  $(VENV)-lock/bin/python -m pip freeze --all --exclude-editable | sed -E '/^pip==/d; s/\+.*//' | LC_ALL=C sort -f; \
	} > constraints.new
	mv constraints.new constraints.txt
	rm -rf $(VENV)-lock

.PHONY: clean
clean: ## Remove the environment and what tools leave behind
	rm -rf $(VENV) build dist site *.egg-info .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis reports/latest
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# torch comes first and alone: pip then takes the build that suits the machine before anything else asks for one.
# Other pins make another environment; another pyproject.toml is installed over the one that is there.
$(VENV)/.torch: constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	    || { echo 'Python 3.11 or later is needed: make PYTHON=/path/to/python3.11' >&2; exit 1; }
	@echo 'Installing into $(VENV): a minute or two, once.'
	@rm -rf $(VENV)
	@$(PYTHON) -m venv $(VENV)
	@$(PIP) install --no-compile -c constraints.txt torch setuptools
	@touch $@

# The project is built with the setuptools installed above, so that nothing is fetched twice. What pip would compile file
# by file, its tests included, is compiled on all cores; what is no Python of this version is left as it is.
$(VENV)/.installed: pyproject.toml $(VENV)/.torch
	@$(PIP) install --no-compile -c constraints.txt --no-build-isolation -e .
	@$(BIN)/python -m compileall -qq -j 0 -x '/tests/' $(VENV)/lib || true
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed
	@echo 'Installing the tools that check the project.'
	@$(PIP) install -c constraints.txt --no-build-isolation -e '.[dev]'
	@touch $@
