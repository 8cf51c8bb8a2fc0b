# Everything a developer or an operator types. On a clean clone each of `make run` and `make test`
# does all the set-up by itself; a second time it changes nothing.

# The port of the gateway: make run PORT=9000
PORT ?=

# Any Python from 3.8 can do the set-up. Tried by running, because a version manager's stand-in
# for a version that is not installed is found but fails.
ifndef PYTHON
PYTHON := $(shell for name in python3 python3.11 python3.12 python3.13 python3.14 python3.10 \
	/usr/bin/python3 .venv/bin/python; do \
	"$$name" -c 'import sys; sys.exit(sys.version_info < (3, 8))' >/dev/null 2>&1 \
	&& echo "$$name" && break; done)
endif

# Rasa reports usage to its makers unless told not to; TensorFlow reports missing graphics cards.
QUIET_RASA = RASA_TELEMETRY_ENABLED=false TF_CPP_MIN_LOG_LEVEL=3 SQLALCHEMY_SILENCE_UBER_WARNING=1

INSTALL = $(if $(PYTHON),,echo "Python is not installed: install Python 3.11 and 3.10, or uv, \
	then start again." >&2; exit 1;) "$(PYTHON)" -m bot.installation

# Keeps every pinned version that still fits; make requirements UPGRADE=1 takes the newest.
COMPILE = .venv/bin/uv pip compile --quiet --universal --generate-hashes $(if $(UPGRADE),--upgrade) \
	--no-emit-index-url --no-emit-find-links --custom-compile-command "make requirements"

.DEFAULT_GOAL := help
.PHONY: help setup trained run test check evaluate bench requirements

help: ## list these commands
	@grep -E '^[a-z]+:.*## ' Makefile | awk -F ':.*## ' '{ printf "  make %-14s %s\n", $$1, $$2 }'

setup: ## make both environments (.venv and .venv-rasa)
	@$(INSTALL) setup

trained:
	@$(INSTALL) train

run: trained ## set up what is missing, then start the assistant (PORT=8080)
	@.venv/bin/posventa run $(if $(PORT),--port $(PORT))

test: trained ## set up what is missing, then run every test that this machine can run
	@# Those that need no running assistant, on both cores; then the others, one at a time.
	@.venv/bin/python -m pytest --numprocesses 2 tests/unit tests/contract tests/project
	@.venv/bin/python -m pytest tests/dialogues tests/faults tests/browser

check: setup ## style, types, import rules, and Rasa's own check of its data
	.venv/bin/ruff format --check
	.venv/bin/ruff check
	.venv/bin/mypy
	.venv/bin/lint-imports
	@# Rasa names each response that only our actions use; that is no fault, and is kept out of sight.
	@mkdir -p var/log
	$(QUIET_RASA) .venv-rasa/bin/rasa data validate --fail-on-warnings >var/log/validate.log 2>&1 \
	|| { grep -v "is not used in any story or rule" var/log/validate.log; exit 1; }

evaluate: trained ## how well customers are understood, on phrases it was not trained on
	@.venv/bin/posventa evaluate nlu tests/understanding/*.jsonl --pictures docs/images \
	$(if $(RECORD),--record tests/understanding/recorded.json)

bench: trained ## speed and memory beside a stock Rasa assistant
	@.venv/bin/posventa bench

requirements: setup ## compile requirements/*.txt anew from pyproject.toml, with hashes
	$(COMPILE) --python .venv/bin/python --python-version 3.11 \
	--group app --group dev --output-file requirements/app.txt
	$(COMPILE) --python .venv-rasa/bin/python --python-version 3.10 \
	--group rasa --output-file requirements/rasa.txt
