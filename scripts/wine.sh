#!/bin/bash
# wine.sh COMMAND… runs a command in which "wine" runs the Windows programs of Go, as in
#
#   scripts/wine.sh env GOOS=windows go test -exec wine ./internal/winpath
#
# Wine gets a place of its own in a temporary folder, which is gone afterwards, and needs no display.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")/wine" && pwd)

dir=$(mktemp -d)
export WINEPREFIX=$dir/prefix WINEARCH=win64 WINEDEBUG=-all WINEDLLOVERRIDES='mscoree,mshtml,winemenubuilder.exe='
export LC_ALL=C.UTF-8 # else Wine has no names beyond ASCII
umask 077                 # access control lists are modes of Unix there: files in a Windows profile are nobody else's
unset DISPLAY WAYLAND_DISPLAY
trap 'wineserver -k 2>/dev/null || true; wineserver -w 2>/dev/null || true; rm -rf "$dir"' EXIT

x86_64-w64-mingw32-gcc -shared -O2 -s -Wall -Werror -o "$dir/bcryptprimitives.dll" "$here/bcryptprimitives.c" -ladvapi32
wineboot --init >"$dir/log" 2>&1 </dev/null || { cat "$dir/log" >&2; exit 1; }
cp "$dir/bcryptprimitives.dll" "$WINEPREFIX/drive_c/windows/system32/"

"$@"
