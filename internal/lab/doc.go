// Package lab tells tests what stands in the lab: a Windows domain of its own on one Linux machine.
//
//	internal/lab/lab.sh go test -tags lab ./internal/ldapattr/...
//
// lab.sh makes namespaces for network, mounts and processes, builds the domain in them in some twelve
// seconds, runs the command, and everything is gone when the command ends. Several labs can stand
// side by side. It needs root and Samba (make test-deps installs it).
//
// In the lab stand:
//
//	dc1.corp.example.com   10.53.57.21  domain controller (Samba): LDAP with signing required, LDAPS and
//	                                    StartTLS with a certificate of the lab's CA, Kerberos, DNS with SRV records
//	fs01.corp.example.com  10.53.57.31  member file server; share ftp$ with true NT ACLs, share ftpenc$ that
//	                                    demands encryption, share ftpsmall$ on a disk of 4 MiB, share ftpempty$
//	                                    with nothing in it, into which everybody may write,
//	                                    DFS namespace ftpdfs whose folder homes leads to ftp$
//	ftp.corp.example.com   10.53.57.41  an address for an FTP server; nothing listens there
//	(no name)              10.53.57.51  an address for clients
//	rogue.example.net      10.53.57.66  an address no configuration should lead to; nothing listens there
//
// People, in OU=Staff, each with both attributes and a home in ftp$ that only they and Domain Admins may
// enter, unless the table says otherwise:
//
//	alice       a normal user
//	bob         a normal user; his home holds links to alice's home and out of the share, and beside it in ftp$
//	            lies the folder common, which every user may read and write
//	carol       disabled
//	dave        has no attributes and no home
//	erin        account expired
//	frank       must change the password at the next logon
//	grace       a normal user whose attributes tests may change
//	olga        her attributes name a share on rogue.example.net
//
// In OU=Services: svc-ftpiso, which can read, and ftpadmin, which may write the two attributes of OU=Staff
// and nothing else. Passwords lie in the lab's folder, one file each; that of Administrator and ftpadmin is
// random. The environment of the command has FTPISOCTL_LAB_DIR, KRB5_CONFIG, an empty KRB5CCNAME of the
// lab's own and a TMPDIR that ends with the lab.
//
// FTPISOCTL_LAB_LOGS=1 makes lab.sh print the daemons' logs when the command fails.
package lab
