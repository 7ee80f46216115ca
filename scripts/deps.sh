#!/bin/bash
# deps.sh installs the Debian packages that the test rings need. Installed servers are not started: the
# lab starts its own, in namespaces of its own.
set -euo pipefail

packages=(
	# race detector, and what the scripts themselves use
	gcc libc6-dev git iproute2 openssl procps ca-certificates
	# ring "embedded": real FTP clients, and languages whose libraries speak FTP
	curl lftp tnftp ncftp python3 perl libio-socket-ssl-perl ruby php-cli libcommons-net-java
	# and a browser that opens the report of an audit
	chromium chromium-driver
	# ring "windows": the loader, a compiler for the library that it lacks, a terminal
	wine wine64 gcc-mingw-w64-x86-64 bsdutils
	# ring "lab": domain controller, file server, tools to look at both, packet capture, system calls
	samba samba-ad-dc samba-ad-provision samba-dsdb-modules samba-vfs-modules winbind libnss-winbind smbclient
	ldap-utils ldb-tools krb5-user libsasl2-modules-gssapi-mit python3-samba tcpdump strace
)

# What many machines have from elsewhere, by command.
declare -A commands=([javac]=default-jdk-headless)

missing=()
for package in "${packages[@]}"; do
	[ "$(dpkg-query -W -f '${Status}' "$package" 2>/dev/null)" = "install ok installed" ] || missing+=("$package")
done
for command in "${!commands[@]}"; do
	command -v "$command" >/dev/null || missing+=("${commands[$command]}")
done

# node_client fetches the FTP library that the ring "embedded" drives under Node, in the version that its lock file
# names, to a place in the tree that all users of the checkout read. Debian has no package of it; where there is no
# Node or no way to its registry, the ring says that it ran without.
node_client() {
	command -v npm >/dev/null || return 0
	cd "$(dirname "$0")/.."
	cmp -s cmd/ftpisoctl/testdata/clients/package-lock.json bin/clients/package-lock.json && [ -e bin/clients/node_modules/basic-ftp ] && return
	echo "test-deps: fetching basic-ftp"
	mkdir -p bin/clients
	cp cmd/ftpisoctl/testdata/clients/package*.json bin/clients/
	npm --prefix bin/clients ci --ignore-scripts --no-audit --no-fund --fetch-retries 0 --fetch-timeout 20000 ||
		echo "test-deps: basic-ftp is not to be had"
}

if [ ${#missing[@]} -eq 0 ]; then
	node_client
	echo "test-deps: everything is installed"
	exit 0
fi
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
	echo "test-deps: needs root on Debian for: ${missing[*]}" >&2
	exit 1
fi

echo "test-deps: installing ${missing[*]}"
export DEBIAN_FRONTEND=noninteractive
if [ ! -e /usr/sbin/policy-rc.d ]; then
	trap 'rm -f /usr/sbin/policy-rc.d' EXIT
	printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d
	chmod 0755 /usr/sbin/policy-rc.d
fi
apt-get -q -o Acquire::Retries=3 update
apt-get -q -y -o Acquire::Retries=3 install --no-install-recommends "${missing[@]}"
node_client
