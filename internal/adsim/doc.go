// Package adsim is a small LDAP server that behaves like an Active Directory
// domain controller where a client can tell the difference: names, limits,
// refusals and their texts. It keeps its tree in memory, seeded from LDIF;
// `ftpisoctl demo` runs on it, and so do the tests of every room that talks to
// a directory.
//
// A client meets, as on a real DC: no read but the rootDSE before a bind; an
// empty password that "succeeds" as anonymous; the sub-code of a refused bind in
// the diagnostic text; 1,000 entries and no more without paging; single-valued
// attributes that refuse a second value; result 8 for a password in the clear.
//
// What it leaves out: SASL and NTLM binds, ranged values, server-side
// sorting, the global catalog, schema changes, the unicity of UPNs, a count of bad
// passwords, members from other domains, and access control beyond "administrators
// write, everybody bound reads, and whom a descriptor lets write an attribute or the
// descriptor may do that, too". A name outside of the domain
// gets a referral; there is somebody behind it when Join has made a forest.
//
// # Seed
//
// LDIF content records (RFC 2849), parents before children. userPassword is the
// clear password; no answer ever holds it. What AD computes is computed here too
// unless the seed states it: objectGUID, objectSid (binary or S-1-…),
// sAMAccountName (from the first name component), userAccountControl 512,
// pwdLastSet (now), accountExpires (never). A user may write when memberOf (or
// member of the group) says Domain Admins, Enterprise Admins or Administrators.
//
// # Files
//
//	server.go conn.go link.go        listeners, one connection, its writing half
//	pending.go                       its requests in flight
//	pdu.go message.go controls.go    bytes to requests, with every bound
//	encode.go result.go diagnostic.go  results to bytes, AD's texts
//	operations.go op_*.go            the table of operations, and one file for each
//	write.go draft.go compose.go password.go  what becomes of an entry, or why not
//	exhume.go                        what was deleted, for administrators who ask
//	select.go rootdse.go cookie.go   what an answer carries, and where a page ends
//	dirsync.go stamps.go             what has changed since, and when it did
//	query.go filter*.go values.go    searches: decode, print, evaluate, compare
//	dn.go schema*.go class.go        names, attribute types, object classes
//	identifiers.go                   SIDs and GUIDs
//	directory.go store.go record.go  the domain, its tree, the entries
//	forest.go                        other domains of the same forest
//	computed.go                      what AD derives from an entry
//	ldif.go seed.go builtin.go       the seed and what every domain has
//	security.go                      security descriptors, and what they let whom write
//	account.go logonname.go token.go who binds, with which state and groups
//	faults.go stats.go selfsigned.go switches and counters for tests and demo
package adsim
