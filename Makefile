# What can be done with a checkout. Everything lands in .venv, var and build, all of them disposable.

PY ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
PYTEST_FLAGS ?= -n 3
UPGRADE ?=
INSTALL = .venv/bin/python -m pip install -qq --disable-pip-version-check --no-input
TRIED = resident,volunteer,commissioner,coordinator,manager,partner,officer,auditor,sysadmin
LOCKED = --no-deps --require-hashes --only-binary :all:
COMPILE = build/lock/bin/uv pip compile pyproject.toml --quiet --generate-hashes --no-header \
	--no-emit-index-url --no-emit-find-links --no-annotate --universal --python-version 3.11

.PHONY: help demo run worker migrate test check audit faults fuzz mutants walks bench screenshots barriers tasks lock translations clean
.DELETE_ON_ERROR:

help: ## show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-11s %s\n", $$1, $$2}' Makefile

demo: .venv/.ready ## start everything with an invented city; PORT, BIND and MUSUBI_DATA choose where
	@exec .venv/bin/musubi demo

run: .venv/.ready ## start everything as in production, without demo data
	@exec .venv/bin/musubi serve

worker: .venv/.ready ## start one more worker
	@exec .venv/bin/musubi worker

migrate: .venv/.ready ## bring the database to the newest shape
	@exec .venv/bin/musubi migrate

test: .venv/.ready-dev ## run every test on embedded services
	@sh .ci/browser
	@command -v chromium >/dev/null || marks='not browser'; .venv/bin/pytest $(PYTEST_FLAGS) \
		-m "$$marks" --junitxml=build/tests.xml --ignore=tests/faults --ignore=tests/bench --ignore=tests/lives
	@if [ "$$CI" = true ]; then .venv/bin/python .ci/no_skips.py build/tests.xml; fi

check: .venv/.ready-dev ## style, types, import rules, then every test
	.venv/bin/ruff check
	.venv/bin/ruff format --check
	.venv/bin/mypy
	.venv/bin/lint-imports
	@$(MAKE) --no-print-directory test

audit: build/audit/.ready ## look for weak code, and list every part for the bill of materials
	build/audit/bin/bandit --quiet --recursive --configfile pyproject.toml matching worker config.py wsgi.py
	build/audit/bin/cyclonedx-py requirements requirements.txt --pyproject pyproject.toml \
		--output-reproducible --output-format JSON --output-file build/sbom.json
	@build/audit/bin/python -c 'import json; print(len(json.load(open("build/sbom.json"))["components"]), "parts in build/sbom.json")'

faults: .venv/.ready-dev ## the long campaigns that kill and cut things
	.venv/bin/pytest tests/faults
	STOP_ROUNDS=$${STOP_ROUNDS:-1000} .venv/bin/pytest tests/coordination/test_stops.py

walks: .venv/.ready-dev ## 5,000 steps by chance, 1,000 rounds of two yeses, whole lives in a browser
	WALK_STEPS=$${WALK_STEPS:-5000} YES_ROUNDS=$${YES_ROUNDS:-1000} STATE_CELLS=all .venv/bin/pytest -s \
	  tests/activities/test_walk.py tests/coordination/test_two_yeses.py tests/states tests/lives

fuzz: .venv/.ready-dev ## send everything to every form and call; FUZZ_INPUTS and FUZZ_SEED say how much and what
	FUZZ_INPUTS=$${FUZZ_INPUTS:-100000} .venv/bin/pytest tests/fuzz

mutants: .venv/.ready-dev ## put mistakes into rules, permissions and disclosure; tests must notice 90 %
	.venv/bin/python -m tests.mutation

bench: .venv/.ready-dev ## measure speed
	.venv/bin/pytest tests/bench

screenshots: .venv/.ready-dev ## pictures of every page, width, register and role: build/screens
	@sh .ci/browser
	.venv/bin/python -m tests.screens pictures $(SCREENS)

barriers: .venv/.ready-dev ## axe, scrolling and the Nu checker (NU=vnu.jar) on every page: build/screens
	@sh .ci/browser
	.venv/bin/python -m tests.screens checks $(if $(NU),--nu $(NU)) $(SCREENS)

tasks: .venv/.ready-dev ## five tasks of nine roles in a real browser: clicks, fields, seconds
	@sh .ci/browser
	.venv/bin/python -m tests.screens tasks $(or $(SCREENS),--roles $(TRIED))

lock: build/lock/bin/uv ## renew the locked requirements (UPGRADE=--upgrade for newer versions)
	$(COMPILE) $(UPGRADE) --output-file requirements.txt
	$(COMPILE) $(UPGRADE) --extra dev --constraint requirements.txt --output-file requirements-dev.txt
	$(COMPILE) $(UPGRADE) --extra audit --constraint requirements.txt --output-file requirements-audit.txt
	@if grep -nE '://|^-' requirements*.txt; then \
		echo 'The lines above name an address or an option: the lock must not.'; exit 1; fi

translations: .venv/.ready-dev ## collect the texts of the pages and compile the catalogues
	@mkdir -p build
	.venv/bin/pybabel -q extract -F babel.cfg --add-location=file -o build/messages.pot .
	.venv/bin/pybabel -q update -i build/messages.pot -d matching/translations --no-fuzzy-matching --ignore-obsolete
	.venv/bin/pybabel -q compile -d matching/translations

clean: ## remove what was built; the data in var stays
	rm -rf .venv build

.venv/bin/python:
	@if [ -z "$(PY)" ]; then \
		echo 'Python 3.11 or newer was not found. Name one: make demo PY=/path/to/python3.11'; exit 1; fi
	@$(PY) -m venv .venv || { rm -rf .venv; \
		echo 'Python cannot make a virtual environment. On Debian or Ubuntu: apt-get install python3-venv'; \
		exit 1; }

.venv/.ready: requirements.txt pyproject.toml | .venv/bin/python
	@echo 'installing the locked requirements ...'
	@$(INSTALL) $(LOCKED) -r requirements.txt
	@$(INSTALL) --no-deps --no-build-isolation -e .
	@touch $@

.venv/.ready-dev: requirements-dev.txt .venv/.ready
	@echo 'installing the locked tools for tests ...'
	@$(INSTALL) $(LOCKED) -r requirements-dev.txt
	@touch $@

build/audit/.ready: requirements-audit.txt | .venv/bin/python
	@echo 'installing the locked tools for audits ...'
	@.venv/bin/python -m venv build/audit
	@build/audit/bin/python -m pip install -qq --disable-pip-version-check --no-input $(LOCKED) \
		-r requirements-audit.txt
	@touch $@

build/lock/bin/uv:
	@$(PY) -m venv build/lock
	@build/lock/bin/python -m pip install -qq --disable-pip-version-check uv
