package adsim

import "strings"

// builtinLDIF is what every domain has before its first user: the heads of the
// naming contexts, the well-known containers and groups with their RIDs
// (MS-DTYP 2.4.2.4), the domain controller's own account, and the partitions from
// which clients read the NetBIOS name.
func builtinLDIF(d domain) string {
	return strings.NewReplacer(
		"{base}", d.base.text(), "{config}", d.config.text(), "{schema}", d.partition.text(),
		"{dns}", d.dns, "{root}", dnsOf(d.root), "{netbios}", d.netbios, "{host}", d.host, "{dc}", strings.ToUpper(firstLabel(d.host)),
	).Replace(builtinTemplate)
}

// Intervals are in 100 ns, negative: 42 days and 30 minutes, the defaults of a
// new domain (Microsoft, Default Domain Policy).
const builtinTemplate = `dn: {base}
objectClass: domainDNS
maxPwdAge: -36288000000000
minPwdAge: -864000000000
minPwdLength: 7
pwdHistoryLength: 24
pwdProperties: 1
lockoutDuration: -18000000000
lockOutObservationWindow: -18000000000
lockoutThreshold: 0
ms-DS-MachineAccountQuota: 10
msDS-Behavior-Version: 7

dn: CN=Users,{base}
objectClass: container
description: Default container for upgraded user accounts

dn: CN=Computers,{base}
objectClass: container

dn: OU=Domain Controllers,{base}
objectClass: organizationalUnit

dn: CN=Builtin,{base}
objectClass: builtinDomain

dn: CN=Administrators,CN=Builtin,{base}
objectClass: group
sAMAccountName: Administrators
objectSid: S-1-5-32-544
groupType: -2147483643
member: CN=Domain Admins,CN=Users,{base}
member: CN=Enterprise Admins,CN=Users,{base}

dn: CN=Users,CN=Builtin,{base}
objectClass: group
sAMAccountName: Users
objectSid: S-1-5-32-545
groupType: -2147483643
member: CN=Domain Users,CN=Users,{base}

dn: CN=Domain Admins,CN=Users,{base}
objectClass: group
sAMAccountName: Domain Admins
groupType: -2147483646

dn: CN=Enterprise Admins,CN=Users,{base}
objectClass: group
sAMAccountName: Enterprise Admins
groupType: -2147483640

dn: CN=Domain Users,CN=Users,{base}
objectClass: group
sAMAccountName: Domain Users
groupType: -2147483646

dn: CN=Domain Computers,CN=Users,{base}
objectClass: group
sAMAccountName: Domain Computers
groupType: -2147483646

dn: CN=Domain Controllers,CN=Users,{base}
objectClass: group
sAMAccountName: Domain Controllers
groupType: -2147483646

dn: CN={dc},OU=Domain Controllers,{base}
objectClass: computer
sAMAccountName: {dc}$
userAccountControl: 532480
primaryGroupID: 516
dNSHostName: {host}

dn: {config}
objectClass: configuration

dn: {schema}
objectClass: dMD

dn: CN=ms-IIS-FTP-Root,{schema}
objectClass: attributeSchema
lDAPDisplayName: msIIS-FTPRoot

dn: CN=ms-IIS-FTP-Dir,{schema}
objectClass: attributeSchema
lDAPDisplayName: msIIS-FTPDir

dn: CN=Partitions,{config}
objectClass: crossRefContainer
msDS-Behavior-Version: 7

dn: CN={netbios},CN=Partitions,{config}
objectClass: crossRef
nCName: {base}
dnsRoot: {dns}
nETBIOSName: {netbios}
systemFlags: 3

dn: CN=Enterprise Configuration,CN=Partitions,{config}
objectClass: crossRef
nCName: {config}
dnsRoot: {root}
systemFlags: 1

dn: CN=Enterprise Schema,CN=Partitions,{config}
objectClass: crossRef
nCName: {schema}
dnsRoot: {root}
systemFlags: 1
`

// wellKnownRIDs gives the builtin groups the RIDs that clients know them by.
func wellKnownRIDs() map[string]uint32 {
	return map[string]uint32{
		"domain admins": 512, "domain users": 513, "domain computers": 515,
		"domain controllers": 516, "enterprise admins": 519,
	}
}
