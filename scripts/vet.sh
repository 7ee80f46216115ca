#!/bin/bash
# vet.sh looks at all code as Linux and as Windows see it, the tagged tests included; the lab is a Linux
# matter. Vet type-checks everything, so it also proves that the tests compile for Windows.
set -euo pipefail
cd "$(dirname "$0")/.."

export CGO_ENABLED=0
GOOS=linux go vet -tags embedded,lab ./...
GOOS=windows go vet -tags embedded ./...
