// Package ftptls protects the control and data connections of FTP with TLS (RFC
// 4217), so that a data connection provably belongs to its control connection.
//
// A Layer stands for the server, a Session for one control connection. Tickets
// carry the id of the session that gave them; a data connection that resumes with
// a ticket of another session is refused, also where resuming is not required.
// Data connections give no tickets: a client that only sends never reads one, and
// unread octets at the close would turn it into a reset that costs the upload's
// end.
//
//	certificates.go  the server's certificate, read again on demand
//	selfmade.go      one for trying things out
//	policy.go        what an administrator demands of a connection
//	layer.go         Layer: New and the common part of all configurations
//	session.go       Session: control connections, their end in clear text (CCC)
//	data.go          Data: data connections, resumption, truncation
//	raw.go           what is watched below TLS
package ftptls
