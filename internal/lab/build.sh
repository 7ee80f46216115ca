#!/bin/bash
# build.sh makes the lab inside its namespaces; inside.sh calls it. Its output is the build log.
set -Eeuo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/names.sh"
. "$here/hosts.sh"

trap 'echo "failed in line $LINENO: $BASH_COMMAND" >&2' ERR

# build is the list of steps.
build() {
	step network
	step names
	step certificates
	step passwords
	step domain_provision
	step domain_people
	step host_create dc1
	step dc_start
	step fs_prepare
	step host_create fs01
	step fs_small_disk
	step fs_join
	step fs_start
	step share_homes
	step share_bait
	step domain_delegate
	step describe
}

# step runs one step and says how long it took.
step() {
	local before
	before=$(date +%s%N)
	echo "$*"
	"$@"
	echo "$* took $((($(date +%s%N) - before) / 1000000)) ms"
}

network() {
	hostname ftpisolab
	ip link set lo up
	local address
	for address in "$LAB_DC_IP" "$LAB_FS_IP" "$LAB_FTP_IP" "$LAB_CLIENT_IP" "$LAB_ROGUE_IP"; do
		ip address add "$address/24" dev lo
	done
}

# names makes the DC the only name server, so that SRV records are the domain's real ones. The hosts
# file serves programs that look addresses up backwards: the domain has no reverse zone.
names() {
	cat >resolv.conf <<-END
		search $LAB_DOMAIN
		nameserver $LAB_DC_IP
		options timeout:1 attempts:2
	END
	cat >hosts <<-END
		127.0.0.1 localhost ftpisolab
		$LAB_DC_IP $LAB_DC dc1
		$LAB_FS_IP $LAB_FS fs01
		$LAB_FTP_IP $LAB_FTP ftp
		$LAB_ROGUE_IP $LAB_ROGUE
	END
	cat >krb5.conf <<-END
		[libdefaults]
		    default_realm = $LAB_REALM
		    dns_lookup_realm = false
		    dns_lookup_kdc = true
		    rdns = false
		    udp_preference_limit = 1
		[realms]
		    $LAB_REALM = {
		        kdc = $LAB_DC
		        admin_server = $LAB_DC
		        default_domain = $LAB_DOMAIN
		    }
		[domain_realm]
		    .$LAB_DOMAIN = $LAB_REALM
		    $LAB_DOMAIN = $LAB_REALM
	END
	mkdir fs01
	cat >fs01/nsswitch.conf <<-END
		passwd: files winbind
		group: files winbind
		hosts: files dns
	END
	bind_over resolv.conf /etc/resolv.conf
	bind_over hosts /etc/hosts
}

# bind_over FILE PLACE puts a file in the place of one of the system's, in the lab only.
bind_over() {
	local place
	place=$(readlink -f "$2")
	[ -f "$place" ] || { echo "$2 is not a file here, so the lab cannot put its own over it"; return 1; }
	mount --bind "$1" "$place"
}

# certificates makes a CA and the DC's certificate with its name as subjectAltName: the one Samba
# makes for itself has none, and Go rightly refuses it.
certificates() {
	mkdir -m 0700 tls
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 7 -subj "/CN=$LAB_NETBIOS lab CA" \
		-addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign,cRLSign \
		-keyout tls/ca.key -out ca.pem
	issue dc1 "$LAB_DC"
	issue ftp "$LAB_FTP"
}
issue() {
	openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=$2" \
		-keyout "tls/$1.key" -out "tls/$1.csr"
	openssl x509 -req -in "tls/$1.csr" -CA ca.pem -CAkey tls/ca.key -CAcreateserial -days 6 \
		-extfile <(printf 'subjectAltName=DNS:%s\nextendedKeyUsage=serverAuth\n' "$2") -out "tls/$1.pem"
	chmod 0600 "tls/$1.key"
}

# passwords writes one file per account. Those of people are fixed, since tests type them; those of
# privileged accounts are random and exist nowhere else.
passwords() {
	mkdir -m 0700 passwords
	local account
	for account in Administrator ftpadmin; do
		printf 'Aa1!%s\n' "$(openssl rand -hex 16)" >"passwords/$account"
	done
	while read -r account secret; do
		printf '%s\n' "$secret" >"passwords/$account"
	done <<-'END'
		alice Wonder1and!
		bob Bui1der!!
		carol Caro1ina!!
		dave Dav1dson!!
		erin Er1nnern!!
		frank Fr4nkfurt!
		grace Gr4cious!!
		olga 0lgasOlga!!
		svc-ftpiso Serv1ceOnly!
	END
	chmod 0600 passwords/*
}

# authfile ACCOUNT prints a file that Samba's tools take instead of a password in their arguments.
authfile() {
	printf 'username = %s\npassword = %s\ndomain = %s\n' "$1" "$(cat "passwords/$1")" "$LAB_NETBIOS"
}

domain_provision() {
	samba-tool domain provision --realm="$LAB_REALM" --domain="$LAB_NETBIOS" --server-role=dc --host-name=dc1 \
		--host-ip="$LAB_DC_IP" --dns-backend=SAMBA_INTERNAL --targetdir="$PWD/dc1" \
		--option="interfaces=$LAB_DC_IP" --option="bind interfaces only=yes" --option="pid directory=$PWD/dc1/run" \
		--option="tls certfile=$PWD/tls/dc1.pem" --option="tls keyfile=$PWD/tls/dc1.key" \
		--option="tls cafile=$PWD/ca.pem" --option="server services=s3fs, rpc, ldap, cldap, kdc, dns, winbindd" \
		--option="log file=$PWD/dc1/daemons.log" --option="max log size=0" 2>&1 |
		grep -v "Admin password"
	# It took the name server of this machine, itself, to forward to, and would wait for its own answer.
	sed -i '/dns forwarder/d' dc1/etc/smb.conf
	mkdir -p dc1/run
}

# domain_people writes the accounts straight into the database before the DC starts: milliseconds
# each, where samba-tool takes a second. The DC's names as LDAP service, which a real DC registers by
# itself after a while, come along, so that Kerberos works from the first moment.
domain_people() {
	local record
	{
		cat <<-END
			dn: OU=Staff,$LAB_BASE_DN
			changetype: add
			objectClass: organizationalUnit

			dn: OU=Services,$LAB_BASE_DN
			changetype: add
			objectClass: organizationalUnit

			dn: CN=Administrator,CN=Users,$LAB_BASE_DN
			changetype: modify
			replace: unicodePwd
			$(unicode_password Administrator)

			dn: CN=DC1,OU=Domain Controllers,$LAB_BASE_DN
			changetype: modify
			add: servicePrincipalName
			servicePrincipalName: ldap/$LAB_DC
			servicePrincipalName: ldap/dc1
			servicePrincipalName: ldap/$LAB_DC/$LAB_DOMAIN
			servicePrincipalName: ldap/$LAB_DC/$LAB_NETBIOS

		END
		# 512 is a normal account, 514 a disabled one.
		person "Alice Adams" alice 512 alice
		person "Bob Brown" bob 512 bob
		person "Carol Clark" carol 514 carol
		person "Dave Davis" dave 512 ""
		person "Erin Evans" erin 512 erin 'accountExpires: 125911584000000000'
		person "Frank Fisher" frank 512 frank 'pwdLastSet: 0'
		person "Grace Green" grace 512 grace
		person "Olga Olsen" olga 512 olga "" "\\\\$LAB_ROGUE\\$LAB_SHARE"
		service svc-ftpiso
		service ftpadmin
	} >people.ldif
	chmod 0600 people.ldif
	ldbmodify -H dc1/private/sam.ldb --configfile=dc1/etc/smb.conf people.ldif
	rm people.ldif
}

# person NAME ACCOUNT UAC DIR [LINE] [ROOT]
person() {
	local root=${6:-\\\\$LAB_FS\\$LAB_SHARE}
	printf 'dn: CN=%s,OU=Staff,%s\nchangetype: add\nobjectClass: user\n' "$1" "$LAB_BASE_DN"
	printf 'givenName: %s\nsn: %s\ndisplayName: %s\n' "${1% *}" "${1#* }" "$1"
	printf 'sAMAccountName: %s\nuserPrincipalName: %s@%s\nuserAccountControl: %s\n' "$2" "$2" "$LAB_DOMAIN" "$3"
	if [ -n "$4" ]; then printf 'msIIS-FTPRoot: %s\nmsIIS-FTPDir: %s\n' "$root" "$4"; fi
	if [ -n "${5:-}" ]; then printf '%s\n' "$5"; fi
	unicode_password "$2"
	printf '\n'
}
service() {
	printf 'dn: CN=%s,OU=Services,%s\nchangetype: add\nobjectClass: user\n' "$1" "$LAB_BASE_DN"
	printf 'sAMAccountName: %s\nuserPrincipalName: %s@%s\n' "$1" "$1" "$LAB_DOMAIN"
	# 66048 is a normal account whose password never expires.
	printf 'userAccountControl: 66048\n'
	unicode_password "$1"
	printf '\n'
}
unicode_password() {
	printf 'unicodePwd:: %s\n' "$(printf '"%s"' "$(cat "passwords/$1")" | iconv -t UTF-16LE | base64 -w0)"
}

# domain_delegate lets ftpadmin write the two attributes of the users under OU=Staff, and nothing else:
# the delegation an administrator would set up for a help desk.
domain_delegate() {
	local sid user=bf967aba-0de6-11d0-a285-00aa003049e2
	local root=2a7827a4-1483-49a5-9d84-52e3812156b4 dir=8a5c99e9-2230-46eb-b8e8-e59d712eb9ee
	sid=$(ldbsearch -H dc1/private/sam.ldb '(sAMAccountName=ftpadmin)' objectSid | sed -n 's/^objectSid: //p')
	samba-tool dsacl set -H dc1/private/sam.ldb -s dc1/etc/smb.conf --action=allow \
		--objectdn="OU=Staff,$LAB_BASE_DN" \
		--sddl="(OA;CIIO;RPWP;$root;$user;$sid)(OA;CIIO;RPWP;$dir;$user;$sid)"
}

fs_prepare() {
	mkdir -p fs01/etc fs01/private fs01/lock fs01/state fs01/cache fs01/run share encrypted small empty outside namespace
	ln -s "msdfs:$LAB_FS\\$LAB_SHARE" namespace/homes
	chmod 0777 share encrypted empty
	cat >fs01/etc/smb.conf <<-END
		[global]
		    workgroup = $LAB_NETBIOS
		    realm = $LAB_REALM
		    netbios name = FS01
		    security = ads
		    server role = member server
		    kerberos method = secrets only
		    interfaces = $LAB_FS_IP
		    bind interfaces only = yes
		    disable netbios = yes
		    smb ports = 445
		    private dir = $PWD/fs01/private
		    lock directory = $PWD/fs01/lock
		    state directory = $PWD/fs01/state
		    cache directory = $PWD/fs01/cache
		    pid directory = $PWD/fs01/run
		    log file = $PWD/fs01/daemons.log
		    max log size = 0
		    idmap config * : backend = tdb
		    idmap config * : range = 3000-7999
		    idmap config $LAB_NETBIOS : backend = rid
		    idmap config $LAB_NETBIOS : range = 10000-999999
		    winbind offline logon = no
		    vfs objects = $(share_modules)
		    acl_xattr:ignore system acls = yes
		    map to guest = never
		    load printers = no
		    printcap name = /dev/null
		    disable spoolss = yes
		[$LAB_SHARE]
		    path = $PWD/share
		    read only = no
		[$LAB_ENCRYPTED_SHARE]
		    path = $PWD/encrypted
		    read only = no
		    smb encrypt = required
		[$LAB_SMALL_SHARE]
		    path = $PWD/small
		    read only = no
		[$LAB_EMPTY_SHARE]
		    path = $PWD/empty
		    read only = no
		[$LAB_NAMESPACE]
		    path = $PWD/namespace
		    msdfs root = yes
	END
}

# fs_small_disk gives the share for full disks one of its own, which only fs01 sees.
fs_small_disk() {
	host_run fs01 mount -t tmpfs -o mode=0777,size=4m tmpfs "$PWD/small"
}

# share_modules: NT ACLs live in extended attributes. Where the kernel's tmpfs has no user
# attributes (before Linux 6.6), a small database keeps them instead.
share_modules() {
	if /usr/bin/python3 -c 'import os, sys; os.setxattr(sys.argv[1], "user.probe", b"1")' share 2>/dev/null; then
		echo acl_xattr
	else
		echo "acl_xattr xattr_tdb"
	fi
}

fs_join() {
	authfile Administrator >passwords/.administrator.auth
	chmod 0600 passwords/.administrator.auth
	PASSWD_FILE=passwords/Administrator samba-tool dns add "$LAB_DC" "$LAB_DOMAIN" fs01 A "$LAB_FS_IP" -U Administrator &
	local record=$!
	host_run fs01 net ads join -s "$PWD/fs01/etc/smb.conf" -A "$PWD/passwords/.administrator.auth" --no-dns-updates
	wait "$record"
}

# share_homes makes the homes as an administrator would: each belongs to its user, and only the user
# and Domain Admins may enter.
share_homes() {
	local name
	for name in alice bob carol erin frank grace; do
		home_acl "$LAB_SHARE" "$name" "$name"
	done
	home_acl "$LAB_ENCRYPTED_SHARE" alice alice
	home_acl "$LAB_SMALL_SHARE" grace grace
}

# share_bait makes what a login must not get at although the file server does not stop it: a folder
# beside the homes that every user may read and write, and ways that lead out of bob's home, one of
# them out of the share.
share_bait() {
	folder_acl "$LAB_SHARE" common "Domain Users"
	echo "not to be seen by way of a home" >outside/secret.txt
	admin smbclient "//$LAB_FS/$LAB_SHARE" -c 'put outside/secret.txt common\secret.txt'
	chmod 0755 share encrypted
	chmod -R a+rX outside
	ln -s ../alice share/bob/to-alice
	ln -s "$PWD/outside" share/bob/to-outside
	ln -s "$PWD/outside/secret.txt" share/bob/secret-link.txt
}

# folder_acl SHARE FOLDER WHO makes a folder that only WHO and Domain Admins may enter. 3 is object and container
# inherit: what is made inside gets the same list.
folder_acl() {
	local acl="ACL:$LAB_NETBIOS\\$3:ALLOWED/3/FULL,ACL:$LAB_NETBIOS\\Domain Admins:ALLOWED/3/FULL"
	admin smbclient "//$LAB_FS/$1" -c "mkdir $2"
	admin smbcacls "//$LAB_FS/$1" "$2" -S "$acl"
}
# home_acl SHARE FOLDER OWNER makes a folder that belongs to a user.
home_acl() {
	folder_acl "$@"
	admin smbcacls "//$LAB_FS/$1" "$2" -C "$LAB_NETBIOS\\$3"
}
admin() { "$@" -A passwords/.administrator.auth; }

# describe tells people and scripts what stands here.
describe() {
	cat >env <<-END
		FTPISOCTL_LAB_DIR=$FTPISOCTL_LAB_DIR
		KRB5_CONFIG=$KRB5_CONFIG
		LAB_DOMAIN=$LAB_DOMAIN
		LAB_BASE_DN=$LAB_BASE_DN
		LAB_DC=$LAB_DC
		LAB_DC_IP=$LAB_DC_IP
		LAB_FS=$LAB_FS
		LAB_FS_IP=$LAB_FS_IP
		LAB_FTP_IP=$LAB_FTP_IP
		LAB_SHARE=$LAB_SHARE
	END
	printf '#!/bin/bash\nexec bash %q "$@"\n' "$here/control.sh" >control
	chmod +x control
}

cd "$FTPISOCTL_LAB_DIR"
build
