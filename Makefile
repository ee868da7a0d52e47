# Everything that one does with a checkout. `make help` lists it.
.DEFAULT_GOAL := help
.PHONY: help setup run test test-fast test-postgres lint check ci bench bench-imports bench-answers clean

PY := .venv/bin/python
# What `manage.py check --deploy` looks at: production's settings, with a key made for this one command.
PRODUCTION := COURSEMARK_DEMO=0 COURSEMARK_SECRET_KEY="$$($(PY) -c 'import secrets; print(secrets.token_urlsafe(64))')" \
	COURSEMARK_HOSTS=courses.example.org COURSEMARK_EMAIL_URL=smtp://localhost DJANGO_SETTINGS_MODULE=config.settings

help:  ## show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | while IFS="$$(printf '\t')" read -r name what; \
		do printf '  make %-15s %s\n' "$$name" "$$what"; done

setup:  ## make .venv with everything that developing needs
	@bin/venv requirements-dev.txt

run:  ## the demo on http://localhost:8000 (PORT=8001 make run for another port)
	@bin/run

test: setup  ## every test, those in a real browser too, with coverage
	@bin/need chromium=chromium nginx=nginx-light
	@$(PY) -m pytest -n 2 --cov --cov-report=html:var/coverage
	@echo "Coverage: $$($(PY) -m coverage report --format=total) % (var/coverage/index.html shows what is missing)"

test-fast: setup  ## the tests that need neither a browser nor a process of their own
	@$(PY) -m pytest -n 2 -m "not browser and not process"

test-postgres: setup  ## the tests on a PostgreSQL that is started for them and stopped after
	@bin/need initdb=postgresql chromium=chromium
	@bin/with-postgres $(PY) -m pytest -n 2 -m "not process"

lint: setup  ## style, types and the layers
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(PY) -m mypy .
	@.venv/bin/lint-imports

check: setup  ## what the site says about itself: settings, addresses, migrations
	@mkdir -p var
	@$(PRODUCTION) $(PY) manage.py check --deploy --fail-level WARNING
	@$(PRODUCTION) $(PY) manage.py makemigrations --check --dry-run

ci:  ## all that must be green before a change lands
	@.ci/run

bench: setup  ## what a page costs, beside a minimal one
	@$(PY) -m bench

bench-answers: setup  ## 300 learners who answer at once; then what an answer costs
	@$(PY) -m bench.answers
	@$(PY) -m bench.answers --cost

bench-imports: setup  ## what importing 800 pages costs, beside Sphinx on the same pages
	@$(PY) -m bench.imports

clean:  ## remove .venv and what tools left; the demo's data in var/ stay
	@rm -rf .venv var/coverage .coverage .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
