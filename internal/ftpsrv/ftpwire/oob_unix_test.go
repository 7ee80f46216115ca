//go:build unix

package ftpwire_test

import (
	"syscall"
	"testing"
)

// Clients send the Synch's IAC or DM as urgent data (RFC 854, RFC 959 4.1.3 note
// on ABOR).
func TestReadCommand_urgentData(t *testing.T) {
	for _, urgent := range []string{"\xff\xf4\xff", "\xff\xf4\xff\xf2"} {
		server, client := pair(t)
		raw, err := client.SyscallConn()
		if err != nil {
			t.Fatal(err)
		}
		var sent error
		if err := raw.Write(func(fd uintptr) bool {
			sent = syscall.Sendto(int(fd), []byte(urgent), syscall.MSG_OOB, nil)
			return true
		}); err != nil || sent != nil {
			t.Fatalf("send urgent data: %v, %v", err, sent)
		}
		rest := "\xff\xf4\xff\xf2ABOR\r\n"[len(urgent):]
		if _, err := client.Write([]byte(rest)); err != nil {
			t.Fatal(err)
		}
		if cmd, err := server.ReadCommand(); err != nil || cmd.Verb != "ABOR" {
			t.Errorf("urgent % x: got %q, %v, want ABOR", urgent, cmd.Verb, err)
		}
	}
}
