# Everything lives in .venv; nothing outside the checkout is written, except that `deps`
# installs Debian packages where this already runs as root.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
LIBRARIES := wsinspector/resources/system_libraries.py
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: translations run test test-interop test-slow lint types imports bench soak screenshots package presets \
	wheel test-wheel clean lock deps deps-window deps-xvfb deps-at-spi help

help:
	@echo 'make run           set up and open the window, with the lab server ready'
	@echo 'make test          set up and run the tests'
	@echo 'make test-interop  the tests against peers from the registries'
	@echo 'make test-slow     the tests that take long'
	@echo 'make lint types    ruff and import contracts; strict types'
	@echo 'make bench         measure, and write one table'
	@echo 'make soak          an hour of a firehose with flat memory (SOAK_SECONDS=3600)'
	@echo 'make screenshots   render every state of the window into screenshots/'
	@echo 'make translations  bring catalogues up to date (LANGUAGES="de fr" begins them)'
	@echo 'make package       a folder that runs without Python, in packaging/out/'
	@echo 'make clean         remove what was built'

# An environment is ready when its stamp is newer than what it was made from. Debian's pip is
# older than dependency groups, so it is brought up first.
$(VENV)/pip.stamp:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade 'pip>=25.1'
	@touch $@

$(VENV)/run.stamp: $(VENV)/pip.stamp pyproject.toml constraints.txt
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable .
	@touch $@

$(VENV)/dev.stamp: $(VENV)/run.stamp
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --group dev
	@touch $@

$(VENV)/bench.stamp: $(VENV)/dev.stamp
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --group bench
	@touch $@

$(VENV)/package.stamp: $(VENV)/run.stamp
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --group package
	@touch $@

# The system libraries Qt needs: loaded as a check; installed when root, else named and stopped.
deps:
	@$(PYTHON) $(LIBRARIES) --offscreen --install

deps-window:
	@$(PYTHON) $(LIBRARIES) --install

# A screen without a screen, for what must be looked at in a real window.
deps-xvfb: deps-window
	@sh packaging/xvfb.sh

# What a screen reader sees of the window, read by the system's Python.
deps-at-spi: deps-xvfb
	@sh packaging/at_spi.sh

run: deps-window $(VENV)/run.stamp
	$(BIN)/python -m wsinspector

test: deps $(VENV)/dev.stamp
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest -n auto --dist loadfile -m 'not interop and not slow and not wheel' $(ARGS)

test-interop: deps $(VENV)/dev.stamp
	PYTHON=$(CURDIR)/$(BIN)/python sh tests/interop/peers/install.sh
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest -m interop $(ARGS)

test-slow: deps-at-spi $(VENV)/dev.stamp
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest -m slow --timeout 600 $(ARGS)

lint: $(VENV)/dev.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/deptry .

types: $(VENV)/dev.stamp
	$(BIN)/mypy

bench: deps $(VENV)/bench.stamp
	@mkdir -p build
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m tests.benchmarks --json build/bench.json $(ARGS)

soak: deps $(VENV)/dev.stamp
	$(BIN)/python -m tests.benchmarks.soaking

screenshots: deps-xvfb $(VENV)/run.stamp
	$(BIN)/python packaging/screenshots.py $(ARGS)

presets: $(VENV)/dev.stamp
	$(BIN)/python packaging/record_presets.py $(ARGS)

# The built wheel, installed into a bare environment and started.
test-wheel: deps $(VENV)/dev.stamp
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest -m wheel --timeout 600 $(ARGS)

wheel: $(VENV)/dev.stamp
	$(BIN)/python -m build --wheel --outdir dist

package: deps-xvfb $(VENV)/package.stamp
	sh packaging/build.sh

lock: $(VENV)/dev.stamp $(VENV)/package.stamp $(VENV)/bench.stamp
	$(BIN)/python packaging/lock.py

clean:
	rm -rf $(VENV) dist build screenshots packaging/out .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find . -name __pycache__ -prune -exec rm -rf {} +

translations: $(VENV)/run.stamp
	$(BIN)/python packaging/translations.py $(LANGUAGES)
