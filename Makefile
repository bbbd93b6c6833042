# One line behind ## says what a target is for; `make` alone lists them.
PYTHON ?= python3
LOCAL = command -v $(PYTHON) >/dev/null || { echo "Python 3.11 or newer is needed, and $(PYTHON) is not on PATH."; exit 2; }; exec $(PYTHON) -m vcsportal.local
BIN = .venv/bin
export PORT PORTAL_DATA ARGS YES

.DEFAULT_GOAL := help
.PHONY: help run manage test test-all check format mutants bench load shots words audit lock logs clean reset

help: ## list what make can do here
	@grep -hE '^[a-z-]+:.*## ' Makefile | sed 's/:.*## /\t/' | while IFS='	' read -r name text; do printf '  make %-10s %s\n' "$$name" "$$text"; done

run: ## start the whole portal with the demo story; Ctrl-C stops it (PORT=8001, PORTAL_DATA=folder)
	@$(LOCAL) run

manage: ## run a management command in the portal of make run, whether it is running or not (ARGS="load_strategy my.toml")
	@$(LOCAL) manage

test: ## run every test on real servers and a real browser, and check the code beside them (ARGS="tests/partners -x" runs these tests only)
	@$(LOCAL) test

test-all: ## the same, with the long trials too, and coverage held to 95 %
	@export PORTAL_LONG_TESTS=1; $(LOCAL) test

check: ## format, lint, types, templates, wording, imports, deployment, migrations, diagrams, requirements; changes nothing
	@$(LOCAL) check

format: ## format the code and fix what can be fixed automatically
	@($(LOCAL) prepare)
	@$(BIN)/ruff format --quiet .
	@$(BIN)/ruff check --quiet --fix .
	@$(BIN)/djangofmt --quiet templates

mutants: ## put small faults into a copy of the code and list those that no test notices (ARGS="name" tries those of this name)
	@$(LOCAL) with-servers -- python -m tests.mutants $(ARGS)

bench: ## measure pages and the report against a bare view, in one run
	@$(LOCAL) with-servers -- python -m tests.bench $(ARGS)

load: ## send the visitors of the hour before a round ends, at its rate and at ten times that (ARGS="minutes=2 times=10", ARGS=soak)
	@$(LOCAL) with-lasting-servers -- python -m tests.load $(ARGS)

shots: ## make pictures of every page at two widths, into test-output/ (ARGS=help takes those of the help pages anew)
	@$(LOCAL) with-servers -- python -m tests.shots $(ARGS)

words: ## print every sentence that people read, a file for each kind of reader, into test-output/words/
	@$(LOCAL) with-servers -- python -m tests.words

audit: ## check every pinned dependency for known vulnerabilities; fails if one is vulnerable or was skipped (needs the network)
	@$(LOCAL) audit

lock: ## pin the requirements again, with hashes (ARGS=--upgrade takes newer versions)
	@$(LOCAL) lock $(ARGS)

logs: ## follow the logs of the running portal
	@tail -n 20 -F "$${PORTAL_DATA:-.data}"/logs/*.log

clean: ## remove what was installed and built, but keep the data
	@rm -rf .venv node_modules static/build htmlcov test-output .coverage .coverage.* .mypy_cache .ruff_cache .pytest_cache .test-database

reset: ## remove the data, after asking
	@$(LOCAL) reset
