// Package w3clog writes the access log in the W3C extended format, with the
// columns and row rules of Microsoft FTP, so that parsers of IIS logs go on
// working. A row is an event, has exactly the declared columns whatever a client
// typed, and shows no password.
//
//	entry.go   a row, and what is masked in it    fields.go  the columns
//	escape.go  values without blanks and controls
//	writer.go  rows to one file or stream         daily.go   a file a day
package w3clog
