#!/bin/bash
# lab.sh COMMAND… builds a Windows domain of its own (a Samba domain controller dc1 and a member
# file server fs01), runs COMMAND in it and passes COMMAND's exit status on.
#
# Everything lives in namespaces of its own (network, mounts, processes, host name): ports and
# addresses never collide with the machine or with another lab, nothing reaches the machine's
# network, and when the command ends the kernel ends every daemon and drops every file.
# doc.go tells what stands in the lab and which environment COMMAND gets.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

need() {
	local missing=()
	[ "$(id -u)" = 0 ] || missing+=("root")
	local tool
	for tool in unshare nsenter ip openssl samba smbd winbindd samba-tool ldbmodify net smbcacls smbclient \
		kinit ldapsearch; do
		command -v "$tool" >/dev/null || missing+=("$tool")
	done
	[ -d /usr/share/samba/setup ] || missing+=("samba-ad-provision")
	if [ ${#missing[@]} -gt 0 ]; then
		echo "lab: needs ${missing[*]} (make test-deps installs the packages)" >&2
		exit 69
	fi
}

# outside makes the namespaces. The child is killed with unshare, and with the child, which is
# process 1 of its namespace, everything in it. The folder is only a mount point: it stays empty here.
outside() {
	local child status=0
	dir=$(mktemp -d "${TMPDIR:-/tmp}/ftpisolab.XXXXXX")
	trap 'rmdir "$dir"' EXIT
	# A background job of a script starts with SIGINT ignored; COMMAND must not inherit that.
	env --default-signal=INT,QUIT unshare --net --mount --pid --ipc --uts --fork --kill-child --mount-proc \
		bash "$here/inside.sh" "$dir" "$@" <&0 &
	child=$!
	trap 'kill -KILL "$child" 2>/dev/null || true' TERM HUP
	trap : INT QUIT
	# wait returns early for each trapped signal; the job itself decides when it is over.
	while true; do
		wait "$child" 2>/dev/null && status=0 || status=$?
		kill -0 "$child" 2>/dev/null || break
	done
	return "$status"
}

if [ $# -eq 0 ]; then
	echo "usage: lab.sh COMMAND…" >&2
	exit 64
fi
need
outside "$@"
