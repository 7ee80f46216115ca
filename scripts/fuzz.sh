#!/bin/bash
# fuzz.sh runs every fuzz target of the tree for FUZZTIME (10s) each, as many at a time as there are cores. Each
# package is built once; "go test -fuzz" would link it again for every target. Only our own packages count what they
# cover: "go test -fuzz" would compile Go's library and every other module a second time to count in them, too. Nothing
# of it begins while a test of the lab measures (beside.sh).
set -euo pipefail
cd "$(dirname "$0")/.."

export FUZZTIME=${FUZZTIME:-10s} CGO_ENABLED=0
module=$(go list -m)
FUZZCACHE=$(go env GOCACHE)/fuzz
bin=$(mktemp -d)
trap 'rm -rf "$bin"' EXIT
beside=$PWD/scripts/beside.sh
export FUZZCACHE bin beside

# one PACKAGE TARGET runs a target in its package's folder, as go test does, and prints its output in one piece.
# Before Go 1.27 the fuzzer now and then calls the end of its time a failure (go.dev/issue/75804). That leaves no failing
# input, and is tried again.
one() {
	local output status try
	for try in 1 2 3; do
		status=0
		output=$(cd "$1" && "$beside" "$bin/${1//\//_}" -test.run '^$' -test.fuzz "^$2\$" -test.fuzztime "$FUZZTIME" -test.parallel 1 \
			-test.fuzzcachedir "$FUZZCACHE/$1" 2>&1 </dev/null) || status=$?
		[[ $status -ne 0 && $output == *$'\n    context deadline exceeded\n'* && $output != *'Failing input'* ]] || break
	done
	if [ "$status" -eq 0 ]; then
		echo "ok  $2 ($1)"
	else
		printf '%s\n%s\n' "FAIL $2 ($1)" "$output"
	fi
	return "$status"
}
export -f one

targets=$(grep -rn --include='*_test.go' '^func Fuzz' cmd internal |
	sed -E 's,^(.*)/[^/]*:[0-9]+:func (Fuzz[A-Za-z0-9_]*).*,\1 \2,' | sort)
for package in $(cut -d ' ' -f 1 <<<"$targets" | uniq); do
	"$beside" go test -c -gcflags="$module/...=-d=libfuzzer" -o "$bin/${package//\//_}" "./$package"
done
xargs -P "$(nproc)" -n 2 bash -c 'one "$@" || exit 1' fuzz <<<"$targets"
