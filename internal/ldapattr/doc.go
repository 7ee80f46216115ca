// Package ldapattr reads and writes the two attributes that isolate FTP users,
// msIIS-FTPRoot and msIIS-FTPDir, in Active Directory, and verifies passwords
// there. It is the only importer of go-ldap.
//
// Where things are:
//
//	config.go      what a caller says             check.go       what Open refuses without a packet
//	directory.go   Open, Close, requests          domain.go      what the domain controller says of itself
//	account.go     account names as typed         lookup.go      name → exactly one user
//	user.go        User, GUID, AccountState       entry.go       LDAP entry → User
//	sid.go         SIDs in names and filters      users.go       iterator over all users
//	pager.go       one search in pages            verify.go      password check by bind
//	update.go      compare-and-swap modify        swap.go        the changes that it consists of
//	errors.go      Error and its kinds            ldaperror.go   result codes → Error
//	target.go      one domain controller          locate.go      which ones there are, DNS SRV
//	dial.go        failover, TCP, StartTLS        tls.go         certificates and pins
//	channel.go     one connection, ctx, deadlines boundedconn.go bounds of what is read and written
//	link.go        channel bound for requests     bindconn.go    channel for binds only
//	groups.go      the groups of a user; group → SID
//	pool.go        bounded sets of connections    exchange.go    one PDU out, one PDU in
//	bind.go        simple bind or Kerberos        sasl.go        GSSAPI bind with a foreign client
//	forest.go      the domains of a forest        partition.go   what the directory says of them
//	resolve.go     many names → users             batch.go       one search for many of them
//	changes.go     many changes at once           pipeline.go    those over one connection
//	window.go      sent without waiting           tap.go         the connection, beside go-ldap
//	modifypdu.go   a modify as octets             naming.go      by DN or by objectGUID
//	scope.go       Scope → base and filter        controllers.go all domain controllers
//	rights.go      what may be written            stamp.go       how recent values are
//	trace.go       requests, for whoever watches  traceread.go   answers out of what comes
//	suggest.go     names that begin so            skim.go        entries out of what arrives
//	entrypdu.go    octets → LDAP entry             sidnames.go    SIDs → names
//	permissions.go security descriptors          barred.go      what bars the right password
//	accounts.go    what tells whether an account can log on
//	facts.go       what a domain controller says  schema.go      what the schema says of both attributes
//	mirror.go      accounts, kept up to date      dirsync.go     what has changed
//	suffixes.go    what names end in that all of the forest knows
//	kerberos.go    Kerberos bind                  kerberos_windows.go  Kerberos bind through SSPI
package ldapattr
