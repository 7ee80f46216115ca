// Package krb gets Kerberos tickets (RFC 4120) and opens security contexts with
// them (RFC 4121), over gokrb5's messages and ciphers. It is that library's only
// importer, and uses neither its transport, which allocates what the peer's length
// says and knows no contexts, nor its files, which it reads without looking at
// their lengths.
//
// Where things are:
//
//	client.go     what a caller says                 error.go  why there is no ticket, as Win32
//	login.go      password or keytab → TGT           keys.go   keys from passwords and keytabs
//	service.go    TGT → service ticket               kdc.go    one request, one reply
//	race.go       which KDC takes a connection       conf.go   krb5.conf, includes
//	ccache.go     credential caches and keytabs      ccachefile.go  the caches' file format
//	gss.go        AP-REQ and AP-REP                  token.go  MIC and wrap tokens
//	seal.go       wrap tokens as a net.Conn          status.go a KDC's cause behind its error
package krb
