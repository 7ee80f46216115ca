// Package ftpwire is the control connection as bytes: it reads command lines and
// writes replies, and knows neither verbs nor sessions. It can be tested and
// fuzzed without a server.
//
//	conn.go     Conn: the socket, its deadlines and its orderly close
//	reader.go   one line: CRLF only, bounded, Telnet sequences taken out
//	command.go  Command: verb and argument, and what a log may show of them
//	reply.go    Reply: one or several lines, always one CRLF each
//	peer_*.go   whether the client is still there
//	taking*.go  whether what it has sent is still on its way to a command
//	oob_*.go    urgent data stays in its place in the stream
package ftpwire
