// Package intake reads and writes lists of homes: CSV, TSV, JSON, JSON lines and
// LDIF, in UTF-8 or UTF-16. It knows what a row says, not whether it is so: no
// directory is asked here.
//
// A file is hostile until it is read. Its size, its rows, the length of a line or
// a record, the fields of a row and the depth of a value are bounded before
// anything is kept; a row that makes no sense is returned with its line and its
// problem, so that all of them can be told at once.
//
//	format.go     Format: by name, by extension, by content
//	row.go        Row and Table; what the cells of a row amount to
//	text.go       octets → UTF-8 → lines
//	delimited.go  CSV and TSV
//	json.go       JSON
//	record.go     one object of JSON, and JSON lines
//	ldif.go       LDIF: lines → records
//	modify.go     one record of LDIF with changetype modify
//	write.go      Writer: the same formats the other way
package intake
