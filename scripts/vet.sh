#!/bin/bash
# vet.sh looks at all code: as Linux sees it with every tag, and as Windows sees it with none. What is tagged is for
# Unix, and what is there only without a tag is for both; internal/tags_test.go holds the files to that. Vet
# type-checks everything, so it also proves that the tests compile for Windows.
set -euo pipefail
cd "$(dirname "$0")/.."

export CGO_ENABLED=0 GOFLAGS="${GOFLAGS:-} -trimpath" # as make builds the program
GOOS=linux go vet -tags embedded,lab ./...
GOOS=windows go vet ./...
