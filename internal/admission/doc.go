// Package admission decides who may connect, how often at a time, and for how long
// somebody who guesses passwords may not: ipSecurity, maxConnections and
// denyByFailure of IIS's vocabulary, with limits per address and per user of our
// own. It knows neither FTP nor sockets.
//
// What it remembers is bounded: an entry for each connection that is open, and a
// fixed number of addresses whose logins failed lately.
//
//	gate.go       Gate and Visit: connections, counted
//	network.go    ipSecurity; the address that a limit is about
//	failures.go   denyByFailure
package admission
