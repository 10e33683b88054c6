# One word per intention. Everything runs in .venv, which `make setup` makes; nothing else need be installed than Python 3.11.

PORT ?= 8000
HOST ?= 127.0.0.1
PYTHON ?= $(shell for candidate in python3.11 python3 python /usr/bin/python3.11; do \
	$$candidate -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null && echo $$candidate && break; done)

PY := .venv/bin/python
LAUNCHER := $(PY) -m config.launcher
STAGES := $(PY) -m config.launcher.stages
BOOTSTRAP = $(if $(PYTHON),$(PYTHON),$(error Touchstone needs Python 3.11 and found none. Install it (on Debian or Ubuntu: \
	apt install python3.11 python3.11-venv) or say where it is: make $(MAKECMDGOALS) PYTHON=/path/to/python3.11)) config/bootstrap.py

.DEFAULT_GOAL := help
.PHONY: help setup setup-dev demo demo-reset run stop check test test-backend test-frontend test-browser screenshots baselines lock \
	migrations bench-queue chaos-queue chaos-browser bench-import bench-export
# A target that fails says so in its own words; the recipe's text adds nothing.
.SILENT:

help: ## list the targets
	echo "make TARGET   (options: PORT=8000 HOST=127.0.0.1 PYTHON=python3.11)"
	sed -n 's/^\([a-z-]*\):.*## \(.*\)/  \1\t\2/p' $(MAKEFILE_LIST) | expand -t 18

setup: ## install what is missing into this checkout and build the frontend
	$(BOOTSTRAP) setup

setup-dev: ## the same, and what checks and tests need
	$(BOOTSTRAP) setup --dev

demo: ## set up what is missing, start everything, load the demo, print the address
	$(BOOTSTRAP) setup --port $(PORT)
	$(LAUNCHER) demo --port $(PORT) --host $(HOST)

demo-reset: ## stop, and delete the database and all files below var/; `make demo` then starts over
	test -x $(PY) || { echo "Nothing is set up here, so there is nothing to delete."; exit 0; }; $(LAUNCHER) reset

run: ## for developers: web, workers and frontend, starting again when the code changes
	$(BOOTSTRAP) setup --dev
	$(LAUNCHER) run --port $(PORT) --host $(HOST)

stop: ## stop what `make demo` or `make run` started in another terminal
	test -x $(PY) || { echo "Nothing is set up here, so nothing runs."; exit 0; }; $(LAUNCHER) stop

check: setup-dev ## ruff, mypy, import contracts, migrations, deployment settings, schema drift, Biome, TypeScript
	$(STAGES) check

test: setup-dev ## check, then backend, frontend and browser tests: the README's second command
	$(STAGES) test

test-backend: setup-dev ## pytest on a PostgreSQL of its own
	$(STAGES) test-backend

test-frontend: setup-dev ## Vitest
	$(STAGES) test-frontend

test-browser: setup-dev ## Playwright in Chromium against a server of its own
	$(STAGES) test-browser

screenshots: setup-dev ## run the browser tests and keep the pictures that README and docs show
	$(STAGES) screenshots

baselines: setup-dev ## rewrite the OpenAPI schema, its TypeScript types and locales/en/said.json, to be read in review
	$(STAGES) baselines

migrations: setup-dev ## write the migrations that the models ask for
	$(LAUNCHER) with-test-db -- $(PY) manage.py makemigrations

lock: setup-dev ## compile requirements.txt and requirements-dev.txt from pyproject.toml (UPGRADE=1: newest)
	$(PY) -m config.launcher.lock $(if $(UPGRADE),--upgrade)

bench-queue: setup-dev ## CPU ms per annotation at 10,000 and 1,000,000 tasks (TASKS=10000000; or PRIORITISE=1000000)
	$(LAUNCHER) with-server -- $(PY) -m bench.queue $(if $(TASKS),--tasks $(TASKS)) $(if $(PRIORITISE),--prioritise $(PRIORITISE))

chaos-queue: setup-dev ## 32 annotators while servers, workers and network die at random (COUNT=100000: labels)
	$(LAUNCHER) with-test-db -- $(PY) -m bench.chaos $(if $(COUNT),--count $(COUNT)) $(if $(MINUTES),--minutes $(MINUTES))

chaos-browser: setup-dev ## real browsers while server, network, tabs and sessions die at random (COUNT=10000: answers)
	$(LAUNCHER) with-test-db -- $(PY) -m bench.chaos.browser $(if $(COUNT),--count $(COUNT)) $(if $(MINUTES),--minutes $(MINUTES)) \
		$(if $(SEED),--seed $(SEED))

bench-import: setup-dev ## pictures a second
	$(LAUNCHER) with-server -- $(PY) -m bench.imports

bench-export: setup-dev ## rows a second for every format
	$(LAUNCHER) with-server -- $(PY) -m bench.exports
