//go:build lab

package ftpsrv_test

import "testing"

// TestDialog_lab plays what needs a privileged port on the client's side (row 1.9).
func TestDialog_lab(t *testing.T) { playAll(t, "testdata/dialog/lab/*.txtar") }
