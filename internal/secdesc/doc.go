// Package secdesc reads, prints and weighs Windows security descriptors: who owns
// a file or a directory object, and what the entries of its lists let whom do. It
// knows bytes and text alone; the bytes come from file servers and directories and
// are taken for hostile.
//
// The binary form is that of MS-DTYP 2.4, the text that of MS-DTYP 2.5.1 (SDDL).
// Both ways keep everything that SDDL can say, and entries that it cannot say are
// printed in forms of our own: a type without letters as its number, and what
// stands behind the SID of an entry (conditions, attributes) as hexadecimal octets.
// Nobody here evaluates conditions: Effective says so instead of guessing.
//
//	sid.go wellknown.go guid.go  identifiers
//	rights.go names.go           access masks, generic rights, words for them
//	ace.go acl.go descriptor.go  the binary form
//	sddl*.go                     the text
//	access.go                    Effective: who may do what, and why
//	inherit.go home.go           what something new gets
//	order.go                     adding and taking away entries in their order
package secdesc
