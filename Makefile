# What one does with Alliance. `make help` lists it; each line is one a person could type.

SHELL := /bin/bash
.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin

# `make run PRODUCTION=1` leaves the conveniences of development away.
ifndef PRODUCTION
export DEVELOPMENT ?= 1
endif
export DJANGO_SETTINGS_MODULE := alliance.settings

# A command beside the running platform, or with its servers alone when it is not running.
WITH := $(BIN)/python -m alliance.server with

# Enough of production for `check --deploy`; nothing is started with it.
PRODUCTION_LIKE := env -u DEVELOPMENT SITE_URL=https://alliance.example \
  CONTACT_EMAIL=help@alliance.example \
  SECRET_KEY=for-the-check-only-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEF

# All processes of a run must collect in one order, also from a set.
PYTEST := PYTHONHASHSEED=$${PYTHONHASHSEED:-$$RANDOM} $(BIN)/python -m pytest -n auto --dist loadgroup

.PHONY: help run install stop admin named chosen demo backup restore test test-fast check fmt lock bench shots same-pages chaos fuzz fuzz-api series

help: ## list the commands
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 20

run: .venv/installed ## install what is missing, start everything, print the address (DEMO=0 PORT=8000)
	@exec $(BIN)/python -m alliance.server up

install: .venv/installed ## only install what requirements.txt names, as after an upgrade

stop: .venv/installed ## stop what `make run` started in another terminal
	@$(BIN)/python -m alliance.server stop

admin: named .venv/installed ## make or promote an administrator: make admin EMAIL=you@example.org
	@$(WITH) $(BIN)/python manage.py create_admin "$(EMAIL)"

# Asked before anything is installed: minutes of work should not end in a complaint.
named:
	@test -n "$(EMAIL)" || { echo "Say who: make admin EMAIL=you@example.org" >&2; exit 2; }

demo: .venv/installed ## load the demo alliance again, in place of the one before (SIZE=large)
	@$(WITH) $(BIN)/python manage.py demo $(if $(SIZE),--size "$(SIZE)")

backup: .venv/installed ## write one file with database and uploads (FILE=… names it)
	@$(WITH) $(BIN)/python manage.py backup $(if $(FILE),"$(FILE)")

restore: chosen .venv/installed ## bring such a file back: make restore FILE=…
	@$(WITH) $(BIN)/python manage.py restore "$(FILE)"

chosen:
	@test -n "$(FILE)" || { echo "Say which: make restore FILE=backups/….tar" >&2; exit 2; }

test: .venv/installed-dev ## run all tests but chaos (ARGS="-m race" only those with a marker)
	@$(PYTEST) -m "not chaos" $(ARGS)

test-fast: .venv/installed-dev ## run most tests, on the database of the last run
	@$(PYTEST) -m "not (race or browser or walk or platform or chaos)" --reuse-db --sample 2 \
	  --durations=10 --durations-min=1 $(ARGS)

check: .venv/installed-dev ## format, lint, types, imports, migrations, templates, deployment, lock
	$(BIN)/ruff format --check --quiet .
	$(BIN)/ruff check --quiet .
	$(BIN)/lint-imports --no-logo
	$(BIN)/djlint templates --lint --quiet
	$(BIN)/python -W ignore manage.py makemigrations --check --dry-run --verbosity 0
	$(PRODUCTION_LIKE) $(BIN)/python manage.py check --deploy --fail-level WARNING
	@! grep -nE '^ *(-|https?:)|://' requirements.txt requirements-dev.txt | grep -v -- --hash \
	  || { echo "A lock file names an index or an address." >&2; exit 1; }
	$(BIN)/mypy .

fmt: .venv/installed-dev ## format the code
	@$(BIN)/ruff check --fix --quiet .
	@$(BIN)/ruff format .

lock: .venv/installed-dev ## compile requirements*.in into requirements*.txt (needs uv)
	@for name in requirements requirements-dev; do \
	  uv pip compile --universal --generate-hashes --python-version 3.11 \
	    --no-emit-index-url --no-emit-find-links --quiet $$name.in -o $$name.txt; done

bench: .venv/installed-dev ## measure the main pages against bare yardsticks, or another commit (ARGS=--against=COMMIT)
	@$(BIN)/python -m bench $(ARGS)

shots: .venv/installed-dev ## picture every page type into shots/
	@$(BIN)/python -m tests.shots $(ARGS)

same-pages: .venv/installed-dev ## compare every page and mail with another commit's templates and styles (AGAINST=main)
	@AGAINST=$${AGAINST:-main} $(BIN)/python -m pytest -q -n0 tests/same_pages.py $(ARGS)

fuzz: .venv/installed-dev ## read many more generated texts than a test run does (FUZZ_EXAMPLES=20000)
	@FUZZ_EXAMPLES=$${FUZZ_EXAMPLES:-20000} $(BIN)/python -m pytest -q tests/text/test_generated.py tests/text/test_going_out.py tests/attachments/test_any_name.py $(ARGS)
	@$(BIN)/python -m bench.reading

fuzz-api: .venv/installed-dev ## hold the API against its description with many generated requests
	@FUZZ_EXAMPLES=$${FUZZ_EXAMPLES:-300} $(BIN)/python -m pytest -q -n0 \
	  tests/matrix/test_api_description.py $(ARGS)

series: .venv/installed-dev ## hold series of meetings against two calendar programs, random changes and races (SERIES_ROUNDS=100)
	@SERIES_ROUNDS=$${SERIES_ROUNDS:-100} $(PYTEST) tests/meetings/test_programs_agree.py \
	  tests/meetings/test_series_in_calendars.py tests/meetings/test_series_races.py $(ARGS)

chaos: .venv/installed-dev ## kill processes at random while people are told something
	@$(BIN)/python -m tests.chaos $(ARGS)

# The environment is renewed when the hash of the lock files differs from what it was made from.
.venv/installed: FORCE
	@PYTHON="$(PYTHON)" alliance/server/install $@ requirements.txt

.venv/installed-dev: FORCE
	@PYTHON="$(PYTHON)" alliance/server/install $@ requirements.txt requirements-dev.txt

FORCE:
