#!/bin/sh
# Phase 1 of the plan, as its author types it: one check after the other. Run in a monorepo; fails at the first that does.
# Where the plan runs all of tests/, this runs the component's own, as the gates do: the others need running services.
set -eu
unit="tests/test_carbon.py tests/test_components.py -k carbon"
component=src/components/carbon_component.py

echo "1. Checking test coverage..."
coverage run --rcfile=/dev/null --data-file="$TMPDIR/phase1" --include=$component -m pytest -q -p no:cacheprovider $unit
coverage report --rcfile=/dev/null --data-file="$TMPDIR/phase1" --fail-under=70
echo "2. Checking linting..."
ruff check --no-cache $component
echo "3. Checking types..."
pyright $component
echo "4. Checking security..."
bandit -q -r $component -ll
echo "5. Running all tests..."
python -m pytest -v -p no:cacheprovider $unit
