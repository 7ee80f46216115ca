package cli

import "golang.org/x/sys/unix"

// withoutCores keeps the system from writing the process's memory into a file when
// it dies: there are passwords of the domain in it for as long as logins go on, and
// afterwards until something else takes the place. Nobody but root can attach a
// debugger then, either. A system that refuses is no reason not to serve.
func withoutCores() {
	_ = unix.Setrlimit(unix.RLIMIT_CORE, &unix.Rlimit{})
	_ = unix.Prctl(unix.PR_SET_DUMPABLE, 0, 0, 0, 0)
}
