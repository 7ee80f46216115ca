// Package krbtest is a Kerberos key distribution centre and a server's side of a
// security context, for tests. Both are written from RFC 4120, 4121 and 4752 alone,
// without the code under test.
package krbtest
