# One vocabulary for people and for CI. `make help` lists it.
# The recipes are for Linux and macOS; the README has the plain commands.

PORT ?= 8501
PYTHON := .venv/bin/python

# Stamps: which requirements this .venv has; they age with the files they name.
RUNTIME := .venv/.installed
DEVELOPMENT := .venv/.installed-dev

# In an environment of its own, as it needs other versions of what the app needs.
AUDIT := .venv/audit
AUDITOR := pip-audit==2.10.1

define install
	@.ci/preflight venv
	@echo "Installing $(1) into .venv; the first time takes 2 GB and some minutes"
	@$(PYTHON) -m pip install --disable-pip-version-check --no-input -r $(1) || { \
		echo "pip could not install $(1), see above. Check the network and run make again." >&2; exit 1; }
endef

.DEFAULT_GOAL := help
.PHONY: help venv run test audit check-fast format clean

help:  ## List these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

venv: $(RUNTIME)  ## Build .venv with what the app needs
	@echo ".venv is ready; make run starts the app"

run: $(RUNTIME)  ## Start the app on http://localhost:8501 (PORT=... for another)
	@.ci/preflight opencv
	@$(PYTHON) -m streamlit run app.py --server.port $(PORT)

test: $(DEVELOPMENT)  ## Run every check: format, lint, imports, types, all tests
	@.ci/preflight opencv
	@.ci/preflight browser
	@.ci/preflight databases
	@echo "== Format (ruff format --check)"
	@$(PYTHON) -m ruff format --check .
	@echo "== Lint (ruff check)"
	@$(PYTHON) -m ruff check .
	@echo "== Architecture (import-linter)"
	@.venv/bin/lint-imports --no-cache --no-logo
	@echo "== Types (mypy)"
	@$(PYTHON) -m mypy
	@echo "== Tests (pytest)"
	@$(PYTHON) -m pytest --cov -n 3 --dist loadfile --no-loadscope-reorder

audit: $(DEVELOPMENT)  ## Look up known faults of what is installed; needs the network
	@test -x $(AUDIT)/bin/pip-audit || { $(PYTHON) -m venv $(AUDIT) && \
		$(AUDIT)/bin/python -m pip install --disable-pip-version-check --no-input --quiet $(AUDITOR); }
	@$(AUDIT)/bin/pip-audit --strict --path "$$($(PYTHON) -c 'import sysconfig; print(sysconfig.get_path("purelib"))')"

check-fast: $(DEVELOPMENT)  ## Run the tests without networks, browser and data set
	@$(PYTHON) -m pytest -m "not slow and not browser and not data"

format: $(DEVELOPMENT)  ## Put the code in the house's format
	@$(PYTHON) -m ruff check --fix --quiet . || true
	@$(PYTHON) -m ruff format .

clean:  ## Remove .venv and every cache; data and runs stay
	rm -rf .venv .coverage .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(PYTHON):
	@.ci/preflight venv

$(RUNTIME): requirements.txt $(PYTHON)
	$(call install,requirements.txt)
	@touch $@

# The development file includes the other one, so that pip resolves them at once.
$(DEVELOPMENT): requirements-dev.txt requirements-servers.txt requirements.txt $(PYTHON)
	$(call install,requirements-dev.txt)
	@touch $(RUNTIME) $@
