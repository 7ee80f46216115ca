#!/bin/bash
# beside.sh COMMAND… runs COMMAND beside the tests, but not while one of them measures: it begins when no race is on or
# waited for, and a race waits until it has ended. Who races takes the machine with crowds.Alone (internal/lab/crowds).
#
# FTPISOCTL_ALONE names the folder with the two locks of that; without it there is nobody to mind. The machine is
# locked by all that work side by side together, or by one that races. Who wants it waits at the door, one after
# the other, so that a race need not wait until by chance nobody works. Locks end with the processes that hold them.
set -euo pipefail
if [ -n "${FTPISOCTL_ALONE:-}" ]; then
	exec 8<"$FTPISOCTL_ALONE/door" 9<"$FTPISOCTL_ALONE/machine"
	flock 8
	flock -s 9
	exec 8<&-
fi
exec "$@"
