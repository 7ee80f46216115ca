// Package listing makes the text of LIST and NLST (RFC 959 section 4.1.3) as
// Microsoft FTP does, and reads the arguments of the two commands.
//
//	style.go    one long line: MS-DOS and UNIX style
//	list.go     the answer to LIST      names.go    the answer to NLST
//	options.go  letters before a path   match.go    wildcards
//	sorted.go   order                   columns.go  NLST -C
//	clean.go    names on one line
//
// Names come from a file server and may hold anything; one entry is one line
// whatever its name (G4).
package listing
