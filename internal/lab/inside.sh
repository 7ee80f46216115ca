#!/bin/bash
# inside.sh DIR COMMAND… is the second half of lab.sh: process 1 of the lab's namespaces.
# It builds the lab in DIR, runs COMMAND, and takes the whole lab with it when it ends.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
export FTPISOCTL_LAB_DIR=$1
shift

export KRB5_CONFIG=$FTPISOCTL_LAB_DIR/krb5.conf
. "$here/names.sh"
. "$here/hosts.sh"

mount -t tmpfs -o mode=0755 tmpfs "$FTPISOCTL_LAB_DIR"
# What COMMAND leaves in its temporary folder goes with the lab too.
mkdir -m 1777 "$FTPISOCTL_LAB_DIR/tmp"
export TMPDIR=$FTPISOCTL_LAB_DIR/tmp KRB5CCNAME=FILE:$FTPISOCTL_LAB_DIR/krb5cc
started=$(date +%s%N)
if ! bash "$here/build.sh" >"$LAB_BUILD_LOG" 2>&1 </dev/null; then
	echo "lab: could not be built; the steps were:" >&2
	tail -n 60 "$LAB_BUILD_LOG" >&2
	daemon_logs
	exit 70
fi
printf 'lab: %s with dc1 and fs01 ready after %d ms\n' "$LAB_DOMAIN" $((($(date +%s%N) - started) / 1000000)) >&2

status=0
"$@" || status=$?
if [ "$status" -ne 0 ] && [ -n "${FTPISOCTL_LAB_LOGS:-}" ]; then
	daemon_logs
fi
exit "$status"
