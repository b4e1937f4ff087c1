# `make` needs git, make and Python >= 3.11 with its venv module; all else is installed into .venv.

PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check

.PHONY: all test test-clusters bench calibration check format data docs lock clean
.DEFAULT_GOAL := all

stop = echo "heteroscope needs $(1)" >&2; exit 1

all: .venv/run.stamp  ## set up, then make every table and figure of config/config.yaml
	@echo "== snakemake"
	@$(BIN)/snakemake

test: .venv/test.stamp  ## set up, then run the whole test suite
	@echo "== pytest"
	@$(BIN)/pytest -n auto

test-clusters: .venv/test.stamp  ## test the profiles for clusters (root: installs and starts a Slurm)
	tests/clusters/run.sh $(BIN)/python

calibration: .venv/run.stamp  ## how often are verdicts wrong? simulated campaigns of known truth
	PYTHONPATH=scripts $(BIN)/python tests/calibration/run.py

bench: .venv/run.stamp  ## measure speed; writes docs/benchmarks.md
	-@for peer in $$(grep -v '^#' tests/benchmarks/peers.txt); do \
		$(BIN)/python -m pip install --quiet --disable-pip-version-check --target .venv/peers $$peer \
			|| echo "$$peer cannot be installed, and is left out"; done
	$(BIN)/python tests/benchmarks/run.py

check: .venv/test.stamp  ## style, format, types, and Snakemake's own lint
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/snakefmt --check .
	$(BIN)/mypy
	$(BIN)/snakemake --lint

format: .venv/test.stamp  ## put the code into its format
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .
	$(BIN)/snakefmt .

data: .venv/run.stamp  ## render the example campaign anew from its table of measured figures
	PYTHONPATH=scripts $(BIN)/python data/render.py

docs: .venv/run.stamp  ## write what the documentation takes from the code
	PYTHONPATH=scripts $(BIN)/python docs/update.py

lock:  ## renew the lock files (needs uv)
	uv pip compile --quiet --upgrade --universal --generate-hashes --no-annotate --python-version 3.11 \
		--custom-compile-command "make lock" --output-file envs/requirements.txt pyproject.toml
	uv pip compile --quiet --universal --generate-hashes --no-annotate --python-version 3.11 \
		--custom-compile-command "make lock" --constraint envs/requirements.txt --group dev \
		--output-file envs/requirements-dev.txt pyproject.toml

clean:  ## remove all that the workflow made, and the environment
	rm -rf .venv .snakemake results logs
	find img -mindepth 1 ! -name .gitkeep -delete

# The environment for running, then the rest for testing; made anew when its lock file changes.  The
# lock names every package, so that nothing is to be resolved: some versions of pip cannot with hashes.
.venv/run.stamp: envs/requirements.txt
	@case "$(CURDIR)" in *" "*) $(call stop,a path without spaces, since Snakemake cannot run jobs \
		from this one: move the folder);; esac
	@test -w . || { $(call stop,a folder that it can write to: copy this one elsewhere); }
	@command -v $(PYTHON) >/dev/null && $(PYTHON) -c '' 2>/dev/null \
		|| { $(call stop,a Python that starts: '$(PYTHON)' does not; name one: make PYTHON=python3.12); }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { $(call stop,Python 3.11 or newer: '$(PYTHON)' is older; name one: make PYTHON=python3.12); }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null \
		|| { $(call stop,Python with its venv module: install python3-venv (Debian, Ubuntu)); }
	@echo "== .venv: $(PYTHON) -m venv, then the packages of $<"
	@$(PYTHON) -m venv --clear .venv
	@$(PIP) install --quiet --require-hashes --no-deps -r $<
	@$(PIP) check >/dev/null || $(PIP) check
	@touch $@

.venv/test.stamp: envs/requirements-dev.txt .venv/run.stamp
	@echo "== .venv: the packages of $<"
	@$(PIP) install --quiet --require-hashes --no-deps -r $<
	@$(PIP) check >/dev/null || $(PIP) check
	@touch $@
