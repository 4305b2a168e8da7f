# Two commands do everything: `make demo` and `make test`. Both make their own environment in .venv.
PYTHON ?= python3
VENV ?= .venv
DRAWS ?= 200
BIN = $(VENV)/bin

.PHONY: demo test quick reference desk lint types tests docs site bench determinism mutation clean

# `make demo DRAWS=20` for a first look
demo: $(VENV)/installed
	$(BIN)/doorstroom compare baseline no_sto sto_ends no_ngf --draws $(DRAWS) --fraction 0.05 --out results/demo

test: lint types tests

# The study that the docs cite: made anew when the model's numbers are meant to change, and said so in CHANGELOG.md
reference: $(VENV)/installed
	rm -rf results/reference
	$(BIN)/doorstroom compare baseline no_sto sto_ends no_ngf ngf_borged sto_gap_year --draws 200 --fraction 0.05 --out results/reference

# The policy desk that the docs show: made anew when the model's numbers are meant to change
desk: $(VENV)/installed
	$(BIN)/doorstroom desk experiments/desk.toml --out results/desk
	$(BIN)/python experiments/desk.py results/desk --write docs/desk_results.md

lint: $(VENV)/installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/installed
	$(BIN)/mypy

# Two processes, each with whole files: what a file's tests share is made once
tests: $(VENV)/installed
	$(BIN)/pytest -n 2 --dist loadfile

# What says within a minute whether a change is sound: imports, data, random numbers, worked cases, committed numbers
quick: lint
	$(BIN)/pytest -x -q tests/test_imports.py tests/test_parameters.py tests/test_outcomes.py tests/test_draws.py \
		tests/test_geography.py tests/test_mesa.py tests/cases tests/numbers

docs: $(VENV)/installed
	$(BIN)/python -m doorstroom.reporting.dictionary docs
	$(BIN)/python docs/notices.py NOTICE.md

# The documentation as a site that opens by a double click on build/site/index.html
site: $(VENV)/installed
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --quiet
	@echo build/site/index.html

bench: $(VENV)/installed
	PYTHONPATH=model $(BIN)/python -m benchmarks --write docs/speed.md

# Does the same run give the same bytes elsewhere? Six minutes once its environments are made
determinism: $(VENV)/installed
	PYTHONPATH=model $(BIN)/python experiments/determinism.py .venv-matrix --write docs/determinism.md

# Small faults in mechanisms and kernels, one at a time: do the tests notice? Half an hour
mutation: $(VENV)/installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e ".[trials]"
	$(BIN)/python experiments/mutation.py --sample 200 --seed 1 --write docs/mutation.md

# constraints.txt has the versions last tested; where one of them isn't to be had, pyproject.toml decides alone
$(VENV)/installed: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e ".[test]" || \
		$(BIN)/python -m pip install --quiet --disable-pip-version-check -e ".[test]"
	touch $@

clean:
	rm -rf $(VENV) .venv-matrix .mypy_cache .ruff_cache .pytest_cache .hypothesis
