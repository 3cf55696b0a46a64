# Every target sets up what it needs on a fresh checkout with Python 3.11+, make and a C compiler.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: setup demo serve test test-desk test-spark check gate gate-forecast train train-teacher train-ledger learning-curve fuzz audit clean

setup: $(READY)

$(READY): pyproject.toml constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade "pip>=24"
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable ".[dev]"
	touch $(READY)

demo: $(READY)
	@rm -rf build/demo
	@$(BIN)/dragoman --record build/demo/record demo --out build/demo

# The desk on the sample dispatches, with an account that is printed; PORT=8090 for another port.
PORT ?= 8080
serve: $(READY)
	@mkdir -p build/desk
	@$(BIN)/dragoman --record build/desk/record serve --sample --open --port $(PORT)

test: $(READY)
	$(BIN)/python -m pytest -n 2 --dist loadfile

# In Debian's Chromium and beside a PostgreSQL server that is started here; both are installed if they are not there.
# Pictures of every page are kept in build/screenshots, or where DRAGOMAN_SCREENSHOTS says.
test-desk: $(READY)
	.ci/provide chromium chromium fonts-dejavu-core
	.ci/provide "/usr/lib/postgresql/*/bin/initdb" postgresql
	DRAGOMAN_TEST_BROWSER=$$(command -v chromium) $(BIN)/python tests/postgres.py -- \
		$(abspath $(BIN))/python -m pytest -n 2 --dist worksteal -m "browser or postgres"

check: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m audits.licences
	$(BIN)/python -m audits.secrets
	$(BIN)/python -m pytest -q tests/test_layers.py tests/docs

AUDITING := $(VENV)/.auditing

$(AUDITING): $(READY)
	$(PYTHON) -m venv $(VENV)/auditing
	$(VENV)/auditing/bin/python -m pip install --quiet --disable-pip-version-check pip-audit
	touch $(AUDITING)

# Known vulnerabilities of what is pinned, where the advisories can be reached.
audit: $(AUDITING)
	$(BIN)/python -m pip check
	$(VENV)/auditing/bin/python -m audits.vulnerabilities

gate: $(READY)
	$(BIN)/python evals/gate.py
	$(BIN)/python -m evals.relate_gate

# Link forecasts on the checking data's year: a quarter of an hour on two cores, so CI leaves it out.
gate-forecast: $(READY)
	$(BIN)/python -m evals.forecast_gate $(DRAGOMAN_EVAL_DATA)/eval/icews14

SPARK := $(VENV)/.spark

$(SPARK): $(READY)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable ".[dev,spark]"
	touch $(SPARK)

# On a master and two workers of one core each, started here on loopback; needs Java 17.
test-spark: $(SPARK)
	$(BIN)/python -m benchmarks.cluster --workers 2 -- $(abspath $(BIN))/python -m pytest -m spark

TRAINING := $(VENV)/.training

$(TRAINING): $(READY)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable ".[dev,train]"
	touch $(TRAINING)

# The student from the stored teacher's labels: about half an hour on two cores.
train: $(TRAINING)
	$(BIN)/python -W ignore -m training.train

# The teacher and its labels: about an hour on two cores.
train-teacher: $(TRAINING)
	$(BIN)/python -W ignore -m training.train_teacher

# The ledger's matcher, on corpora/ledger: a minute.
train-ledger: $(TRAINING)
	$(BIN)/python -W ignore -m training.settle

learning-curve: $(TRAINING)
	for share in 0.125 0.25 0.5 1.0; do $(BIN)/python -W ignore -m training.train --dry --gold-only --share $$share; done

FUZZING := $(VENV)/.fuzzing

$(FUZZING): $(READY)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable ".[dev,fuzz]"
	touch $(FUZZING)

# A campaign of a million runs takes an hour of one core; stopped and started again it goes on where it was.
fuzz: $(FUZZING)
	$(BIN)/python -m fuzz

clean:
	rm -rf $(VENV) build .mypy_cache .ruff_cache .pytest_cache
