// Package rules holds the rules of the audit, one file each, named after its id. A new
// rule is a new file and a line in table.go.
//
//	table.go     all rules, in order
//	values.go    attribute values taken apart, for V rules
//	accounts.go  which accounts a rule is about
//	places.go    what a survey found, for S and H rules
//	v*.go        what is wrong with the two attributes of one account
//	x*.go        what is wrong between accounts
//	a*.go        what is wrong with an account
//	s*.go        what is wrong with a file server or a share
//	h*.go        what is wrong with a home directory
//	c*.go        what is wrong with the directory or the configuration
//
// A rule says nothing about what it is not about (Answer.Skip), and "not checked" with
// a reason where it cannot tell. One cause is one finding: a rule leaves to another
// what that one says better.
package rules
