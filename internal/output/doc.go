// Package output presents records to people and to programs: a table on a
// terminal, tab-separated lines on a pipe, JSON or CSV where asked for. It is the
// only importer of the table library.
//
// Text from a directory is hostile. Tables and tab-separated lines show a
// control character or a direction mark as U+FFFD; CSV keeps the text but
// disarms formulas; JSON gives the exact text, with such characters escaped.
// All forms but the table are written as records come, at flat memory.
//
//	printer.go    Printer: one list of records in one form
//	format.go     Format, the value of -o
//	table.go      people
//	tsv.go        cut, awk, while read
//	csv.go        spreadsheets
//	json.go       programs
//	printable.go  what a terminal may see
//	stream.go     standard output, whose reader may go: not an error
//	pipe_*.go     how each system says that
package output
