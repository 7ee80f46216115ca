// Package plan changes the homes of many users: it works out what would change,
// and that is a document; makes exactly those changes, each a compare-and-swap;
// and takes them back. It knows no command line and no terminal.
//
//	document.go  Plan: the document, written and read again
//	draft.go     Draft: a plan in the making, and what it could not take
//	rows.go      rows of a file → plan
//	check.go     what can be refused without asking the directory
//	scope.go     users of a scope, each by a rule → plan
//	template.go  the rule that is a template over a user's attributes
//	reroot.go    the rule that moves what lies below one root to another
//	apply.go     plan → directory, window by window, with a journal
//	settle.go    what a run that was killed has left open
//	undo.go      journal → plan
//	grant.go     entries of permissions, added and taken away, with a journal
//
// Rooms below: intake reads and writes the files, journal keeps what was done.
package plan
