package ftpwire_test

import (
	"bytes"
	"regexp"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv/ftpwire"
)

func TestReply(t *testing.T) {
	tests := []struct {
		name string
		in   ftpwire.Reply
		want string
	}{
		{"one line", ftpwire.NewReply(220, "Microsoft FTP Service"), "220 Microsoft FTP Service\r\n"},
		{"blank at the end stays", ftpwire.NewReply(550, "Access is denied. "), "550 Access is denied. \r\n"},
		{"two lines", ftpwire.NewReply(230, "Hello", "User logged in."), "230-Hello\r\n230 User logged in.\r\n"},
		{"list", ftpwire.NewReply(211, "Features:", " SIZE", "END"), "211-Features:\r\n SIZE\r\n211 END\r\n"},
		{"middle line like a last one", ftpwire.NewReply(211, "a", "211 b", "c"), "211-a\r\n 211 b\r\n211 c\r\n"},
		{"middle line with the code", ftpwire.NewReply(220, "a", "220-b", "c"), "220-a\r\n220-b\r\n220 c\r\n"},
		{"no text", ftpwire.NewReply(220), "220 \r\n"},
		{"no splitting", ftpwire.NewReply(257, "\"a\r\n230 x\x1b\" b"), "257 \"a??230 x?\" b\r\n"},
		{"IAC doubled", ftpwire.NewReply(257, "a\xffb"), "257 a\xff\xffb\r\n"},
		{"no format verbs", ftpwire.NewReply(550, "%n%s%x"), "550 %n%s%x\r\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := string(tt.in.AppendTo(nil)); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestReply_kinds(t *testing.T) {
	if !(ftpwire.Reply{}).Zero() || ftpwire.NewReply(200, "x").Zero() {
		t.Error("Zero is not true for the empty reply alone")
	}
	if !ftpwire.NewReply(150, "x").Preliminary() || ftpwire.NewReply(226, "x").Preliminary() {
		t.Error("Preliminary is not true for 1yz alone")
	}
}

func FuzzReply(f *testing.F) {
	f.Add("a", "211 b", "c\r\n")
	f.Fuzz(func(t *testing.T, first, middle, last string) {
		got := ftpwire.NewReply(211, first, middle, last).AppendTo(nil)
		lines := bytes.Split(got, []byte("\r\n"))
		if len(lines) != 4 || len(lines[3]) != 0 {
			t.Fatalf("%q has %d lines", got, len(lines)-1)
		}
		final := regexp.MustCompile(`^\d{3} `)
		if final.Match(lines[0]) || final.Match(lines[1]) || !final.Match(lines[2]) {
			t.Fatalf("%q ends early or late", got)
		}
		if bytes.ContainsAny(bytes.Join(lines, nil), "\r\n\x1b\x00") {
			t.Fatalf("%q holds a control character", got)
		}
	})
}
