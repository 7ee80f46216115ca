// Package explain says why a login succeeds or fails. It plays the login to the FTP
// engine, over a connection within the process, with the resolver behind it that the
// service has: so the reply and the log row are what a client and an administrator
// would see, and not what somebody remembers of the rules. Around that it gathers, for
// each step, what was found and how long it took.
//
// Without a password the two steps that need it are replaced: the account's state in
// the directory stands for the bind, and the walk of another account to the home for
// that of the login. What cannot be known so is Unknown, and refuses nobody.
//
//   - report.go: what comes out
//   - run.go: the order of things
//   - rehearsal.go: the engine and its one client
//   - identity.go, place.go: what the steps found, in words
package explain
