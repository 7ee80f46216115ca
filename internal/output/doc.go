// Package output presents records to people and to programs: a table on a
// terminal, tab-separated lines on a pipe, and other forms where asked for. It is
// the only importer of the table library.
//
// Text from a directory is hostile. Tables, tab-separated lines, names and
// templates show a control character or a direction mark as U+FFFD; CSV keeps the
// text but disarms formulas; JSON, YAML and LDIF give the exact text, with such
// characters escaped or in base64. All forms but the table are written as records
// come, at flat memory, unless they are to be sorted.
//
//	printer.go    Printer: one list of records in one form
//	columns.go    which columns are shown
//	sort.go       in which order records are
//	format.go     Format, the value of -o
//	table.go      people
//	color.go      what a terminal stands out
//	tsv.go        cut, awk, while read; names alone
//	csv.go        spreadsheets
//	json.go       programs: one object, or one a line
//	yaml.go       programs and people
//	ldif.go       ldapmodify and its kin
//	template.go   who wants it otherwise
//	printable.go  what a terminal may see
//	stream.go     standard output, whose reader may go: not an error
//	pipe_*.go     how each system says that
package output
