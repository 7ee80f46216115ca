//go:build !windows

package cli

// Console does nothing: terminals take UTF-8.
func Console() (restore func()) { return func() {} }
