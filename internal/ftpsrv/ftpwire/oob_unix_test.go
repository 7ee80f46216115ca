//go:build unix

package ftpwire_test

import (
	"syscall"
	"testing"
)

// Clients send the Synch's IAC or DM as urgent data (RFC 854, RFC 959 4.1.3 note
// on ABOR), and some the octets of Interrupt Process in the wrong order.
func TestReadCommand_urgentData(t *testing.T) {
	for _, urgent := range [][]string{{"\xff\xf4\xff"}, {"\xff\xf4\xff\xf2"}, {"\xf4", "\xff"}} {
		server, client := pair(t)
		raw, err := client.SyscallConn()
		if err != nil {
			t.Fatal(err)
		}
		sent := ""
		for _, octets := range urgent {
			var failed error
			if err := raw.Write(func(fd uintptr) bool {
				failed = syscall.Sendto(int(fd), []byte(octets), syscall.MSG_OOB, nil)
				return true
			}); err != nil || failed != nil {
				t.Fatalf("send urgent data: %v, %v", err, failed)
			}
			sent += octets
		}
		rest := "ABOR\r\n"
		if sent == "\xff\xf4\xff" {
			rest = "\xf2" + rest
		}
		if _, err := client.Write([]byte(rest)); err != nil {
			t.Fatal(err)
		}
		if cmd, err := server.ReadCommand(); err != nil || cmd.Verb != "ABOR" {
			t.Errorf("urgent % x: got %q, %v, want ABOR", urgent, cmd.Verb, err)
		}
	}
}
