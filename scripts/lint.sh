#!/bin/bash
# lint.sh checks formatting, vets for both systems and runs golangci-lint, whose version is pinned here.
# "lint.sh install" only makes sure that the linter is there: it is built from source once, into a cache
# outside the tree, and never touches go.mod.
set -euo pipefail
cd "$(dirname "$0")/.."

version=v2.5.0
cache=${XDG_CACHE_HOME:-$HOME/.cache}/ftpisoctl/golangci-lint-$version-$(go env GOVERSION)

install_linter() {
	[ ! -x "$cache/golangci-lint" ] || return 0
	echo "building golangci-lint $version, which takes some minutes the first time"
	mkdir -p "$cache"
	# One builder at a time; a second one waits and finds it done. The final name appears in one piece.
	(
		flock 9
		[ ! -x "$cache/golangci-lint" ] || exit 0
		cd /
		CGO_ENABLED=0 GOBIN=$cache/new GOFLAGS= GOWORK=off go install -ldflags '-s -w' "github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$version"
		mv "$cache/new/golangci-lint" "$cache/golangci-lint"
	) 9>"$cache/lock"
}

install_linter
[ "${1:-}" != install ] || exit 0

unformatted=$(gofmt -l cmd internal)
if [ -n "$unformatted" ]; then
	printf 'not formatted by gofmt:\n%s\n' "$unformatted" >&2
	exit 1
fi
scripts/vet.sh
export CGO_ENABLED=0 GOFLAGS="${GOFLAGS:-} -trimpath"
# The same two views as in vet.sh.
"$cache/golangci-lint" run --build-tags embedded,lab ./...
GOOS=windows "$cache/golangci-lint" run ./...
