// Package journal keeps what a run was about to change and what became of it, so
// that it can be undone, and so that a run which was killed can be told to the
// end.
//
// A journal is a folder with one file for each run: JSON, one object a line. The
// first says what the run is; then come the intents of a window of changes, which
// are on disk before the first of them is sent, and then their outcomes. An intent
// without an outcome is open: whether the change was made, only the directory
// knows. While a run lives its file is locked, so nobody else closes its intents.
//
//	record.go     what the lines hold
//	store.go      Store: the folder
//	run.go        Run: a file that is written
//	history.go    History and Summary: a file that is read
//	lock_*.go     how each system locks a file, and makes a new one last
package journal
