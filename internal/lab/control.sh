#!/bin/bash
# control.sh dc|fs ACTION lets a test, or a person in the lab, stop and start the lab's hosts.
# Actions: stop, start, pause, resume; for fs also drop. It needs FTPISOCTL_LAB_DIR.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
: "${FTPISOCTL_LAB_DIR:?works inside the lab only, see lab.sh}"
. "$here/names.sh"
. "$here/hosts.sh"

case "${1:-} ${2:-}" in
"dc stop") host_stop dc1 ;;
"dc start") dc_start ;;
"dc pause") host_signal dc1 STOP ;;
"dc resume") host_signal dc1 CONT ;;
"fs stop") host_stop fs01 ;;
"fs start") fs_start ;;
"fs pause") host_signal fs01 STOP ;;
"fs resume") host_signal fs01 CONT ;;
"fs drop") fs_drop ;;
*)
	echo "usage: control.sh dc|fs stop|start|pause|resume, control.sh fs drop" >&2
	exit 64
	;;
esac
