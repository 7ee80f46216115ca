# hosts.sh: the lab's two hosts as processes. Each host is a mount namespace of its own, kept open by
# a process that only sleeps; whatever else runs in that namespace belongs to the host. That is how a
# host is stopped exactly, whatever its daemons forked.

# host_create NAME gives a host its namespace, with Samba's fixed folders empty. Two Samba servers
# otherwise share a pid file and a winbind socket, and break each other in ways that look like
# failed logons.
host_create() {
	local dir=$FTPISOCTL_LAB_DIR/$1
	mkdir -p "$dir"
	unshare --mount -- bash -c '
		set -e
		for place in /run/samba /var/lib/samba /var/log/samba /var/cache/samba; do
			mkdir -p "$place"
			mount -t tmpfs -o mode=0755 tmpfs "$place"
		done
		if [ -f "$1/nsswitch.conf" ]; then mount --bind "$1/nsswitch.conf" /etc/nsswitch.conf; fi
		echo ready >"$1/holder.ready"
		exec sleep infinity' holder "$dir" </dev/null >/dev/null &
	echo $! >"$dir/holder.pid"
	poll 10 "namespace of $1" test -s "$dir/holder.ready"
}

# host_run NAME COMMAND… runs a command on a host.
host_run() {
	local holder
	holder=$(cat "$FTPISOCTL_LAB_DIR/$1/holder.pid")
	shift
	nsenter --target "$holder" --mount --root -- "$@"
}

# host_pids NAME prints the processes of a host, the holder left out. A zombie has no namespace any more,
# and a process may end while find looks.
host_pids() {
	local holder
	holder=$(cat "$FTPISOCTL_LAB_DIR/$1/holder.pid")
	find /proc/[0-9]*/ns/mnt -prune -printf '%l %h\n' 2>/dev/null |
		awk -F '[ /]' -v own="$(readlink "/proc/$holder/ns/mnt")" -v holder="$holder" \
			'$1 == own && $4 != holder { print $4 }' || true
}

host_is_empty() { [ -z "$(host_pids "$1")" ]; }

# host_signal NAME SIGNAL sends a signal to every process of a host.
host_signal() {
	local pid
	for pid in $(host_pids "$1"); do
		kill "-$2" "$pid" 2>/dev/null || true
	done
}

# host_stop NAME pulls the plug: no daemon gets to say goodbye. Repeated because a daemon may fork
# between the look and the signal.
host_stop() {
	poll 10 "end of $1" host_killed "$1"
}
host_killed() {
	host_signal "$1" CONT
	host_signal "$1" KILL
	host_is_empty "$1"
}

# dc_start and fs_start start a host's daemons, unless some run, and return when they answer.
dc_start() {
	if host_is_empty dc1; then dc_daemons; fi
	local port
	for port in 389 636 88 464 53 445; do
		poll 60 "$LAB_DC port $port" answers "$LAB_DC_IP" "$port"
	done
	poll 60 "$LAB_DC directory" directory_answers
}
dc_daemons() {
	host_run dc1 setsid samba --foreground --no-process-group --configfile "$FTPISOCTL_LAB_DIR/dc1/etc/smb.conf" \
		</dev/null >>"$FTPISOCTL_LAB_DIR/dc1/samba.log" 2>&1 &
}

fs_start() {
	if host_is_empty fs01; then fs_daemons; fi
	poll 60 "$LAB_FS port 445" answers "$LAB_FS_IP" 445
	poll 60 "$LAB_FS winbind" host_run fs01 wbinfo --ping-dc
	poll 60 "$LAB_FS users" host_run fs01 getent passwd "$LAB_NETBIOS\\alice"
}
fs_daemons() {
	local conf=$FTPISOCTL_LAB_DIR/fs01/etc/smb.conf
	host_run fs01 setsid winbindd --foreground --no-process-group --configfile "$conf" \
		</dev/null >>"$FTPISOCTL_LAB_DIR/fs01/winbindd.log" 2>&1 &
	host_run fs01 setsid smbd --foreground --no-process-group --configfile "$conf" \
		</dev/null >>"$FTPISOCTL_LAB_DIR/fs01/smbd.log" 2>&1 &
}

# fs_drop kills the smbd processes that serve a client and leaves the listening one: every open SMB
# connection ends in the middle of what it does, and a new one works at once.
fs_drop() {
	local parent pid
	parent=$(cat "$FTPISOCTL_LAB_DIR/fs01/run/smbd.pid")
	for pid in $(host_pids fs01); do
		[ "$pid" != "$parent" ] || continue
		case $(cat "/proc/$pid/comm" 2>/dev/null || true) in
		smbd*) if serves_client "$pid"; then kill -KILL "$pid"; fi ;;
		esac
	done
}
serves_client() { ss -Htnp state established "src $LAB_FS_IP:445" | grep -q "pid=$1,"; }

# answers ADDRESS PORT: does a TCP connection open?
answers() { (exec 3<>"/dev/tcp/$1/$2") 2>/dev/null; }

directory_answers() {
	LDAPTLS_CACERT=$FTPISOCTL_LAB_DIR/ca.pem ldapsearch -x -LLL -o nettimeout=2 -H "ldaps://$LAB_DC" \
		-s base -b '' defaultNamingContext >/dev/null 2>&1
}

# poll SECONDS WHAT COMMAND… repeats a command until it succeeds, and fails when time is up.
poll() {
	local until=$((SECONDS + $1)) what=$2
	shift 2
	until "$@" >/dev/null 2>&1; do
		if [ "$SECONDS" -ge "$until" ]; then
			echo "lab: no $what in time" >&2
			return 1
		fi
		sleep 0.05
	done
}

# daemon_logs prints the end of every daemon's log.
daemon_logs() {
	local log
	for log in "$FTPISOCTL_LAB_DIR"/*/*.log; do
		[ -s "$log" ] || continue
		echo "--- ${log#"$FTPISOCTL_LAB_DIR"/} (last 40 lines)"
		tail -n 40 "$log"
	done >&2
}
