#!/bin/bash
# cross.sh OS/ARCH LDFLAGS builds the program for another system into dist/.
set -euo pipefail
cd "$(dirname "$0")/.."

os=${1%/*} arch=${1#*/}
name=dist/ftpisoctl-$os-$arch
[ "$os" != windows ] || name=$name.exe
echo "$name"
CGO_ENABLED=0 GOOS=$os GOARCH=$arch go build -trimpath -buildvcs=false -ldflags "$2" -o "$name" ./cmd/ftpisoctl
