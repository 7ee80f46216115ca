// Package ldapattr reads and writes the two attributes that isolate FTP users,
// msIIS-FTPRoot and msIIS-FTPDir, in Active Directory, and verifies passwords
// there. It is the only importer of go-ldap.
//
// Where things are:
//
//	config.go     what a caller says            directory.go  Open, Close, Domain
//	account.go    account names as typed        lookup.go     name → exactly one user
//	user.go       User, GUID, AccountState      users.go      paged iterator
//	update.go     compare-and-swap modify       verify.go     password check by bind
//	errors.go     Error and its kinds           ldaperror.go  result codes → Error
//	target.go     which domain controllers      locate.go     DNS SRV
//	dial.go       TCP, TLS, StartTLS            channel.go    one connection, ctx and deadlines
//	link.go       channel bound for requests    bindconn.go   channel for binds only
//	exchange.go   one PDU out, one PDU in       pool.go       bounded sets of connections
//	gssapi.go     RFC 4752 bind                 seal.go       RFC 4121 wrap tokens as a net.Conn
//	kerberos.go   tickets                       kdc.go        talk to a KDC
//	krb5conf.go   krb5.conf, includes           ccache.go     credential caches and keytabs
package ldapattr
