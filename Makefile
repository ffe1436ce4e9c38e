# Everything sets itself up: `make run` and `make test` on a fresh Debian with Python 3.11 and make are enough.
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3; do command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin
RUN_READY := .venv/.run-ready
DEV_READY := .venv/.dev-ready

.PHONY: run test e2e check bench slow faults format tables systems lock clean
.DEFAULT_GOAL := run

.venv/pyvenv.cfg:
	@test -n "$(PYTHON)" || { echo "Falta Python 3.11 o posterior. / Python 3.11 or later is missing."; exit 2; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { echo "Falta el módulo venv: instale el paquete python3-venv. / The venv module is missing: install the package python3-venv."; exit 2; }
	@$(PYTHON) -m venv .venv

$(RUN_READY): .venv/pyvenv.cfg requirements/run.txt pyproject.toml
	@echo "Preparando el entorno (.venv)… / Setting up the environment (.venv)…"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/run.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(DEV_READY): $(RUN_READY) requirements/dev.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@touch $@

run: $(RUN_READY)
	@exec $(BIN)/acervo serve

test: $(DEV_READY)
	$(BIN)/python -m pytest -n 2 --dist loadgroup -m "not slow and not faults and not e2e" $(ARGS)

# Debian's chromium, never a downloaded one.
e2e: $(DEV_READY)
	$(BIN)/python -m pytest tests/e2e -m e2e $(ARGS)

check: $(DEV_READY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports
	$(BIN)/mypy

format: $(DEV_READY)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

slow: $(DEV_READY)
	$(BIN)/python -m pytest -m slow $(ARGS)

faults: $(DEV_READY)
	$(BIN)/python -m pytest -m faults $(ARGS)

bench: $(DEV_READY)
	$(BIN)/python -m tests.bench --write docs/benchmarks.md

# The tables that FORMAT.md and the single-file verifier carry, out of the registry of act types.
tables: $(DEV_READY)
	$(BIN)/python -m tests.kit.streams

# Which systems of the acceptance table work, out of a run of their tests.
systems: $(DEV_READY)
	$(BIN)/python -m pytest tests/systems --systems docs/systems.md

# Needs uv. Hashes, no addresses of registries.
lock:
	uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-annotate -o requirements/verify.txt
	uv pip compile pyproject.toml --extra server --extra embedded requirements/build.in --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-annotate -o requirements/run.txt
	uv pip compile pyproject.toml --all-extras requirements/build.in -c requirements/run.txt --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-annotate -o requirements/dev.txt

clean:
	rm -rf .venv build *.egg-info
