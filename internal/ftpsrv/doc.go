// Package ftpsrv speaks FTP as Microsoft FTP 7.5 and later does (RFC 959, 2228's
// place kept free, 2428, 3659). It knows no directory, no share and no home: a
// function in its Config turns user and password into a storage.FS, and that is
// all there is for the session.
//
// One goroutine, the owner, changes the session and writes replies; a second one
// reads command lines. A third lives as long as a transfer. They hand values over
// and share no state, so a session needs no lock and replies never interleave.
//
//	config.go     Config: what a caller decides, with IIS's names and defaults
//	server.go     Server: New, Serve, Shutdown
//	conn.go       the owner loop: next event → step → replies and log rows
//	reader.go     the reading goroutine
//	queue.go      what waits for the end of a transfer
//	mailbox.go    what other goroutines tell the owner
//	commands.go   the table: verb → function, preconditions, FEAT and HELP text
//	dispatch.go   one command line → one step
//	filter.go     commandFiltering
//	session.go    what a login, the negotiation and the transfer parameters are
//	login.go      Config.Login, away from the owner, and what failures cost
//	paths.go      arguments → names of the storage
//	transfer.go   begin (125/150), move, finish: the only copy loop
//	task.go       what takes long without a data connection, away from the owner
//	sum.go        files read for a checksum or a size, a few at a time
//	checksum.go   algorithms, and parts of files
//	shape.go      TYPE A and MODE Z on a transfer
//	source.go     the two ways of moving a chunk: in the kernel, through a buffer;
//	              source_*.go how large one is
//	reply.go      reply texts; errors → reply, Win32 status and sub-status
//	wording.go    an outcome as the client reads it: details, character set
//	messages.go   administrators' texts and their variables, free space
//	codepage.go   Windows-1252, for OPTS UTF8 OFF
//	accesslog.go  outcomes and data connection events → log rows
//	cmd_*.go      one verb each, with its aliases
//
// What Microsoft documents, what was observed and what is our own choice is in
// docs/ftp-behaviour.md, with the dialog under testdata/dialog that holds it.
package ftpsrv
