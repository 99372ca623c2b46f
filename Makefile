# `make demo`, `make test` and `make ui` each work as the first command on a fresh clone:
# they need Python 3.11 or newer and make, and do the set-up themselves.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready

export DAGSTER_DISABLE_TELEMETRY := yes
export SETUPTOOLS_SCM_PRETEND_VERSION :=

.PHONY: demo test ui lint types imports sql lock samples docs clean

# Bytecode is compiled once, at set-up: each Dagster process would otherwise compile everything again.
$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "juesuan needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) -V). Try: make PYTHON=python3.12"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet uv
	VIRTUAL_ENV=$(VENV) $(BIN)/uv pip sync --quiet --compile-bytecode requirements.lock
	VIRTUAL_ENV=$(VENV) $(BIN)/uv pip install --quiet --no-deps --editable .
	@touch $(READY)
