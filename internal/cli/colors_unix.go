//go:build !windows

package cli

// takesColors: every terminal of Unix does, but for the dumb one, which TERM names.
func takesColors(any) bool { return true }
