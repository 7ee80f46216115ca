#!/bin/bash
# vet.sh looks at all code, the tagged tests included, as Linux and as Windows see it. Vet type-checks
# everything, so it also proves that the Windows build compiles.
set -euo pipefail
cd "$(dirname "$0")/.."

GOOS=linux go vet -tags embedded,lab ./...
CGO_ENABLED=0 GOOS=windows go vet -tags embedded,lab ./...
