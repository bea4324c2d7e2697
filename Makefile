# Two commands do everything on a fresh machine with Python 3.11 to 3.13 and make:
#   make demo    set up, then run a complete guided session on a simulated heart
#   make test    set up, then pass the tests
# PYTHON=python3.12 make demo   chooses another interpreter; ARGS="--port 8060" is handed on to the command.

PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do if $$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' 2>/dev/null; then echo $$p; break; fi; done)
VENV ?= .venv
BIN := $(VENV)/bin
WORKERS ?= 4
PYTEST = $(BIN)/python -m pytest --dist loadgroup

.PHONY: demo test check samples screenshots benchmarks accuracy kills docs clean

demo: $(VENV)/.run
	$(BIN)/attune demo $(ARGS)

test: $(VENV)/.dev
	$(BIN)/python -m tests.machine
	$(MAKE) --no-print-directory check
	@$(PYTEST) -n $(WORKERS) $(ARGS) || { \
	  [ $$? -eq 1 ] || exit 1; \
	  echo "Once more, one by one: what waits for servers, radios or clocks can be held up by a busy machine."; \
	  $(PYTEST) -n 1 --last-failed --last-failed-no-failures none $(ARGS); }

check: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

samples: $(VENV)/.run
	$(BIN)/python -m acquisition.scenarios --all sample_data

screenshots: $(VENV)/.dev
	$(BIN)/python -m tests.screenshots docs/screenshots

benchmarks: $(VENV)/.dev
	$(BIN)/python -m benchmarks

accuracy: $(VENV)/.dev
	$(BIN)/python -m benchmarks.accuracy --seed $(or $(SEED),2026) $(if $(RECORDINGS),--recordings $(RECORDINGS)) --out docs/accuracy.md

kills: $(VENV)/.dev
	$(BIN)/python -m tests.reliability.kill_recording --kills 300

docs: $(VENV)/.dev
	$(BIN)/python -m tests.write_docs

clean:
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .hypothesis build dist

$(VENV)/.python:
	@test -n "$(PYTHON)" || { echo "Attunement needs Python 3.11, 3.12 or 3.13; none was found. Install one, or say PYTHON=/path/to/python make ..."; exit 1; }
	@echo "Setting up in $(VENV) with $$($(PYTHON) --version) (once; about a minute)"
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.run: $(VENV)/.python pyproject.toml constraints.txt
	$(BIN)/python -m pip install --disable-pip-version-check --progress-bar on -c constraints.txt -e .
	@touch $@

$(VENV)/.dev: $(VENV)/.python pyproject.toml constraints.txt
	$(BIN)/python -m pip install --disable-pip-version-check --progress-bar on -c constraints.txt -e ".[test]"
	@touch $@ $(VENV)/.run
