.DEFAULT_GOAL := help
PYTHON ?= python3
UV := $(or $(shell command -v uv 2>/dev/null),.uv/bin/uv)
RUN := .venv/bin/python

.PHONY: help setup embeddings demo run test check chaos bench bench-answers bench-processes lock pictures sbom licences

help:  ## what can be done here
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/'

.uv/bin/uv:
	$(PYTHON) -m venv .uv
	.uv/bin/pip install --quiet --disable-pip-version-check uv

.venv/.ready: requirements.lock | $(filter .uv/bin/uv,$(UV))
	test -x $(RUN) || $(UV) venv --quiet --python $(PYTHON) .venv
	$(UV) pip sync --quiet --compile-bytecode --python $(RUN) --require-hashes requirements.lock
	@touch $@

setup: .venv/.ready  ## create .venv with the locked versions

embeddings: setup  ## questions are understood in other words, too (120 MB; x86-64 with AVX2)
	$(UV) pip install --quiet --python $(RUN) --require-hashes --requirements embeddings.lock

demo: setup  ## the whole bot with phones on a page; no token, no internet
	$(RUN) -m bot demo

run: setup  ## the bot for real; settings from the environment or .env
	$(RUN) -m bot run

test: setup  ## every test
	$(RUN) -m pytest

check: setup  ## style, types, catalogues
	$(RUN) -m ruff check .
	$(RUN) -m ruff format --check .
	$(RUN) -m mypy
	$(RUN) -m locales --check

chaos: setup  ## trouble of every kind, and 100,000 strange updates (twenty minutes and more)
	$(RUN) -m pytest -m chaos

bench: setup  ## speed, as ratios in one run
	$(RUN) -m benchmarks

bench-answers: setup  ## finding and refusing, beside the baselines of ../shared
	OMP_NUM_THREADS=1 OMP_WAIT_POLICY=passive $(RUN) -m benchmarks.answers $(ARGS)

bench-processes: setup  ## votes a second of 1, 2 and 4 processes on one PostgreSQL, behind webhooks
	$(RUN) -m benchmarks.processes

pictures: setup  ## the pictures of the documents, from the demo, and docs/mitglieder.pdf (ARGS=--check: which are old)
	$(RUN) -m tests.pictures $(ARGS)

sbom: setup  ## what is installed here, with versions, licences and what needs what: sbom.json (CycloneDX)
	$(RUN) -m cyclonedx_py environment --pyproject pyproject.toml --output-reproducible --of JSON --output-file sbom.json $(RUN)

licences: setup  ## under which licences everything stands that runs with the bot
	$(RUN) -m tests.auxil.licences

lock: | $(filter .uv/bin/uv,$(UV))  ## resolve the versions anew
	$(UV) pip compile --quiet --universal --generate-hashes --no-header --group dev pyproject.toml --output-file requirements.lock
	$(UV) pip compile --quiet --universal --generate-hashes --no-header --extra embeddings --constraints requirements.lock pyproject.toml --output-file embeddings.lock
	$(UV) pip compile --quiet --universal --generate-hashes --no-header --constraints requirements.lock pyproject.toml --output-file deploy/requirements.lock
