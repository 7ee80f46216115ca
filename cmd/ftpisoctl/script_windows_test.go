//go:build !embedded

package main

import (
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// What a user meets on Windows alone: cmd.exe takes command lines apart and hands
// on what it makes of them, and the old script has two stand-ins in contrib.
func TestScripts_windows(t *testing.T) {
	testscript.Run(t, scripts("windows", "testdata/corp.ldif", "../../contrib/iisftp.cmd", "../../contrib/iisftp.vbs"))
}
