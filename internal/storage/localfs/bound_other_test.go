//go:build unix && !linux

package localfs_test

import "testing"

// bound needs an account other than root, which has no stand-in here.
func bound(_ *testing.T, _ string, run func()) { run() }
