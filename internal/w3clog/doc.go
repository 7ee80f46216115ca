// Package w3clog writes the access log in the W3C extended format, with the
// columns and row rules of Microsoft FTP, so that parsers of IIS logs go on
// working. A row is an event, has exactly the declared columns whatever a client
// typed, and shows no password.
//
//	entry.go   a row, and what is masked in it    fields.go  the columns
//	escape.go  values without blanks and controls
//	writer.go  rows to one file or stream         files.go   one file after the other
//	period.go  when a file ends, and its name
package w3clog
