//go:build !linux

package cli

// withoutCores does nothing: Windows writes no memory of a program that has not
// been registered for it.
func withoutCores() {}
