package config_test

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/config"
	"github.com/ftpisoctl/ftpisoctl/internal/config/words"
)

// problems parses a text and returns what is wrong with it.
func problems(t *testing.T, text string) []config.Problem {
	t.Helper()
	_, err := config.Parse("x.yaml", []byte(text))
	if err == nil {
		return nil
	}
	var refusal *config.Error
	if !errors.As(err, &refusal) {
		t.Fatalf("%#v", err)
	}
	return refusal.Problems
}

func TestParse_nearestKey(t *testing.T) {
	for key, want := range map[string]string{
		"serverr": "did you mean server?", "DOMAIN": "did you mean domain?", "bindusr": "did you mean bindUser?",
		"start_tls": "did you mean startTls?", "baseDN": "did you mean baseDn?", "bind-user": "did you mean bindUser?",
		"timout": "did you mean timeout?", "tls_pin": "did you mean tlsPin?", "keytap": "did you mean keytab?",
		"x": "known here: allowPlaintext, baseDn", "somethingElseEntirely": "known here: ",
	} {
		found := problems(t, "directory:\n  "+key+": 1\n")
		if len(found) != 1 || !strings.Contains(found[0].Text, want) || found[0].Line != 2 {
			t.Errorf("%s: got %v, want %q", key, found, want)
		}
	}
}

// A value is accepted in the letter case of any administrator, and stored in
// IIS's.
func TestParse_words(t *testing.T) {
	const frame = "sites:\n- security: {ssl: {controlChannelPolicy: %s, dataChannelPolicy: %s}}\n  directoryBrowse: {showFlags: [%s]}\n" +
		"  userIsolation: {mode: %s}\n  logFile: {period: %s, logExtFileFlags: '%s'}\n"
	file, err := config.Parse("x", fmt.Appendf(nil, frame,
		"sslrequirecredentialsonly", "SSLDENY", "styleunix, LONGDATE, UseGmtTime", "activedirectory", "DAILY", "date,TIME, clientip"))
	if err != nil {
		t.Fatal(err)
	}
	site := file.Sites[0]
	got := fmt.Sprintln(site.Security.SSL.ControlChannelPolicy, site.Security.SSL.DataChannelPolicy, site.DirectoryBrowse.ShowFlags, site.UserIsolation.Mode, site.LogFile.Period, site.LogFile.LogExtFileFlags)
	const want = "SslRequireCredentialsOnly SslDeny [StyleUnix LongDate UseGmtTime] ActiveDirectory Daily [Date Time ClientIP]\n"
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	for _, bad := range [][6]string{
		{"Ssl", "SslAllow", "StyleUnix", "ActiveDirectory", "Daily", "Date"},
		{"SslAllow", "1", "StyleUnix", "ActiveDirectory", "Daily", "Date"},
		{"SslAllow", "SslAllow", "4", "ActiveDirectory", "Daily", "Date"},
		{"SslAllow", "SslAllow", "StyleUnix", "IsolateAllDirectories", "Daily", "Date"},
		{"SslAllow", "SslAllow", "StyleUnix", "ActiveDirectory", "Yearly", "Date"},
		{"SslAllow", "SslAllow", "StyleUnix", "ActiveDirectory", "Daily", "Info"},
	} {
		text := fmt.Sprintf(frame, bad[0], bad[1], bad[2], bad[3], bad[4], bad[5])
		if found := problems(t, text); len(found) != 1 || !strings.Contains(found[0].Text, "is not offered; it can be ") {
			t.Errorf("%q: %v", bad, found)
		}
	}
}

func TestLogField_Column(t *testing.T) {
	columns := map[string]bool{}
	for _, field := range []words.LogField{
		"Date", "Time", "ClientIP", "UserName", "SiteName", "ComputerName", "ServerIP", "Method", "UriStem", "FtpStatus", "Win32Status",
		"BytesSent", "BytesRecv", "TimeTaken", "ServerPort", "Host", "FtpSubStatus", "Session", "FullPath", "ClientPort",
	} {
		column := field.Column()
		if column == "" || columns[column] {
			t.Errorf("%s is the column %q", field, column)
		}
		columns[column] = true
	}
	for _, none := range []words.LogField{"Info"} {
		if got := none.Column(); got != "" {
			t.Errorf("%s is the column %q", none, got)
		}
	}
}

func TestCheckServer(t *testing.T) {
	for _, good := range []string{
		"ldaps://dc1.corp.example.com", "ldap://dc1", "ldaps://dc1:636", "ldap://192.0.2.1:389", "ldaps://[2001:db8::1]:636", "ldaps://dc1/",
	} {
		if err := config.CheckServer(good); err != nil {
			t.Errorf("%s: %v", good, err)
		}
	}
	for _, bad := range []string{
		"", "dc1", "dc1:636", "https://dc1", "ldaps://", "ldaps://user:pw@dc1", "ldaps://dc1/DC=corp", "ldaps://dc1?x", "ldaps://dc1#x", "ldaps:dc1", "ldapi://%2fsock",
		"ldaps://dc1 ", "ldaps://dc1:port", "\x7f://dc1",
	} {
		if err := config.CheckServer(bad); err == nil {
			t.Errorf("%q is taken for a server", bad)
		}
	}
}

// Who writes a password into a URL must not find it in a log.
func TestCheckServer_doesNotRepeatAPassword(t *testing.T) {
	for _, bad := range []string{
		"ldaps://admin:hunter2@dc1.corp.example.com", "ldaps://admin:hunter2@x@dc1.corp.example.com", "admin:hunter2@dc1.corp.example.com",
		"ldaps://admin:hunter2@dc1.corp.example.com:port", "ldaps://admin%zz:hunter2@dc1.corp.example.com", "ldaps://admin:hunter2,x@dc1.corp.example.com",
	} {
		err := config.CheckServer(bad)
		if err == nil || strings.Contains(err.Error(), "hunter2") || !strings.Contains(err.Error(), "@dc1.corp.example.com") {
			t.Errorf("%v", err)
		}
		for _, server := range []string{"'" + bad + "'", "[ldaps://dc0, '" + bad + "']"} {
			found := problems(t, "directory:\n  server: "+server)
			if len(found) != 1 || strings.Contains(found[0].String(), "hunter2") || found[0].Line != 2 {
				t.Errorf("in a file, %s: %v", server, found)
			}
		}
	}
}

func TestCheckTLSPin(t *testing.T) {
	const pin = "00112233445566778899aabbccddeeff00112233445566778899AABBCCDDEEFF"
	for _, good := range []string{"", pin, pin + "," + pin, pin + ", " + pin, "00:11:22:33:44:55:66:77:88:99:aa:bb:cc:dd:ee:ff:" + pin[:32]} {
		if err := config.CheckTLSPin(good); err != nil {
			t.Errorf("%q: %v", good, err)
		}
	}
	for _, bad := range []string{"abc", pin[:62], pin + "00", "zz" + pin[2:], pin + ","} {
		if err := config.CheckTLSPin(bad); err == nil {
			t.Errorf("%q is taken for a fingerprint", bad)
		}
	}
}

func TestBinding_UnmarshalText(t *testing.T) {
	for _, good := range []string{"*:21", ":21", "0.0.0.0:2121", "[::]:21", "127.0.0.1:0", "localhost:2121"} {
		var b config.Binding
		if err := b.UnmarshalText([]byte(good)); err != nil || string(b) != good {
			t.Errorf("%s: %q, %v", good, b, err)
		}
	}
	for _, bad := range []string{"", "21", "*", "*:", "*:ftp", "*:65536", "*:-1", "::1:21", "ftp.example.com:21", "*:21:host"} {
		var b config.Binding
		if err := b.UnmarshalText([]byte(bad)); err == nil {
			t.Errorf("%q is taken for a binding", bad)
		}
	}
}

// Paths are taken from the file's folder, those of the site too; absolute ones
// and absent ones stay.
func TestLoad_anchorsEveryPath(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "ftpisoctl.yaml")
	write(t, path, "directory: {passwordFile: a, caFile: b/c, keytab: ../k}\n"+
		"sites:\n- userIsolation: {activeDirectory: {adUserName: x, adPasswordFile: d}}\n  logFile: {directory: logs}\n")
	file, err := config.Load(path)
	if err != nil {
		t.Fatal(err)
	}
	site := file.Sites[0]
	for got, want := range map[string]string{
		file.Directory.PasswordFile:                       filepath.Join(folder, "a"),
		file.Directory.CAFile:                             filepath.Join(folder, "b", "c"),
		file.Directory.Keytab:                             filepath.Join(filepath.Dir(folder), "k"),
		site.UserIsolation.ActiveDirectory.ADPasswordFile: filepath.Join(folder, "d"),
		site.LogFile.Directory:                            filepath.Join(folder, "logs"),
	} {
		if got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
	absolute := filepath.Join(folder, "elsewhere")
	write(t, path, "directory: {passwordFile: '"+absolute+"'}\n")
	file, err = config.Load(path)
	if err != nil || file.Directory.PasswordFile != absolute || file.Directory.CAFile != "" {
		t.Errorf("%+v, %v", file.Directory, err)
	}
}

// Every problem has a line, its key, and one line of text.
func TestParse_problemsAreLines(t *testing.T) {
	text := "directory:\n  timeout: [1]\n  domain: {a: b}\n  server:\n    - x\n    - [y]\nlocalRoots: {a: b}\nsites:\n  - 5\n  - name: [x]\nallowRoot: \"multi\n  line\"\n"
	found := problems(t, text)
	if len(found) != 7 {
		t.Errorf("%d problems, want 7: %v", len(found), found)
	}
	for _, p := range found {
		if p.Line == 0 || p.Key == "" || strings.ContainsAny(p.String(), "\n\r") {
			t.Errorf("%+v", p)
		}
	}
}

func FuzzParseDuration(f *testing.F) {
	for _, seed := range []string{"30s", "00:01:00", "90", "1h30m", "-1", "99:59:59", "1:2:3"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		d, err := config.ParseDuration(text)
		if err != nil {
			return
		}
		if d < 0 {
			t.Fatalf("%q is %s", text, d)
		}
		again, err := config.ParseDuration(d.String())
		if err != nil || again != d {
			t.Fatalf("%q is %s, which is %s, %v", text, d, again, err)
		}
		if h := d / time.Hour; d%time.Second == 0 && h < 100 {
			span := fmt.Sprintf("%02d:%02d:%02d", h, d%time.Hour/time.Minute, d%time.Minute/time.Second)
			if again, err := config.ParseDuration(span); err != nil || again != d {
				t.Fatalf("%q is %s, but %s is %s, %v", text, d, span, again, err)
			}
		}
	})
}
