#!/bin/bash
# fuzz.sh runs every fuzz target of the tree for FUZZTIME (10s) each, one to a core.
set -euo pipefail
cd "$(dirname "$0")/.."

grep -rn --include='*_test.go' '^func Fuzz' . | sed -E 's/^([^:]*):[0-9]+:func (Fuzz[A-Za-z0-9_]*).*/\1 \2/' | sort |
	while read -r file target; do echo "$(dirname "$file") $target"; done |
	xargs -P "$(nproc)" -L 1 bash -c '
		go test -run "^$" -fuzz "^$1\$" -fuzztime "${FUZZTIME:-10s}" -parallel 1 "$0" >"${TMPDIR:-/tmp}/fuzz-$1.$$" 2>&1 </dev/null
		status=$?
		if [ $status = 0 ]; then echo "ok  $0 $1"; else echo "FAILED $0 $1"; cat "${TMPDIR:-/tmp}/fuzz-$1.$$"; fi
		rm -f "${TMPDIR:-/tmp}/fuzz-$1.$$"
		[ $status = 0 ]'
