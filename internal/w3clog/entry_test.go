package w3clog_test

import (
	"bytes"
	"net/netip"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/ftpisoctl/ftpisoctl/internal/w3clog"
)

var (
	client  = netip.MustParseAddrPort("192.0.2.7:50123")
	server  = netip.MustParseAddrPort("192.0.2.1:21")
	when    = time.Date(2026, time.March, 9, 23, 5, 7, 999, time.FixedZone("CET", 60*60))
	session = "6f1c2d9e-4b1a-4a3e-9a57-0c6a2b7d1e10"
)

// row returns the text of one entry without line end.
func row(t *testing.T, e w3clog.Entry, fields ...string) string {
	t.Helper()
	var out bytes.Buffer
	w, err := w3clog.NewWriter(&out, fields...)
	if err != nil {
		t.Fatal(err)
	}
	out.Reset()
	if err := w.Write(e); err != nil {
		t.Fatal(err)
	}
	text, ok := strings.CutSuffix(out.String(), "\r\n")
	if !ok {
		t.Fatalf("row %q does not end with CRLF", out.String())
	}
	return text
}

// The rows of a session, as the reference shows them column by column.
func TestWriter_rows(t *testing.T) {
	base := w3clog.Entry{Time: when, Client: client, Server: server, Session: session}
	with := func(change func(e *w3clog.Entry)) w3clog.Entry {
		e := base
		change(&e)
		return e
	}
	data := netip.AddrPortFrom(server.Addr(), 50001)
	tests := []struct {
		name  string
		entry w3clog.Entry
		want  string
	}{
		{"control connection", with(func(e *w3clog.Entry) { e.Method = "ControlChannelOpened" }),
			"2026-03-09 22:05:07 192.0.2.7 - 192.0.2.1 21 ControlChannelOpened - - 0 0 SESSION -"},
		{"before login", with(func(e *w3clog.Entry) { e.Method, e.Stem, e.Status = "USER", "alice", 331 }),
			"2026-03-09 22:05:07 192.0.2.7 - 192.0.2.1 21 USER alice 331 0 0 SESSION -"},
		{"wrong password", with(func(e *w3clog.Entry) {
			e.Method, e.Stem, e.Status, e.Win32, e.SubStatus = "PASS", "***", 530, 1326, 41
		}), "2026-03-09 22:05:07 192.0.2.7 - 192.0.2.1 21 PASS *** 530 1326 41 SESSION -"},
		{"right password", with(func(e *w3clog.Entry) {
			e.Method, e.Stem, e.Status, e.User, e.FullPath = "PASS", "***", 230, `CORP\alice`, "/"
		}), `2026-03-09 22:05:07 192.0.2.7 CORP\alice 192.0.2.1 21 PASS *** 230 0 0 SESSION /`},
		{"letter case and blank", with(func(e *w3clog.Entry) { e.Method, e.Stem, e.Status = "opts", "utf8 on", 200 }),
			"2026-03-09 22:05:07 192.0.2.7 - 192.0.2.1 21 opts utf8+on 200 0 0 SESSION -"},
		{"data connection", with(func(e *w3clog.Entry) {
			e.Method, e.Server, e.Win32, e.SubStatus = "DataChannelClosed", data, 1236, 38
		}), "2026-03-09 22:05:07 192.0.2.7 - 192.0.2.1 50001 DataChannelClosed - - 1236 38 SESSION -"},
		{"failed transfer", with(func(e *w3clog.Entry) {
			e.Method, e.Stem, e.Status, e.Win32, e.FullPath = "STOR", "file.txt", 425, 1236, "/in box/file.txt"
		}), "2026-03-09 22:05:07 192.0.2.7 - 192.0.2.1 21 STOR file.txt 425 1236 0 SESSION /in+box/file.txt"},
		{"mapped address", with(func(e *w3clog.Entry) {
			e.Method, e.Status = "NOOP", 200
			e.Client = netip.AddrPortFrom(netip.MustParseAddr("::ffff:192.0.2.7"), 1)
		}), "2026-03-09 22:05:07 192.0.2.7 - 192.0.2.1 21 NOOP - 200 0 0 SESSION -"},
		{"IPv6", with(func(e *w3clog.Entry) {
			e.Method, e.Status = "NOOP", 200
			e.Client = netip.MustParseAddrPort("[2001:db8::7]:50123")
			e.Server = netip.MustParseAddrPort("[fe80::1%a b]:21")
		}), "2026-03-09 22:05:07 2001:db8::7 - fe80::1%a+b 21 NOOP - 200 0 0 SESSION -"},
		{"nothing known", w3clog.Entry{Time: when},
			"2026-03-09 22:05:07 - - - - - - - 0 0 - -"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			want := strings.Replace(tt.want, "SESSION", session, 1)
			if got := row(t, tt.entry); got != want {
				t.Errorf("got\n%s, want\n%s", got, want)
			}
		})
	}
}

func TestWriter_optionalFields(t *testing.T) {
	e := w3clog.Entry{
		Time: when, Client: client, Server: server, Method: "RETR", Status: 226,
		BytesSent: 1 << 40, BytesReceived: 20, TimeTaken: 1500*time.Millisecond + 999*time.Microsecond,
		Host: "ftp.example.com", Site: "My Site", Computer: "FTP01",
	}
	got := row(t, e, "c-port", "sc-bytes", "cs-bytes", "time-taken", "cs-host", "s-sitename", "s-computername")
	if want := "50123 1099511627776 20 1500 ftp.example.com My+Site FTP01"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestWriter_withoutTimeIsNow(t *testing.T) {
	before := time.Now().UTC().Truncate(time.Second)
	got, err := time.Parse("2006-01-02 15:04:05", row(t, w3clog.Entry{}, "date", "time"))
	if err != nil || got.Before(before) || got.After(time.Now()) {
		t.Errorf("got %v, %v", got, err)
	}
}

// O1 and the masking of secrets, also those that a server might overlook.
func TestWriter_secretsAreMasked(t *testing.T) {
	for _, tt := range []struct{ method, want string }{
		{"PASS", "PASS ***"},
		{"pass", "pass ***"},
		{"Acct", "Acct ***"},
		{"ADAT", "ADAT ***"},
		{"PASSs3cret", "PASS*** ***"},
		{"Passwords3cret", "Pass*** ***"},
		{"\xff\xf4PASS", "%FF%F4PASS ***"},
		{"  PASS", "++PASS ***"},
		{"PASV", "PASV s3cret"},
		{"PAS", "PAS s3cret"},
		{"PWD", "PWD s3cret"},
		{"42", "42 s3cret"},
	} {
		t.Run(tt.method, func(t *testing.T) {
			if got := row(t, w3clog.Entry{Method: tt.method, Stem: "s3cret"}, "cs-method", "cs-uri-stem"); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
	if got := row(t, w3clog.Entry{Method: "PASS"}, "cs-uri-stem"); got != "***" {
		t.Errorf("PASS without argument: %q, want ***", got)
	}
	for _, tt := range []struct{ method, stem, want string }{
		{"", "PASS s3cret", "- ***"},
		{"", " \tpasss3cret", "- ***"},
		{"\t", "ACCT s3cret", "%09 ***"},
		{"\x01\xff", "\xf4Adat s3cret", "%01%FF ***"},
		{"", "STOR pass", "- STOR+pass"},
		{"42", "43", "42 43"},
	} {
		if got := row(t, w3clog.Entry{Method: tt.method, Stem: tt.stem}, "cs-method", "cs-uri-stem"); got != tt.want {
			t.Errorf("%q %q: got %q, want %q", tt.method, tt.stem, got, tt.want)
		}
	}
}

func TestWriter_escapes(t *testing.T) {
	for _, tt := range []struct{ name, have, want string }{
		{"blank", "a b", "a+b"},
		{"plus stays", "a+b", "a+b"},
		{"per cent stays", "100%", "100%"},
		{"CR LF", "a\r\n2026-01-01 forged", "a%0D%0A2026-01-01+forged"},
		{"tab, NUL, ESC, DEL", "\t\x00\x1b\x7f", "%09%00%1B%7F"},
		{"quote", `a"b`, "a%22b"},
		{"UTF-8", "Grüße", "Grüße"},
		{"not UTF-8", "Gr\xfc\xdfe", "Gr%FC%DFe"},
		{"replacement character itself", "\ufffd", "\ufffd"},
		{"other spaces", "a\u00a0b\u2003c\u2028d\u0085e", "a%C2%A0b%E2%80%83c%E2%80%A8d%C2%85e"},
		{"direction override", "a\u202eb", "a%E2%80%AEb"},
		{"empty", "", "-"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := row(t, w3clog.Entry{Stem: tt.have}, "cs-uri-stem"); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
	if got := row(t, w3clog.Entry{User: "#Fields: x"}, "cs-username", "date"); strings.HasPrefix(got, "#") {
		t.Errorf("row %q is a directive", got)
	}
}

// FuzzEntry: whatever a client says, a row is one line with exactly the declared
// fields, and no secret is in it.
func FuzzEntry(f *testing.F) {
	f.Add("PASS", "s3cret", `CORP\alice`, "/a b", "h")
	f.Add("STOR", "a\r\nb", "", "\xff\u2028", "\"")
	f.Add("# x", "#Fields: a b", "-", "", "\x00")
	f.Add("", "PASS s3cret", "", "", "")
	f.Add("#0Ǥ", "0", "0", "", "0") // what follows the sign stays as it is
	f.Add("\t", " \xffpassword", "", "", "")
	f.Add("\tACCTx", "y", "", "", "")
	line := regexp.MustCompile(`\A[^A-Za-z]*([Pp][Aa][Ss][Ss]|[Aa][Cc][Cc][Tt]|[Aa][Dd][Aa][Tt])`)
	fields := []string{"cs-method", "cs-uri-stem", "date", "cs-username", "x-fullpath", "cs-host", "sc-status"}
	f.Fuzz(func(t *testing.T, method, stem, user, path, host string) {
		e := w3clog.Entry{Time: when, Method: method, Stem: stem, User: user, FullPath: path, Host: host}
		got := row(t, e, fields...)
		if n := len(strings.Split(got, " ")); n != len(fields) || len(strings.Fields(got)) != n {
			t.Errorf("%q has %d fields, want %d", got, n, len(fields))
		}
		if got[0] == '#' || !utf8.ValidString(got) || strings.ContainsFunc(got, func(r rune) bool { return !unicode.IsPrint(r) }) {
			t.Errorf("row %q", got)
		}
		if line.MatchString(method+" "+stem) && strings.Split(got, " ")[1] != "***" {
			t.Errorf("the password shows in %q", got)
		}
	})
}
