package smbtest

import (
	"encoding/binary"
	"io"
	"net"
	"testing"
)

// StartOld runs a server of SMB 1 alone on 127.0.0.1 until the test ends: it takes the
// dialect NT LM 0.12 and hangs up on all else. It fails the test when somebody tries to
// log in, and returns the port [MS-CIFS 2.2.4.52].
func StartOld(t testing.TB) (port string) {
	t.Helper()
	return start(t, func(conn net.Conn) {
		const header, negotiate, words = 32, 0x72, 17
		request, err := (&visit{conn: conn}).next()
		if err != nil || len(request) < header || string(request[:4]) != "\xffSMB" {
			return
		}
		if request[4] != negotiate {
			t.Errorf("request %#x", request[4])
		}
		answer := append(request[:header:header], make([]byte, 1+2*words+2)...)
		answer[header] = words
		if _, err := conn.Write(append(binary.BigEndian.AppendUint32(nil, uint32(len(answer))), answer...)); err != nil {
			return
		}
		if more, _ := io.ReadAll(conn); len(more) > 0 {
			t.Errorf("more was sent: %x", more)
		}
	})
}
