# `make demo`, `make test` and `make ui` each work as the first command on a fresh clone:
# they need Python 3.11 or newer and make, and do the set-up themselves.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready
UV     := $(VENV)/uv/bin/uv
DEMO   := warehouse/demo

export DAGSTER_DISABLE_TELEMETRY := yes

.PHONY: demo demo-home test ui check lint types imports sql validate format lock samples docs bench clean

## demo: build a warehouse from the sample documents and ask it three questions
demo: demo-home
	@$(BIN)/juesuan status --documents --home $(DEMO)
	@for file in docs/examples/*.sql; do echo; $(BIN)/juesuan query $$file --home $(DEMO) || exit 1; done

demo-home: $(READY)
	@$(BIN)/juesuan build raw/samples --links raw/samples/links.csv --home $(DEMO)

## test: all tests
test: $(READY)
	$(BIN)/python -m pytest

## ui: the Dagster UI on this machine, over the demo warehouse
ui: demo-home
	@$(BIN)/juesuan ui --home $(DEMO)

## check: what CI checks beside tests and demo
check: lint types imports sql validate

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(READY)
	$(BIN)/mypy --strict

imports: $(READY)
	$(BIN)/lint-imports

sql: $(READY)
	$(BIN)/sqlfluff lint sql docs/examples

validate: $(READY)
	$(BIN)/dagster definitions validate -w workspace.yaml

format: $(READY)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/sqlfluff fix sql docs/examples

## lock: choose new versions of all dependencies within what pyproject.toml allows
lock: $(READY)
	$(UV) pip compile --quiet --upgrade --no-emit-index-url --universal --python-version 3.11 \
	  --extra dev pyproject.toml -o requirements.lock

## samples: typeset the sample documents again (needs Debian's fonts-arphic-uming)
samples: $(READY)
	$(BIN)/python -m pipelines.typeset raw/samples

## docs: generate the data dictionary from the contracts
docs: $(READY)
	$(BIN)/python -m pipelines.warehouse.dictionary

## bench: measure speed against stock camelot and pdfium
bench: $(READY)
	@$(BIN)/python -m bench

## clean: remove what set-up and the demo made; your own warehouse and documents stay
clean:
	rm -rf $(VENV) $(DEMO) *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache

# Bytecode is compiled once, at set-up: each Dagster process would otherwise compile everything again.
# uv stands outside site-packages, or `sync` would remove the program that is running.
$(UV):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "juesuan needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) -V). Try: make PYTHON=python3.12"; exit 1; }
	@echo "Setting up $(VENV), once: this takes a few minutes."
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --quiet --target $(dir $(UV)).. 'uv>=0.9,<1'

$(READY): requirements.lock pyproject.toml | $(UV)
	@VIRTUAL_ENV=$(VENV) $(UV) pip sync --quiet --compile-bytecode requirements.lock
	@VIRTUAL_ENV=$(VENV) $(UV) pip install --quiet --no-deps --editable .
	@touch $(READY)
