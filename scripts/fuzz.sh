#!/bin/bash
# fuzz.sh runs every fuzz target of the tree for FUZZTIME (10s) each.
set -euo pipefail
cd "$(dirname "$0")/.."

grep -rn --include='*_test.go' '^func Fuzz' . | sed -E 's/^([^:]*):[0-9]+:func (Fuzz[A-Za-z0-9_]*).*/\1 \2/' | sort |
	while read -r file target; do
		echo "$target (${file#./})"
		go test -run '^$' -fuzz "^$target\$" -fuzztime "${FUZZTIME:-10s}" "$(dirname "$file")" </dev/null
	done
