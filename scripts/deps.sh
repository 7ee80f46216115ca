#!/bin/bash
# deps.sh installs the Debian packages that the test rings need. Installed servers are not started: the
# lab starts its own, in namespaces of its own.
set -euo pipefail

packages=(
	# race detector, and what the scripts themselves use
	gcc libc6-dev git iproute2 openssl procps ca-certificates
	# ring "embedded": real FTP clients
	curl lftp tnftp
	# ring "lab": domain controller, file server, tools to look at both, packet capture, system calls
	samba samba-ad-dc samba-ad-provision samba-dsdb-modules samba-vfs-modules winbind libnss-winbind smbclient
	ldap-utils ldb-tools krb5-user libsasl2-modules-gssapi-mit python3-samba tcpdump strace
)

missing=()
for package in "${packages[@]}"; do
	[ "$(dpkg-query -W -f '${Status}' "$package" 2>/dev/null)" = "install ok installed" ] || missing+=("$package")
done
if [ ${#missing[@]} -eq 0 ]; then
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
