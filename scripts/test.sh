#!/bin/bash
# test.sh [RING…] runs the test rings (all when none is named) and says at the end which ran.
#
#   unit      vet for both systems, all untagged tests with the race detector
#   load      200 FTP clients at once for FTPISOCTL_LOAD (1m), with the race detector
#   fuzz      each fuzz target for FUZZTIME (10s), at the lowest priority beside the rings below, which mostly wait;
#             while a test of the lab measures no target begins, and those that run are waited for
#   embedded  tests tagged "embedded": real FTP clients against the embedded directory, a real browser that opens reports
#   windows   the Windows program under Wine: the scripts, and the rooms in which Windows differs
#   lab       tests tagged "lab", in internal/lab/lab.sh: a real domain and a real file server
#
# A ring whose needs are not met is skipped and the summary says what it would need. With CI=true nothing may be
# skipped: as root on Debian what is missing is installed, and a ring that still cannot run fails the build.
set -euo pipefail
cd "$(dirname "$0")/.."

# Builds in tests need no version, and git may refuse to look into a checkout that belongs to somebody else.
export GOFLAGS="${GOFLAGS:-} -buildvcs=false -trimpath"

# The program is built without C and without paths, and so is all that tests it, but for the race detector's runtime.
# On a machine that has compiled nothing yet each variant of the libraries costs a minute.
export CGO_ENABLED=0

# The lab's daemons live where a plain user's search path may not look.
export PATH=$PATH:/usr/sbin:/sbin

results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT

# Who measures in the lab takes the machine for that long; what runs beside the rings waits at the door (beside.sh).
if [ -z "${FTPISOCTL_ALONE:-}" ] && command -v flock >/dev/null; then
	export FTPISOCTL_ALONE=$results/alone
	mkdir "$FTPISOCTL_ALONE"
	touch "$FTPISOCTL_ALONE"/{door,machine}
fi

# tagged TAG prints the files of tests with a build tag.
tagged() { grep -rlP --include='*_test.go' "^//go:build .*(?<!!)\b$1\b" cmd internal; }

# packages_of and names_of turn test files into arguments for go test: the folders, and a pattern of exactly the
# tests in these files, since the untagged tests beside them have run in the ring "unit".
packages_of() { xargs -n1 dirname | sort -u | sed 's,^,./,'; }
names_of() { xargs grep -hoE '^func Test[A-Za-z0-9_]+' | sed 's/^func //' | sort -u | paste -sd '|' | sed 's/.*/^(&)$/'; }

unit_needs() { lacks go; }
unit() {
	scripts/vet.sh
	GOOS=windows go build -o /dev/null ./cmd/ftpisoctl
	local slow=(./internal/ldapattr ./internal/ftpsrv) # they wait most, so they begin first
	if command -v "${CC:-gcc}" >/dev/null; then
		# Programs under the race detector sleep a second before they end, unless told not to.
		CGO_ENABLED=1 GORACE=atexit_sleep_ms=0 go test -race "${slow[@]}" ./...
		go test -run '^(TestApply_killed|TestList_memoryStaysFlat)$' ./cmd/ftpisoctl # what is different without it
	else
		echo "no C compiler, so the tests run without the race detector"
		go test "${slow[@]}" ./...
	fi
}

# Alone: others have clocks to watch.
load_needs() { lacks go; }
load() {
	local race=()
	if command -v "${CC:-gcc}" >/dev/null; then race=(-race); fi
	FTPISOCTL_LOAD=${FTPISOCTL_LOAD:-1m} CGO_ENABLED=${#race[@]} \
		go test "${race[@]}" -count=1 -timeout 30m -run '^TestLoad$' ./internal/ftpsrv
}

fuzz_needs() { lacks go; }
fuzz() { FUZZTIME=${FUZZTIME:-10s} nice -n 19 scripts/fuzz.sh; }

embedded_needs() { lacks curl lftp tnftp chromium chromedriver; }
embedded_wants() {
	lacks ncftpput python3 perl ruby php node javac
	perl -MIO::Socket::SSL -e 1 2>/dev/null || echo libio-socket-ssl-perl
	[ -e bin/clients/node_modules/basic-ftp ] || echo basic-ftp
	[ -e /usr/share/java/commons-net.jar ] || echo commons-net
}
embedded() {
	local files
	files=$(tagged embedded)
	go test -count=1 -tags embedded -parallel 4 -run "$(names_of <<<"$files")" $(packages_of <<<"$files")
}

windows_needs() {
	lacks wine wineserver x86_64-w64-mingw32-gcc script
	[ "$(go env GOARCH)" = amd64 ] || echo "an amd64 processor"
}
windows() {
	local rooms=(homedir iisftp output secret shares shares/prepare winerr winpath w3clog config/... plan/... storage storage/native private)
	# Two at a time: the scripts and cli mostly wait for programs to start.
	scripts/wine.sh bash -euc '
		export GOOS=windows GOARCH=amd64
		go test -count=1 -p 2 -exec wine -skip "$1" "${@:2}"
		go test -count=1 -exec wine -run "^TestSharing" ./internal/ftpsrv # all else there is the same on Unix
		go test -count=1 -exec "$PWD/scripts/wine/console.sh" -run "^TestConsole$" ./internal/cli
	' windows "$(sed "s/#.*//; s/  .*//; /^$/d" scripts/wine/cannot | paste -sd "|")" \
		./cmd/ftpisoctl ./internal/cli "${rooms[@]/#/./internal/}"
}

lab_needs() {
	[ "$(id -u)" = 0 ] || echo root
	lacks samba smbd winbindd samba-tool net wbinfo smbclient smbcacls ldbmodify ldapsearch ldapmodify kinit \
		ip unshare nsenter openssl tcpdump strace curl flock
	[ -d /usr/share/samba/setup ] || echo samba-ad-provision
	unshare --net --mount --pid --fork true 2>/dev/null || echo "the right to make namespaces"
}
lab() {
	local files
	files=$(tagged lab)
	go mod download # the lab has no way to the module proxy
	FTPISOCTL_LAB_LOGS=1 internal/lab/lab.sh \
		go test -count=1 -p 1 -timeout 30m -tags lab -run "$(names_of <<<"$files")" $(packages_of <<<"$files")
}

# lacks COMMAND… prints those that are not there.
lacks() {
	local tool
	for tool; do command -v "$tool" >/dev/null || echo "$tool"; done
}

# installed waits for deps.sh and shows what it said. A package that is not to be had fails the build at once.
installed() {
	[ -n "$installing" ] || return 0
	local status=0
	wait "$installing" || status=$?
	installing=""
	cat "$results/deps.log"
	[ "$status" -eq 0 ] || exit "$status"
}

# run_ring RING runs it and leaves its line of the summary in $results; a line that must fail the build goes to
# $results/failed, too.
run_ring() {
	local ring=$1 lacking started=$SECONDS
	lacking=$("${ring}_needs" | paste -sd , | sed 's/,/, /g')
	if [ -n "$lacking" ]; then
		echo "$ring: skipped, lacks $lacking; make test-deps installs packages on Debian" >"$results/$ring"
		[ "${CI:-}" != true ] || touch "$results/failed"
		return
	fi
	echo "== ring $ring"
	lacking=""
	if declare -F "${ring}_wants" >/dev/null; then
		lacking=$("${ring}_wants" | paste -sd , | sed 's/,/, /g; s/./, without &/')
	fi
	# A subshell with its own -e: a function called in a condition would go on after a failure.
	if bash -c "$(declare -f); set -euo pipefail; $ring"; then
		echo "$ring: passed in $((SECONDS - started)) s$lacking" >"$results/$ring"
	else
		echo "$ring: FAILED after $((SECONDS - started)) s" >"$results/$ring"
		touch "$results/failed"
	fi
}

if [ $# -eq 0 ]; then set -- unit load fuzz embedded windows lab; fi
for ring; do
	case $ring in
	unit | load | fuzz | embedded | windows | lab) ;;
	*)
		echo "test.sh: no ring $ring; there are unit, load, fuzz, embedded, windows and lab" >&2
		exit 64
		;;
	esac
done
# The ring "unit" needs nothing but Go, and gcc for the race detector. Installing the rest takes minutes, so that happens
# beside it.
installing=""
if [ "${CI:-}" = true ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
	scripts/deps.sh >"$results/deps.log" 2>&1 &
	installing=$!
	if [ "$1" != unit ] || ! command -v gcc >/dev/null; then installed; fi
fi
for ring; do
	[ "$ring" = unit ] || installed
	if [ "$ring" = fuzz ]; then
		run_ring fuzz >"$results/fuzz.log" 2>&1 &
	else
		run_ring "$ring"
	fi
done
installed
wait
[ ! -e "$results/fuzz.log" ] || cat "$results/fuzz.log"

echo "== rings"
for ring; do sed 's/^/   /' "$results/$ring"; done
[ ! -e "$results/failed" ]
