package explain

import (
	"bufio"
	"context"
	"errors"
	"net"
	"slices"
	"strings"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv"
	"github.com/ftpisoctl/ftpisoctl/internal/secret"
	"github.com/ftpisoctl/ftpisoctl/internal/storage/memfs"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// The reply and the row are the engine's, whichever way the login ends.
func TestRehearsal(t *testing.T) {
	refused := func(home bool) ftpsrv.LoginFunc {
		return func(context.Context, string, secret.Text) (ftpsrv.Grant, error) {
			return ftpsrv.Grant{}, &ftpsrv.Refusal{Win32: winerr.AccountDisabled, SubStatus: 41, Home: home}
		}
	}
	fine := func(_ context.Context, user string, password secret.Text) (ftpsrv.Grant, error) {
		if user != "alice" || password.Reveal() != "right" {
			return ftpsrv.Grant{}, errors.New("somebody else")
		}
		return ftpsrv.Grant{Root: memfs.New(), Name: `CORP\alice`}, nil
	}
	columns := []string{"cs-username", "s-ip", "s-port", "cs-method", "cs-uri-stem", "sc-status", "sc-win32-status", "sc-substatus"}
	for _, test := range []struct {
		name   string
		engine ftpsrv.Config
		reply  []string
		row    string
	}{
		{"fine", ftpsrv.Config{Login: fine, Messages: ftpsrv.Messages{Greeting: "Hello\nthere"}},
			[]string{"230-Hello", "there", "230 User logged in."}, `CORP\alice 192.0.2.1 2121 PASS *** 230 0 0`},
		{"refused", ftpsrv.Config{Login: refused(false)}, []string{"530 User cannot log in."}, `- 192.0.2.1 2121 PASS *** 530 1331 41`},
		{"home", ftpsrv.Config{Login: refused(true), DetailedErrors: true},
			[]string{"530 User cannot log in, home directory inaccessible."}, `- 192.0.2.1 2121 PASS *** 530 1331 41`},
		{"other host", ftpsrv.Config{Login: fine, HostNames: []string{"ftp.example.com"}}, []string{"530 Valid hostname is expected."}, `- 192.0.2.1 2121 USER alice 530 5 37`},
		{"filtered", ftpsrv.Config{Login: fine, Commands: ftpsrv.CommandFilter{DenyUnlisted: true}}, []string{"500 Command not allowed."}, `- 192.0.2.1 2121 USER alice 500 5 51`},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := rehearsal{engine: test.engine, fields: columns, user: "alice", password: secret.New("right"),
				server: &net.TCPAddr{IP: net.IPv4(192, 0, 2, 1), Port: 2121}}
			got, err := r.play(t.Context())
			if err != nil || got.row != test.row || !slices.Equal(got.reply, test.reply) {
				t.Errorf("got %q, %s, %v\nwant %q, %s", got.reply, got.row, err, test.reply, test.row)
			}
		})
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := (rehearsal{engine: ftpsrv.Config{Login: fine}, user: "alice"}).play(ctx); err == nil {
		t.Error("an interrupted rehearsal has an outcome")
	}
	if _, err := (rehearsal{engine: ftpsrv.Config{Login: fine}, fields: []string{"x"}, user: "alice"}).play(t.Context()); err == nil {
		t.Error("an unknown column is written")
	}
}

func TestReadReply(t *testing.T) {
	for text, want := range map[string]int{"230 a\r\n": 1, "230-a\r\n230x\r\n 230 b\r\n230 c\r\nd": 4, "230-a\r\n": 0, "": 0, strings.Repeat("230-x\r\n", 500): 0} {
		lines, err := readReply(bufio.NewReader(strings.NewReader(text)))
		if len(lines) != want || (err != nil) != (want == 0) {
			t.Errorf("%.20q: got %q, %v", text, lines, err)
		}
	}
}
