// Package coding turns the octets of a file into those of a data connection and
// back: the line ends of TYPE A (RFC 959 section 3.1.1.1), the records of STRU R
// (section 3.4.1) and the compression of MODE Z (draft-preston-ftpext-deflate-04).
// Everything streams, whatever the pieces
// are that octets come in, and memory is bounded.
//
//	lines.go    TYPE A: Lines for downloads, Text for uploads
//	records.go  STRU R
//	count.go    how many octets a file has in TYPE A
//	deflate.go  MODE Z, downloads and listings
//	inflate.go  MODE Z, uploads, and their limits
package coding
