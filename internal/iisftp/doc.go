// Package iisftp reads the command line of IisFtp.vbs, the script of IIS 6.0, so
// that old batch files go on working: one operation, then its arguments in fixed
// order, then /switches, all in any letter case. It only reads; nothing here
// touches a directory or a server.
//
//	call.go     Call: what a command line asks for
//	parse.go    Parse: words → Call, or what is wrong with them
//	table.go    the operations with their arguments, the switches with theirs
//	finish.go   what only the whole line can tell
//	help.go     Help: what /? prints
package iisftp
